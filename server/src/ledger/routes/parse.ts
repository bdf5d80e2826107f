import { type Day, newUuid, parseDay, UUID_ZERO, type Uuid } from '../../kit/index.ts'
import { readId, readMoneyCurrency, Unreadable } from '../../requests/index.ts'
import {
  type AccountCommand,
  AMOUNT_MAX,
  accountFlagBits,
  type Metadata,
  TRANSFER_FLAGS,
  type TransferCommand,
  transferFlagBits,
} from '../core/index.ts'
import { isHouseLedger } from '../house.ts'
import { HOUSE_REFERENCES } from '../limits.ts'
import { ACCOUNT_PREFIX, TRANSFER_PREFIX } from '../views.ts'
import { READING_REASONS } from './errors.ts'

/** The platform's own books are read by everybody and posted to by payments alone. */
export const reserved = (param: string): Unreadable => {
  const { message } = READING_REASONS.ledger_reserved
  return new Unreadable('ledger_reserved', param, message)
}

export const readLedger = (ledger: number, param: string): number => {
  if (isHouseLedger(ledger)) throw reserved(param)
  return ledger
}

const readReference = (reference: string, param: string): string => {
  if (reference.startsWith(HOUSE_REFERENCES)) throw reserved(param)
  return reference
}

/** items[3][amount] for an item of a batch, amount alone. */
type Place = (name: string) => string
export const alone: Place = (name) => name
export const within =
  (list: string, index: number): Place =>
  (name) =>
    `${list}[${index}][${name}]`

export const readAccountId = (text: string, param: string): Uuid => readId(ACCOUNT_PREFIX, text, param)
export const readTransferId = (text: string, param: string): Uuid => readId(TRANSFER_PREFIX, text, param)

export const readDate = (text: string, param: string): Day => {
  const day = parseDay(text)
  if (day !== null) return day
  throw new Unreadable(
    'parameter_invalid_date',
    param,
    `Invalid date: ${param} must be a day of the calendar, as YYYY-MM-DD.`,
  )
}

export const readCurrency = (text: string, param: string): string => readMoneyCurrency(text, param).code

const maybe = <T, R>(value: T | undefined, read: (value: T) => R): R | null =>
  value === undefined ? null : read(value)

const metadataOf = (metadata: Metadata | undefined): Metadata | null =>
  metadata === undefined || Object.keys(metadata).length === 0 ? null : metadata

export type AccountInput = {
  readonly id?: string
  readonly ledger: number
  readonly code: number
  readonly flags?: readonly string[]
  readonly currency?: string
  readonly reference?: string
  readonly user_data?: number
  readonly timestamp_us?: number
  readonly metadata?: Metadata
}

export const readAccount = (input: AccountInput, place: Place, nowMs: number): AccountCommand => ({
  id: input.id === undefined ? newUuid(nowMs) : readAccountId(input.id, place('id')),
  ledger: readLedger(input.ledger, place('ledger')),
  code: input.code,
  flags: accountFlagBits(input.flags ?? []) ?? 0,
  userData: BigInt(input.user_data ?? 0),
  timeMicros: BigInt(input.timestamp_us ?? 0),
  currency: maybe(input.currency, (text) => readCurrency(text, place('currency'))),
  reference: maybe(input.reference, (text) => readReference(text, place('reference'))),
  metadata: metadataOf(input.metadata),
})

export type TransferDetails = {
  readonly id?: string
  readonly amount?: number
  readonly user_data?: number
  readonly external_reference?: string
  readonly book_date?: string
  readonly value_date?: string
  readonly metadata?: Metadata
}

export type TransferInput = TransferDetails & {
  readonly debit_account?: string
  readonly credit_account?: string
  readonly pending_id?: string
  readonly ledger?: number
  readonly code?: number
  readonly flags?: readonly string[]
  readonly timeout?: number
  readonly currency?: string
  readonly timestamp_us?: number
}

/** An absent amount means all of it in a post or void, and as much as possible with balancing; 0 must be written. */
const readAmount = (amount: number | undefined, flags: number, place: Place): bigint => {
  if (amount !== undefined) return BigInt(amount)
  if ((flags & TRANSFER_FLAGS.void_pending_transfer) !== 0) return 0n
  const all =
    TRANSFER_FLAGS.post_pending_transfer | TRANSFER_FLAGS.balancing_debit | TRANSFER_FLAGS.balancing_credit
  if ((flags & all) !== 0) return AMOUNT_MAX
  throw new Unreadable('parameter_missing', place('amount'), `Missing required param: ${place('amount')}.`)
}

export const readTransfer = (input: TransferInput, place: Place, nowMs: number): TransferCommand => {
  const flags = transferFlagBits(input.flags ?? []) ?? 0
  const account = (text: string | undefined, name: string): Uuid =>
    text === undefined ? UUID_ZERO : readAccountId(text, place(name))
  return {
    id: input.id === undefined ? newUuid(nowMs) : readTransferId(input.id, place('id')),
    debit: account(input.debit_account, 'debit_account'),
    credit: account(input.credit_account, 'credit_account'),
    amount: readAmount(input.amount, flags, place),
    pendingId:
      input.pending_id === undefined ? UUID_ZERO : readTransferId(input.pending_id, place('pending_id')),
    ledger: readLedger(input.ledger ?? 0, place('ledger')),
    code: input.code ?? 0,
    flags,
    timeoutS: input.timeout ?? 0,
    userData: BigInt(input.user_data ?? 0),
    timeMicros: BigInt(input.timestamp_us ?? 0),
    currency: maybe(input.currency, (text) => readCurrency(text, place('currency'))),
    externalReference: input.external_reference ?? null,
    bookDay: maybe(input.book_date, (text) => readDate(text, place('book_date'))),
    valueDay: maybe(input.value_date, (text) => readDate(text, place('value_date'))),
    metadata: metadataOf(input.metadata),
  }
}
