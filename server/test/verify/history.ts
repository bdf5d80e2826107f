import type { TenantId } from '../../src/kit/index.ts'
import { type Books, id } from './books.ts'

/**
 * Books with one of everything in them, so that each check of verify has something to look at. Accounts have ids below
 * 100; what each transfer is there for is said beside it.
 */
export const CASH = id(1)
export const ALICE = id(2)
export const LOAN = id(3)
export const SHOP = id(4)
export const CLOSED = id(5)
export const DOLLARS = id(6)
export const OTHER_DOLLARS = id(7)
export const UNTOUCHED = id(9)

const DAY = 20_400
const MILLENNIUM = 946_684_800_000_000n

const openAccounts = (books: Books, tenant: TenantId): Promise<readonly string[]> =>
  books.accounts(tenant, [
    { id: CASH, currency: 'EUR' },
    { id: ALICE, flags: ['debits_must_not_exceed_credits'], reference: 'alice' },
    { id: LOAN, flags: ['credits_must_not_exceed_debits'], reference: 'loan' },
    { id: SHOP },
    { id: CLOSED },
    { id: DOLLARS, ledger: 2, currency: 'USD' },
    { id: OTHER_DOLLARS, ledger: 2 },
    { id: id(8), flags: ['closed'] },
    { id: UNTOUCHED },
  ])

const moveMoney = (books: Books, tenant: TenantId): Promise<readonly string[]> =>
  books.transfers(tenant, [
    { id: id(101), debit: CASH, credit: ALICE, amount: 100_000n, bookDay: DAY },
    { id: id(102), debit: ALICE, credit: SHOP, amount: 2_500n, bookDay: DAY },
    { id: id(103), debit: ALICE, credit: SHOP, amount: 700n, bookDay: DAY },
    { id: id(104), debit: LOAN, credit: CASH, amount: 5_000n, bookDay: DAY + 1 },
    { id: id(105), debit: ALICE, credit: SHOP, amount: 40n, bookDay: DAY + 2 },
    { id: id(106), debit: ALICE, credit: SHOP, amount: 60n, bookDay: DAY - 9 }, // into a day that is over
    { id: id(107), debit: CASH, credit: LOAN, amount: 1_000n, bookDay: DAY + 2 },
    { id: id(108), debit: DOLLARS, credit: OTHER_DOLLARS, ledger: 2, amount: 77n, bookDay: DAY },
    { id: id(109), debit: UNTOUCHED, credit: id(99), amount: 1n }, // burnt: there is no such account
  ])

const holdMoney = async (books: Books, tenant: TenantId): Promise<void> => {
  await books.transfers(tenant, [
    { id: id(110), debit: ALICE, credit: SHOP, amount: 1_000n, flags: ['pending'] },
    { id: id(111), pendingId: id(110), amount: 600n, flags: ['post_pending_transfer'], bookDay: DAY + 2 },
    { id: id(112), debit: ALICE, credit: SHOP, amount: 700n, flags: ['pending'], timeoutS: 9_000 },
    { id: id(113), pendingId: id(112), flags: ['void_pending_transfer'] },
    { id: id(114), debit: ALICE, credit: SHOP, amount: 300n, flags: ['pending'], timeoutS: 60 }, // will expire
    { id: id(115), debit: ALICE, credit: SHOP, amount: 400n, flags: ['pending'], timeoutS: 9_000 }, // stays open
    { id: id(116), debit: ALICE, credit: SHOP, amount: 50n, flags: ['pending'] }, // never expires
    { id: id(117), debit: CASH, credit: CLOSED, amount: 0n, flags: ['pending', 'closing_credit'] },
    {
      id: id(118),
      debit: DOLLARS,
      credit: OTHER_DOLLARS,
      ledger: 2,
      amount: 9n,
      flags: ['pending', 'closing_debit'],
    },
    { id: id(119), pendingId: id(118), ledger: 2, flags: ['void_pending_transfer'] }, // opens it again
  ])
  await books.expireAfter(tenant, 120, [id(114), id(115)])
  await books.transfers(tenant, [
    { id: id(120), debit: DOLLARS, credit: OTHER_DOLLARS, ledger: 2, amount: 5n, bookDay: DAY + 1 },
    { id: id(121), debit: CASH, credit: SHOP, amount: 11n, bookDay: DAY + 3 },
  ])
}

/** Old history, as an import brings it, and then a day of new. */
const importHistory = async (books: Books, tenant: TenantId): Promise<void> => {
  await books.accounts(tenant, [
    { id: CASH, currency: 'CZK', flags: ['imported'], timeMicros: MILLENNIUM },
    { id: ALICE, flags: ['imported'], timeMicros: MILLENNIUM + 1n },
  ])
  await books.transfers(tenant, [
    {
      id: id(101),
      debit: CASH,
      credit: ALICE,
      amount: 10n,
      flags: ['imported'],
      timeMicros: MILLENNIUM + 5n,
    },
    {
      id: id(102),
      debit: CASH,
      credit: ALICE,
      amount: 20n,
      flags: ['imported'],
      timeMicros: MILLENNIUM + 90_000_000_000n,
    },
  ])
  await books.transfers(tenant, [{ id: id(103), debit: ALICE, credit: CASH, amount: 5n }])
}

/** Fills one tenant with one of everything, and another with imported history. Throws when anything was refused. */
export const writeHistory = async (books: Books, one: TenantId, other: TenantId): Promise<void> => {
  const opened = await openAccounts(books, one)
  const moved = await moveMoney(books, one)
  const refused = [...opened, ...moved].filter((status) => status !== 'created')
  if (refused.join() !== 'credit_account_not_found') throw new Error(`refused: ${refused.join()}`)
  await holdMoney(books, one)
  await importHistory(books, other)
  for (const key of ['first', 'second', 'third']) await books.event(one, key, 'answered')
  await books.event(one, 'left', 'running')
}
