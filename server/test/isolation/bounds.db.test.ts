import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TenantId } from '../../src/kit/index.ts'
import type { Hold, Transfer } from '../../src/ledger/core/index.ts'
import { createAccountsUnit, createTransfersUnit, type Request, writeLedger } from '../../src/ledger/index.ts'
import { account, id, transfer } from '../support/commands.ts'
import { openPotsDatabase, type PotsDatabase } from '../support/pots-database.ts'
import { accountRow, MAX, NONE, type Rows, row, writeAs } from './writing.ts'

/** What the ledger's own statements refuse to write, were its decide step ever wrong. */
let world: PotsDatabase
let tenant: TenantId
before(async () => {
  world = await openPotsDatabase()
  tenant = await world.addTenant()
  const commit = world.commit({ writers: [writeLedger] })
  const request: Request<unknown> = {
    tenant,
    bytes: 0,
    deadlineMs: Number.MAX_SAFE_INTEGER,
    claim: null,
    reply: null,
  }
  const accounts = [
    account({ id: id(1), currency: 'EUR' }),
    account({ id: id(2) }),
    account({ id: id(3), flags: ['debits_must_not_exceed_credits'] }),
    account({ id: id(4), flags: ['credits_must_not_exceed_debits'] }),
    account({ id: id(5), ledger: 2, currency: 'USD' }),
  ]
  await commit.submit(createAccountsUnit(request, accounts))
  await commit.submit(
    createTransfersUnit(request, [transfer({ id: id(90), flags: ['pending'] }), transfer({ id: id(91) })]),
  )
})
after(() => world.close())

const write = (rows: Rows): Promise<string> => writeAs(world, tenant, rows)

const EXPECTED_MORE = '23000'

describe('the database refuses a transfer', () => {
  const rows: readonly (readonly [what: string, wanted: Partial<Transfer>, refusal: string])[] = [
    ['between two ledgers, as the first would have it', { credit: id(5) }, EXPECTED_MORE],
    [
      'between two ledgers, as the second would have it',
      { credit: id(5), ledger: 2, currency: 'USD' },
      EXPECTED_MORE,
    ],
    ['in a ledger that neither account is of', { ledger: 2 }, EXPECTED_MORE],
    ['from an account that is not there', { debit: id(99) }, EXPECTED_MORE],
    ['to an account that is not there', { credit: id(99) }, EXPECTED_MORE],
    ['over the limit of its debit account', { debit: id(3) }, EXPECTED_MORE],
    [
      'over that limit by what is held',
      { debit: id(3), debitAfter: { ...NONE, debitsPending: 1n, debitsPosted: 5n, creditsPosted: 5n } },
      EXPECTED_MORE,
    ],
    ['over the limit of its credit account', { credit: id(4) }, EXPECTED_MORE],
    [
      'over the limit of the other side’s account',
      { credit: id(3), creditAfter: { ...NONE, debitsPosted: 1n } },
      EXPECTED_MORE,
    ],
    ['from an account to itself', { credit: id(1) }, '23514 two_accounts'],
    ['of less than nothing', { amount: -1n }, '23514 transfers_amount_check'],
    [
      'that leaves less than nothing held',
      { debitAfter: { ...NONE, debitsPending: -1n } },
      '23514 balances_within_bounds',
    ],
    [
      'that leaves less than nothing posted',
      { creditAfter: { ...NONE, creditsPosted: -1n } },
      '23514 balances_within_bounds',
    ],
    [
      'whose balances together pass 64 bits',
      { debitAfter: { ...NONE, debitsPending: 1n, debitsPosted: MAX } },
      '22003',
    ],
    ['without a code', { code: 0 }, '23514 transfers_code_check'],
    ['with an id that is taken', { id: id(91) }, '23505 transfers_by_id'],
    ['of neither an id nor a hold', { id: null }, '23514 expiry_names_its_hold'],
  ]
  for (const [what, wanted, refusal] of rows) {
    test(what, async () => {
      assert.equal(await write({ transfers: [row(wanted)] }), refusal)
    })
  }

  test('and takes the same one without that fault, so the faults are what it refused', async () => {
    assert.equal(await write({ transfers: [row()] }), 'written')
    assert.equal(
      await write({
        transfers: [row({ debit: id(3), debitAfter: { ...NONE, debitsPosted: 5n, creditsPosted: 5n } })],
      }),
      'written',
    )
  })

  test('among hundreds of good ones, and then all of them', async () => {
    const good = Array.from({ length: 300 }, (_, index) =>
      row({ id: id(2_000 + index), timeMicros: 9_000_000_000_000_000n + BigInt(index) }),
    )
    assert.equal(await write({ transfers: good }), 'written')
    assert.equal(await write({ transfers: [...good, row({ credit: id(5), timeMicros: 1n })] }), EXPECTED_MORE)
  })

  test('at the very moment of another one', async () => {
    assert.equal(await write({ transfers: [row(), row({ id: id(1_001) })] }), '23505 transfers_pkey')
  })

  test('that resolves a hold for the second time', async () => {
    const post = (number: number) => row({ id: id(number), pendingId: id(90), timeMicros: BigInt(number) })
    assert.equal(await write({ transfers: [post(1_000), post(1_001)] }), '23505 transfers_by_pending')
  })
})

describe('the database refuses', () => {
  const hold: Hold = {
    id: id(90),
    state: 'posted',
    debit: id(1),
    credit: id(2),
    amount: 5n,
    ledger: 1,
    expiresMicros: null,
    resolvedBy: 99n,
  }

  test('to resolve a hold that is resolved already, or is not there', async () => {
    assert.equal(await write({ resolved: [hold] }), 'written')
    assert.equal(await write({ resolved: [{ ...hold, id: id(91) }] }), EXPECTED_MORE)
    assert.equal(await write({ resolved: [{ ...hold, resolvedBy: null }] }), '23514 resolved_once')
  })

  test('to change an account that is not there, or to have less than nothing posted on its days', async () => {
    assert.equal(await write({ changed: [accountRow({})] }), 'written')
    assert.equal(await write({ changed: [accountRow({ id: id(99) })] }), EXPECTED_MORE)
    assert.equal(
      await write({ changed: [accountRow({ dailyDebits: -1n })] }),
      '23514 accounts_daily_debits_check',
    )
  })
})
