import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { expectSound } from './runs/expect.ts'
import { openPair, type Pair } from './runs/pair.ts'
import { payments } from './runs/payments.ts'
import { AMOUNTS, testSize } from './size.ts'

const amounts = AMOUNTS[testSize()]
const quiet = (): void => undefined

let pair: Pair
before(async () => {
  pair = await openPair()
})
after(async () => {
  await pair.close()
})

test('kill -9 during payments: each has one charge, one authorisation, its postings, and its events delivered', async (t) => {
  const tally = await payments(pair, amounts.payments, quiet)
  expectSound(t, tally, amounts.payments)
  assert.ok(tally.unknown > 0, 'no order was open when a server was killed')
})
