import { canonicalJson, type Json, showDay, showId, UUID_ZERO } from '../../kit/index.ts'
import type { Account, Balances, Metadata, Transfer } from '../core/index.ts'
import { accountFlagNames } from '../core/index.ts'
import type { TrialLine } from '../store/totals.ts'
import { ACCOUNT_PREFIX, TRANSFER_PREFIX, typeOf } from '../views.ts'
import { type Cell, lineOf } from './csv.ts'

/*
 * The canonical form of a period's figures: the lines of the files that an export writes. The digest of a closing is made
 * of them, so none of this may change but under a new form.
 */

/** How the digests of today are made. */
export const FORM = 1

export const ENTRY_COLUMNS = [
  'sequence',
  'side',
  'created_us',
  'book_date',
  'value_date',
  'type',
  'ledger',
  'currency',
  'code',
  'account',
  'counterpart',
  'transfer',
  'pending_id',
  'amount',
  'released',
  'debits_pending_after',
  'debits_posted_after',
  'credits_pending_after',
  'credits_posted_after',
  'user_data',
  'external_reference',
  'metadata',
] as const

export const TRIAL_COLUMNS = [
  'ledger',
  'name',
  'currency',
  'code',
  'accounts',
  'debits_posted',
  'credits_posted',
] as const

export const ACCOUNT_COLUMNS = [
  'account',
  'ledger',
  'currency',
  'code',
  'reference',
  'flags',
  'created_us',
  'closed',
  'user_data',
  'metadata',
] as const

export const BALANCE_COLUMNS = [
  'account',
  'ledger',
  'currency',
  'code',
  'opening_debits',
  'opening_credits',
  'movement_debits',
  'movement_credits',
  'closing_debits',
  'closing_credits',
] as const

const metadataCell = (metadata: Metadata | null): string | null =>
  metadata === null ? null : canonicalJson(metadata as Json)

const balanceCells = (after: Balances): readonly Cell[] => [
  after.debitsPending,
  after.debitsPosted,
  after.creditsPending,
  after.creditsPosted,
]

/** Both entries of a transfer, the debit first. */
export const entryLines = (transfer: Transfer): string => {
  const debit = showId(ACCOUNT_PREFIX, transfer.debit)
  const credit = showId(ACCOUNT_PREFIX, transfer.credit)
  const when = [transfer.timeMicros, showDay(transfer.bookDay), showDay(transfer.valueDay)] as const
  const what = [typeOf(transfer), transfer.ledger, transfer.currency.toLowerCase(), transfer.code] as const
  const which = [
    transfer.id === null ? null : showId(TRANSFER_PREFIX, transfer.id),
    transfer.pendingId === UUID_ZERO ? null : showId(TRANSFER_PREFIX, transfer.pendingId),
    transfer.amount,
    transfer.released,
  ] as const
  const rest = [transfer.userData, transfer.externalReference, metadataCell(transfer.metadata)] as const
  const line = (side: string, account: string, counterpart: string, after: Balances): string =>
    lineOf([
      transfer.sequence,
      side,
      ...when,
      ...what,
      account,
      counterpart,
      ...which,
      ...balanceCells(after),
      ...rest,
    ])
  return (
    line('debit', debit, credit, transfer.debitAfter) + line('credit', credit, debit, transfer.creditAfter)
  )
}

export const trialLine = (line: TrialLine): string =>
  lineOf([
    line.ledger,
    line.name,
    line.currency.toLowerCase(),
    line.code,
    line.accounts,
    line.debitsPosted,
    line.creditsPosted,
  ])

export const accountLine = (account: Account): string =>
  lineOf([
    showId(ACCOUNT_PREFIX, account.id),
    account.ledger,
    account.currency.toLowerCase(),
    account.code,
    account.reference,
    accountFlagNames(account.flags).join(' '),
    account.timeMicros,
    String(account.closed),
    account.userData,
    metadataCell(account.metadata),
  ])

export type Sums = { readonly debits: bigint; readonly credits: bigint }

export const balanceLine = (account: Account, opening: Sums, closing: Sums): string =>
  lineOf([
    showId(ACCOUNT_PREFIX, account.id),
    account.ledger,
    account.currency.toLowerCase(),
    account.code,
    opening.debits,
    opening.credits,
    closing.debits - opening.debits,
    closing.credits - opening.credits,
    closing.debits,
    closing.credits,
  ])
