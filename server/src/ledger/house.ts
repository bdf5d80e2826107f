import { createHash } from 'node:crypto'
import type { Declare, Draft, Statement } from '../database/index.ts'
import { assert, type MoneyCurrency, type TenantId, UUID_ZERO, type Uuid } from '../kit/index.ts'
import {
  type AccountCommand,
  createAccounts,
  createTransfers,
  TRANSFER_FLAGS,
  type TransferCommand,
} from './core/index.ts'
import { booksOf } from './draft-books.ts'
import { HOUSE_LEDGERS } from './limits.ts'
import {
  accountsTable,
  burntTable,
  holdsTable,
  ledgersTable,
  referencesTable,
  transfersTable,
} from './store/tables.ts'

/**
 * The platform's own accounts: what a payment posts to. Each is known by its purpose and its currency, from which its id
 * follows, so nobody has to look for it. They stand in a ledger of their own for each currency, which the ledger's API
 * shows and does not let anybody post to.
 */
export type HouseAccount = {
  readonly id: Uuid
  readonly ledger: number
  readonly code: number
  readonly currency: string
  /** payments/balance_pending/EUR, which is also its reference. */
  readonly reference: string
}

/** Whether a ledger is one of the platform's own. */
export const isHouseLedger = (ledger: number): boolean => ledger >= HOUSE_LEDGERS

const known = new Map<string, HouseAccount>()

/** A name-based UUID (RFC 9562, 5.8): the same name is the same account, in every tenant and every process. */
const idOf = (reference: string): Uuid => {
  const hex = createHash('sha256').update(`evenkeel house account ${reference}`).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Uuid
}

/** @param code the account's code of 1 to 65,535, by which the trial balance groups it */
export const houseAccount = (purpose: string, code: number, currency: MoneyCurrency): HouseAccount => {
  const reference = `${purpose}/${currency.code}`
  const made = known.get(reference)
  if (made !== undefined) return made
  const account = {
    id: idOf(reference),
    ledger: HOUSE_LEDGERS + Number(currency.numeric),
    code,
    currency: currency.code,
    reference,
  }
  known.set(reference, account)
  return account
}

type Between = {
  readonly id: Uuid
  readonly debit: HouseAccount
  readonly credit: HouseAccount
  readonly code: number
}
/** One posting of a flow. Amounts in minor units of the accounts' currency. */
export type Posting = Between & { readonly externalReference?: string | null } & (
    | { readonly kind: 'move' | 'hold'; readonly amount: bigint }
    /** Posts all or a part of what `hold` holds, and releases the rest. */
    | { readonly kind: 'capture'; readonly hold: Uuid; readonly amount: bigint }
    | { readonly kind: 'release'; readonly hold: Uuid }
  )

/** Declares, in the first round of a unit, everything that its postings will touch. */
export const declarePostings = (
  declare: Declare,
  wanted: {
    readonly accounts: readonly HouseAccount[]
    /** The ids of the postings. */
    readonly ids: readonly Uuid[]
    /** Holds made by earlier units that are captured or released. */
    readonly holds?: readonly Uuid[]
  },
): void => {
  for (const account of wanted.accounts) {
    declare(accountsTable, account.id)
    declare(ledgersTable, String(account.ledger))
    declare(referencesTable, account.reference)
  }
  for (const id of wanted.ids) {
    declare(transfersTable, id)
    declare(burntTable, id)
    declare(holdsTable, id)
  }
  for (const hold of wanted.holds ?? []) {
    declare(transfersTable, hold)
    declare(holdsTable, hold)
  }
}

const FLAGS = {
  move: 0,
  hold: TRANSFER_FLAGS.pending,
  capture: TRANSFER_FLAGS.post_pending_transfer,
  release: TRANSFER_FLAGS.void_pending_transfer,
} as const

const commandOf = (posting: Posting): TransferCommand => ({
  id: posting.id,
  debit: posting.debit.id,
  credit: posting.credit.id,
  amount: posting.kind === 'release' ? 0n : posting.amount,
  pendingId: posting.kind === 'capture' || posting.kind === 'release' ? posting.hold : UUID_ZERO,
  ledger: posting.debit.ledger,
  code: posting.code,
  flags: FLAGS[posting.kind],
  timeoutS: 0,
  userData: 0n,
  timeMicros: 0n,
  currency: posting.debit.currency,
  externalReference: posting.externalReference ?? null,
  bookDay: null,
  valueDay: null,
  metadata: null,
})

const openCommand = (account: HouseAccount): AccountCommand => ({
  id: account.id,
  ledger: account.ledger,
  code: account.code,
  flags: 0,
  userData: 0n,
  timeMicros: 0n,
  currency: account.currency,
  reference: account.reference,
  metadata: null,
})

/**
 * Posts in the unit's own commit, and opens the accounts that are used for the first time. The platform's accounts have
 * no limits and its units know what they post, so a posting that is refused is a bug and undoes the unit.
 */
export const post = (draft: Draft, postings: readonly Posting[]): void => {
  const books = booksOf(draft)
  const accounts = new Map(
    postings.flatMap(({ debit, credit }) => [debit, credit]).map((each) => [each.id, each]),
  )
  const missing = [...accounts.values()].filter(({ id }) => books.account(id) === undefined)
  if (missing.length > 0) {
    const opened = createAccounts(books, missing.map(openCommand))
    assert(
      opened.every((status) => status === 'created'),
      `house accounts are opened: ${opened.join(', ')}`,
    )
  }
  const statuses = createTransfers(books, postings.map(commandOf))
  assert(
    statuses.every((status) => status === 'created'),
    `a flow's postings are accepted: ${statuses.join(', ')}`,
  )
}

/** Postings by their ids, for a read: see readTransfer. */
export const findPostings = (tenant: TenantId, ids: readonly Uuid[]): Statement =>
  transfersTable.load(tenant, ids)

export type HouseBalance = {
  readonly debitsPosted: bigint
  readonly creditsPosted: bigint
  readonly debitsPending: bigint
  readonly creditsPending: bigint
}

const NOTHING: HouseBalance = { debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n }

/** The balance of a declared account as the units before this one left it. */
export const houseBalance = (draft: Draft, account: HouseAccount): HouseBalance =>
  draft.get(accountsTable, account.id) ?? NOTHING
