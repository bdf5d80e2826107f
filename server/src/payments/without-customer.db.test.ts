import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPayments, type PaymentsWorld } from '../../test/support/payments-world.ts'
import { countWithoutCustomer } from './without-customer.ts'

let world: PaymentsWorld
before(async () => {
  world = await openPayments()
})
after(() => world.close())

test('payments that name no customer are counted among the newest', async () => {
  const books = await world.tenant()
  const count = countWithoutCustomer(world.door)
  assert.deepEqual(await count(books.id), { payments: 0, without: 0 })
  await books.pay(1_000)
  await books.pay(2_000)
  assert.deepEqual(await count(books.id), { payments: 2, without: 2 })
  const [newest] = await books.rows(
    'select max(created_micros)::text as at from payments.charges where tenant = $1',
  )
  await books.tamper(
    `update payments.charges set customer = id where tenant = $1 and created_micros = ${String(newest?.['at'])}`,
  )
  assert.deepEqual(await count(books.id), { payments: 2, without: 1 })
})
