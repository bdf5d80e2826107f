import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { expectSound } from './runs/expect.ts'
import { overdraw } from './runs/overdraw.ts'
import { openPair, type Pair } from './runs/pair.ts'
import { stages } from './runs/stages.ts'
import { storm } from './runs/storm.ts'
import { twoServers } from './runs/two-servers.ts'
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

test('two servers on one database are right at the same time, whichever is killed or halted', async (t) => {
  expectSound(t, await twoServers(pair, amounts.twoServers, quiet), amounts.twoServers)
})

test('a server that dies at any stage of a batch leaves all of it or nothing', async (t) => {
  const tally = await stages(pair, amounts.stages, quiet)
  expectSound(t, tally, amounts.stages)
  assert.ok(tally.unknown > 0, 'no request was open when the server died')
})

test('one key or one id from 32 clients through two servers has one effect and one answer', async (t) => {
  const tally = await storm(pair, amounts.storms, quiet)
  expectSound(t, { ...tally, acknowledged: tally.requests }, amounts.storms)
  assert.equal(tally.acknowledged, tally.times)
})

test('of 64 who want money at once from an account, exactly those get it for whom there is enough', async (t) => {
  expectSound(t, await overdraw(pair, amounts.overdraws, quiet), amounts.overdraws)
})
