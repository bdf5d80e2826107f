import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type History, histories } from '../../../test/model/histories.ts'
import { account, settlement, transfer } from '../../../test/model/samples.ts'
import { runs } from '../../../test/properties/size.ts'
import { toAccount, toTransfer } from '../../../test/support/ledger-subjects.ts'
import { checkPast, rowsOf } from '../../../test/support/past.ts'
import { addTenant } from '../../../test/support/postgres.ts'
import { openPotsDatabase, type PotsDatabase } from '../../../test/support/pots-database.ts'
import { dayOf, showDay } from '../../kit/index.ts'
import { writeLedger } from '../store/writer.ts'
import { createAccountsUnit, createTransfersUnit } from '../units.ts'

let world: PotsDatabase
before(async () => {
  world = await openPotsDatabase()
})
after(() => world.close())

/** Postings on earlier days and on later ones, in the order in which each can go wrong, and holds of every fate. */
const BUSY: History = [
  { kind: 'create_accounts', commands: [account(1, { currency: 'EUR' }), account(2), account(3)] },
  ...[null, '2025-03-01', '2030-12-31', null, '2025-03-01', '2027-05-05', '2031-01-01', '2024-02-29'].map(
    (bookDate, index) => ({
      kind: 'create_transfers' as const,
      commands: [
        transfer(100 + index, { bookDate }),
        transfer(200 + index, { bookDate, debit: account(2).id, credit: account(3).id }),
      ],
    }),
  ),
  {
    kind: 'create_transfers',
    commands: [
      transfer(300, { flags: ['pending'], timeoutS: 1 }),
      transfer(301, { flags: ['pending'] }),
      transfer(302, { flags: ['pending'] }),
      settlement(310, 301, { amount: 2n, bookDate: '2025-03-01' }),
      settlement(311, 302, { amount: 0n, flags: ['void_pending_transfer'], bookDate: '2033-01-01' }),
    ],
  },
  { kind: 'advance', seconds: 2 },
  { kind: 'create_transfers', commands: [transfer(400, { bookDate: '2030-12-31' })] },
]

test('balances of the past, statements and trial balances are what the entries add up to, whatever their book dates', async () => {
  await checkPast(world, BUSY)
})

test('so they are for any history', async () => {
  await fc.assert(
    fc.asyncProperty(histories({ maxSteps: 16, maxCommands: 8 }), (history) => checkPast(world, history)),
    runs({ ci: 10, full: 400, seed: 20_260_320 }),
  )
})

test('a transfer without a book date is booked on its day in the tenant’s time zone', async () => {
  for (const [index, zone] of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC'].entries()) {
    const tenant = await addTenant(world.database, 9_001 + index, zone)
    const commit = world.commit({ writers: [writeLedger] })
    const request = { tenant, bytes: 0, deadlineMs: Number.MAX_SAFE_INTEGER, claim: null, reply: null }
    await commit.submit(
      createAccountsUnit(request, [account(1, { currency: 'EUR' }), account(2)].map(toAccount)),
    )
    await commit.submit(createTransfersUnit(request, [toTransfer(transfer(10))]))
    const [row] = await rowsOf(world, tenant)
    assert.equal(row?.day, showDay(dayOf(row?.time ?? 0n, zone)), zone)
  }
})
