import type { Uuid } from '../../src/kit/index.ts'
import {
  ACCOUNT_FLAGS,
  type Account,
  type Balances,
  TRANSFER_FLAGS,
  type Transfer,
} from '../../src/ledger/core/index.ts'
import type { MemoryBooks } from '../support/memory-books.ts'

/** What must be true of any books at any time, asked of the books in memory. Empty when all of it is. */

const ZERO: Balances = { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }

const has = (row: { readonly flags: number }, flag: number): boolean => (row.flags & flag) !== 0

/** What one line does to the pending and the posted balance of its side. */
const effectOf = (row: Transfer): readonly [pending: bigint, posted: bigint] => {
  if (row.id === null || has(row, TRANSFER_FLAGS.void_pending_transfer)) return [-row.released, 0n]
  if (has(row, TRANSFER_FLAGS.post_pending_transfer)) return [-row.released, row.amount]
  return has(row, TRANSFER_FLAGS.pending) ? [row.amount, 0n] : [0n, row.amount]
}

const after = (before: Balances, row: Transfer, account: Uuid): Balances => {
  const [pending, posted] = effectOf(row)
  return row.debit === account
    ? { ...before, debitsPending: before.debitsPending + pending, debitsPosted: before.debitsPosted + posted }
    : {
        ...before,
        creditsPending: before.creditsPending + pending,
        creditsPosted: before.creditsPosted + posted,
      }
}

const text = (balances: Balances): string =>
  [balances.debitsPending, balances.debitsPosted, balances.creditsPending, balances.creditsPosted].join(' ')

export const statementOf = (books: MemoryBooks, account: Uuid): readonly Transfer[] =>
  [...books.transfers.values()].filter(({ debit, credit }) => debit === account || credit === account)

/** The statement folded from nothing: each line says the balances that it leaves, and the last line the account's. */
const auditStatement = (books: MemoryBooks, account: Account): string[] => {
  const found: string[] = []
  let balances = ZERO
  for (const row of statementOf(books, account.id)) {
    balances = after(balances, row, account.id)
    const told = row.debit === account.id ? row.debitAfter : row.creditAfter
    if (text(told) !== text(balances))
      found.push(`line ${row.sequence} of ${account.id} tells ${text(told)}, not ${text(balances)}`)
  }
  if (text(account) !== text(balances))
    found.push(`${account.id} has ${text(account)}, its lines make ${text(balances)}`)
  return found
}

const auditLimits = (account: Account): string[] => {
  const { debitsPending, debitsPosted, creditsPending, creditsPosted } = account
  const over =
    (has(account, ACCOUNT_FLAGS.debits_must_not_exceed_credits) &&
      debitsPending + debitsPosted > creditsPosted) ||
    (has(account, ACCOUNT_FLAGS.credits_must_not_exceed_debits) &&
      creditsPending + creditsPosted > debitsPosted)
  const negative = [debitsPending, debitsPosted, creditsPending, creditsPosted].some(
    (balance) => balance < 0n,
  )
  return [
    ...(over ? [`${account.id} is over its limit`] : []),
    ...(negative ? [`${account.id} is below zero`] : []),
  ]
}

/** The totals by book date, and what is left for the newest day, are the postings of those days. */
const auditDays = (books: MemoryBooks, account: Account): string[] => {
  const posted = new Map<number, { debits: bigint; credits: bigint }>()
  for (const row of statementOf(books, account.id)) {
    const [, amount] = effectOf(row)
    const day = posted.get(row.bookDay) ?? { debits: 0n, credits: 0n }
    if (row.debit === account.id) day.debits += amount
    else day.credits += amount
    posted.set(row.bookDay, day)
  }
  const { bookDay, dailyDebits, dailyCredits } = account
  const told = (day: number) =>
    day === bookDay
      ? { debits: account.debitsPosted - dailyDebits, credits: account.creditsPosted - dailyCredits }
      : (books.days.get(`${account.id} ${day}`) ?? { debits: 0n, credits: 0n })
  return [...posted]
    .filter(([day, sums]) => told(day).debits !== sums.debits || told(day).credits !== sums.credits)
    .map(
      ([day, sums]) =>
        `day ${day} of ${account.id} tells ${told(day).debits}/${told(day).credits}, not ${sums.debits}/${sums.credits}`,
    )
}

const sum = (accounts: readonly Account[], read: (account: Account) => bigint): bigint =>
  accounts.reduce((total, account) => total + read(account), 0n)

/** Debits are credits, posted and pending, and what is pending is what the open holds hold. */
const auditLedger = (books: MemoryBooks, ledger: number, accounts: readonly Account[]): string[] => {
  const posted = sum(accounts, (one) => one.debitsPosted - one.creditsPosted)
  const pending = sum(accounts, (one) => one.debitsPending - one.creditsPending)
  const held = [...books.holds.values()]
    .filter((hold) => hold.ledger === ledger && hold.state === 'pending')
    .reduce((total, hold) => total + hold.amount, 0n)
  return [
    ...(posted === 0n ? [] : [`ledger ${ledger}: posted residual ${posted}`]),
    ...(pending === 0n ? [] : [`ledger ${ledger}: pending residual ${pending}`]),
    ...(held === sum(accounts, (one) => one.debitsPending) ? [] : [`ledger ${ledger}: holds of ${held}`]),
  ]
}

/** Sequences are 1, 2, 3 …, and times rise with them. */
const auditLine = (books: MemoryBooks): string[] => {
  const rows = [...books.transfers.values()]
  const gaps = rows.filter(({ sequence }, index) => sequence !== BigInt(index + 1))
  const late = rows.filter(({ timeMicros }, index) => timeMicros <= (rows[index - 1]?.timeMicros ?? 0n))
  return [
    ...gaps.map((row) => `sequence ${row.sequence} is out of order`),
    ...late.map((row) => `time of ${row.sequence} does not rise`),
  ]
}

export const audit = (books: MemoryBooks): string[] => {
  const accounts = [...books.accounts.values()]
  return [
    ...auditLine(books),
    ...accounts.flatMap((account) => [
      ...auditStatement(books, account),
      ...auditLimits(account),
      ...auditDays(books, account),
    ]),
    ...[...Map.groupBy(accounts, ({ ledger }) => ledger)].flatMap(([ledger, group]) =>
      auditLedger(books, ledger, group),
    ),
  ]
}
