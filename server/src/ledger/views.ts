import { JSON_INTEGER_MAX, type Micros, secondsOf, showDay, showId, UUID_ZERO } from '../kit/index.ts'
import {
  ACCOUNT_FLAGS,
  type Account,
  accountFlagNames,
  type Balances,
  type Hold,
  type Ledger,
  TRANSFER_FLAGS,
  type Transfer,
  transferFlagNames,
} from './core/index.ts'
import type { TrialLine } from './store/totals.ts'

export const ACCOUNT_PREFIX = 'la'
export const TRANSFER_PREFIX = 'lt'

/** JSON carries whole numbers exactly up to 2^53 − 1. Beyond it the number is null, and its exact text stands beside it. */
export const integer = (value: bigint): number | null =>
  value > JSON_INTEGER_MAX || value < -JSON_INTEGER_MAX ? null : Number(value)

export const showBalances = (balances: Balances) => ({
  credits_pending: integer(balances.creditsPending),
  credits_pending_exact: balances.creditsPending.toString(),
  credits_posted: integer(balances.creditsPosted),
  credits_posted_exact: balances.creditsPosted.toString(),
  debits_pending: integer(balances.debitsPending),
  debits_pending_exact: balances.debitsPending.toString(),
  debits_posted: integer(balances.debitsPosted),
  debits_posted_exact: balances.debitsPosted.toString(),
})

export const showLedger = (ledger: Ledger, livemode: boolean) => ({
  number: ledger.number,
  object: 'ledger.ledger' as const,
  created: secondsOf(ledger.createdMicros),
  currency: ledger.currency.toLowerCase(),
  livemode,
  name: ledger.name,
})

export const showAccount = (account: Account, livemode: boolean) => ({
  id: showId(ACCOUNT_PREFIX, account.id),
  object: 'ledger.account' as const,
  balances: showBalances(account),
  closed: account.closed,
  code: account.code,
  created: secondsOf(account.timeMicros),
  created_us: integer(account.timeMicros),
  currency: account.currency.toLowerCase(),
  flags: accountFlagNames(account.flags | (account.closed ? ACCOUNT_FLAGS.closed : 0)),
  ledger: account.ledger,
  livemode,
  metadata: account.metadata ?? {},
  reference: account.reference,
  user_data: integer(account.userData),
})

/** An account as it is asked for at a moment of the past, which says which one. */
export const showAccountAsOf = (
  account: Account,
  livemode: boolean,
  asOf: { readonly as_of_us: number } | { readonly as_of_book_date: string },
) => ({ ...showAccount(account, livemode), ...asOf })

const showHold = (hold: Hold) => ({
  expires_at: hold.expiresMicros === null ? null : secondsOf(hold.expiresMicros),
  resolved_by_sequence: hold.resolvedBy === null ? null : integer(hold.resolvedBy),
  state: hold.state,
})

export const showTransfer = (transfer: Transfer, hold: Hold | undefined, livemode: boolean) => ({
  id: showId(TRANSFER_PREFIX, transfer.id ?? UUID_ZERO),
  object: 'ledger.transfer' as const,
  amount: integer(transfer.amount),
  amount_exact: transfer.amount.toString(),
  book_date: showDay(transfer.bookDay),
  code: transfer.code,
  created: secondsOf(transfer.timeMicros),
  created_us: integer(transfer.timeMicros),
  credit_account: showId(ACCOUNT_PREFIX, transfer.credit),
  credit_balances: showBalances(transfer.creditAfter),
  currency: transfer.currency.toLowerCase(),
  debit_account: showId(ACCOUNT_PREFIX, transfer.debit),
  debit_balances: showBalances(transfer.debitAfter),
  external_reference: transfer.externalReference,
  flags: transferFlagNames(transfer.flags),
  hold: hold === undefined ? null : showHold(hold),
  ledger: transfer.ledger,
  livemode,
  metadata: transfer.metadata ?? {},
  pending_id: transfer.pendingId === UUID_ZERO ? null : showId(TRANSFER_PREFIX, transfer.pendingId),
  sequence: integer(transfer.sequence),
  timeout: transfer.timeoutS,
  user_data: integer(transfer.userData),
  value_date: showDay(transfer.valueDay),
})

export type EntryType = 'transfer' | 'pending' | 'post' | 'void' | 'expiry'

export const typeOf = (transfer: Transfer): EntryType => {
  if (transfer.id === null) return 'expiry'
  if ((transfer.flags & TRANSFER_FLAGS.pending) !== 0) return 'pending'
  if ((transfer.flags & TRANSFER_FLAGS.post_pending_transfer) !== 0) return 'post'
  return (transfer.flags & TRANSFER_FLAGS.void_pending_transfer) !== 0 ? 'void' : 'transfer'
}

/** What a transfer did to the pending and the posted balance of either side. */
const effectOf = (transfer: Transfer): { readonly pending: bigint; readonly posted: bigint } => {
  switch (typeOf(transfer)) {
    case 'transfer':
      return { pending: 0n, posted: transfer.amount }
    case 'pending':
      return { pending: transfer.amount, posted: 0n }
    case 'post':
      return { pending: -transfer.released, posted: transfer.amount }
    case 'void':
    case 'expiry':
      return { pending: -transfer.released, posted: 0n }
  }
}

export const balancesBefore = (transfer: Transfer, side: 'debit' | 'credit'): Balances => {
  const { pending, posted } = effectOf(transfer)
  if (side === 'debit') {
    const after = transfer.debitAfter
    return {
      ...after,
      debitsPending: after.debitsPending - pending,
      debitsPosted: after.debitsPosted - posted,
    }
  }
  const after = transfer.creditAfter
  return {
    ...after,
    creditsPending: after.creditsPending - pending,
    creditsPosted: after.creditsPosted - posted,
  }
}

const ENTRY_PREFIX = 'le'

/** An entry is known by its account and its recorded time, which no other entry of the account has. */
export const showEntryId = (time: Micros): string => `${ENTRY_PREFIX}_${time}`

export const parseEntryId = (text: string): Micros | null => {
  const digits = /^le_(\d{1,18})$/.exec(text)?.[1]
  return digits === undefined ? null : BigInt(digits)
}

export const showEntry = (transfer: Transfer, side: 'debit' | 'credit', livemode: boolean) => ({
  id: showEntryId(transfer.timeMicros),
  object: 'ledger.entry' as const,
  account: showId(ACCOUNT_PREFIX, side === 'debit' ? transfer.debit : transfer.credit),
  amount: integer(transfer.amount),
  amount_exact: transfer.amount.toString(),
  balances_after: showBalances(side === 'debit' ? transfer.debitAfter : transfer.creditAfter),
  balances_before: showBalances(balancesBefore(transfer, side)),
  book_date: showDay(transfer.bookDay),
  counterpart: showId(ACCOUNT_PREFIX, side === 'debit' ? transfer.credit : transfer.debit),
  created: secondsOf(transfer.timeMicros),
  created_us: integer(transfer.timeMicros),
  currency: transfer.currency.toLowerCase(),
  external_reference: transfer.externalReference,
  livemode,
  metadata: transfer.metadata ?? {},
  sequence: integer(transfer.sequence),
  side,
  transfer: showId(TRANSFER_PREFIX, transfer.id ?? transfer.pendingId),
  type: typeOf(transfer),
  value_date: showDay(transfer.valueDay),
})

type Sums = Pick<TrialLine, 'debitsPending' | 'debitsPosted' | 'creditsPending' | 'creditsPosted'>

const addSums = (a: Sums, b: Sums): Sums => ({
  debitsPending: a.debitsPending + b.debitsPending,
  debitsPosted: a.debitsPosted + b.debitsPosted,
  creditsPending: a.creditsPending + b.creditsPending,
  creditsPosted: a.creditsPosted + b.creditsPosted,
})

const NOTHING: Sums = { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }

/** The trial balance: what each ledger's accounts add up to, by code, and whether the two sides agree. */
export const showTrialBalance = (
  lines: readonly TrialLine[],
  livemode: boolean,
  asOf: Readonly<Record<string, unknown>>,
) => {
  const ledgers = [...Map.groupBy(lines, (line) => line.ledger).values()].map((group) => {
    const first = group[0]
    const total = group.reduce(addSums, NOTHING)
    return {
      accounts: group.reduce((sum, line) => sum + line.accounts, 0),
      balanced: total.debitsPosted === total.creditsPosted && total.debitsPending === total.creditsPending,
      balances: showBalances(total),
      codes: group.map((line) => ({
        accounts: line.accounts,
        balances: showBalances(line),
        code: line.code,
      })),
      currency: first?.currency.toLowerCase() ?? '',
      ledger: first?.ledger ?? 0,
      name: first?.name ?? '',
    }
  })
  return {
    object: 'ledger.trial_balance' as const,
    ...asOf,
    balanced: ledgers.every((ledger) => ledger.balanced),
    ledgers,
    livemode,
  }
}

type HealthFacts = {
  readonly lines: readonly TrialLine[]
  readonly holds: readonly { readonly ledger: number; readonly count: number; readonly sum: bigint }[]
  readonly orphans: readonly number[]
  readonly newest: { readonly sequence: bigint; readonly timeMicros: Micros }
  readonly head: { readonly transferSequence: bigint; readonly transferMicros: Micros }
}

const ORPHANS = [
  'open holds without their pending transfer',
  'resolved holds without the transfer or expiry that resolved them',
  'accounts without their ledger',
  'daily totals without their account',
] as const

const check = (name: string, ok: boolean, detail: string) => ({ name, ok, detail })

/** The quick checks over one ledger's sums: residual zero, and holds that add up to what is pending. */
const ledgerChecks = (group: readonly TrialLine[], holds: HealthFacts['holds']) => {
  const number = group[0]?.ledger ?? 0
  const total = group.reduce(addSums, NOTHING)
  const posted = total.debitsPosted - total.creditsPosted
  const pending = total.debitsPending - total.creditsPending
  const held = holds.find((hold) => hold.ledger === number)
  const sum = held?.sum ?? 0n
  return [
    check(
      `ledger ${number}: residual`,
      posted === 0n && pending === 0n,
      `posted ${posted}, pending ${pending}`,
    ),
    check(
      `ledger ${number}: holds`,
      sum === total.debitsPending,
      `${held?.count ?? 0} open holds of ${sum}, pending debits ${total.debitsPending}`,
    ),
  ]
}

export const showHealth = (facts: HealthFacts, livemode: boolean) => {
  const ledgers = [...Map.groupBy(facts.lines, (line) => line.ledger).values()]
  const { newest, head } = facts
  const checks = [
    ...ledgers.flatMap((group) => ledgerChecks(group, facts.holds)),
    ...ORPHANS.map((name, index) =>
      check(name, facts.orphans[index] === 0, String(facts.orphans[index] ?? 'unknown')),
    ),
    check(
      'the newest transfer is the head row’s',
      newest.sequence === head.transferSequence && newest.timeMicros === head.transferMicros,
      `transfer ${newest.sequence}, head row ${head.transferSequence}`,
    ),
  ]
  return { object: 'ledger.health' as const, checks, livemode, ok: checks.every(({ ok }) => ok) }
}
