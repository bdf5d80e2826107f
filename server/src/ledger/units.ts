import {
  type Claim,
  type Declare,
  type Draft,
  type Found,
  type Round,
  setTimer,
  type Unit,
} from '../database/index.ts'
import { refusalReply } from '../http/index.ts'
import type { Reply, TenantId, Uuid } from '../kit/index.ts'
import {
  ACCOUNT_FLAGS,
  type Account,
  type AccountCommand,
  type AccountStatus,
  createAccounts,
  createTransfers,
  expire,
  type Hold,
  type Ledger,
  TRANSFER_FLAGS,
  type Transfer,
  type TransferCommand,
  type TransferStatus,
} from './core/index.ts'
import { booksOf, EXPIRY_TIMER } from './draft-books.ts'
import { isHouseLedger } from './house.ts'
import { CLOSED, closedTable } from './store/closings.ts'
import {
  accountsTable,
  accountTimesTable,
  burntTable,
  holdsTable,
  ledgersTable,
  referencesTable,
  transfersTable,
  transferTimesTable,
} from './store/tables.ts'

/** What every unit is told about the request that it comes from. */
export type Request<Made> = {
  readonly tenant: TenantId
  readonly bytes: number
  readonly deadlineMs: number
  readonly claim: Claim | null
  /** Renders the answer while the rows that it shows are at hand; with a claim it is what is stored under the key. */
  readonly reply: ((made: Made) => Reply) | null
}

const readAccountCommand = (declare: Declare, command: AccountCommand): void => {
  declare(accountsTable, command.id)
  declare(ledgersTable, String(command.ledger))
  if (command.reference !== null) declare(referencesTable, command.reference)
  if ((command.flags & ACCOUNT_FLAGS.imported) !== 0) declare(transferTimesTable, String(command.timeMicros))
}

const SECOND_PHASE = TRANSFER_FLAGS.post_pending_transfer | TRANSFER_FLAGS.void_pending_transfer

const readTransferCommand = (declare: Declare, command: TransferCommand): void => {
  declare(transfersTable, command.id)
  declare(burntTable, command.id)
  if ((command.flags & TRANSFER_FLAGS.pending) !== 0) declare(holdsTable, command.id)
  if ((command.flags & TRANSFER_FLAGS.imported) !== 0) declare(accountTimesTable, String(command.timeMicros))
  if ((command.flags & SECOND_PHASE) !== 0) {
    declare(transfersTable, command.pendingId)
    declare(holdsTable, command.pendingId)
  } else {
    declare(accountsTable, command.debit)
    declare(accountsTable, command.credit)
  }
}

/** A post or void names only its pending transfer; the accounts are what that points to. */
const readHeldAccounts = (declare: Declare, found: Found, pendingId: Uuid): void => {
  const held = found(transfersTable, pendingId)
  if (held === undefined) return
  declare(accountsTable, held.debit)
  declare(accountsTable, held.credit)
}

/** What is booked on its own day meets no closed period, so only the others ask what is closed. */
const mayBeClosed = ({ bookDay, flags }: TransferCommand): boolean =>
  bookDay !== null || (flags & TRANSFER_FLAGS.imported) !== 0

const transferRounds = (commands: readonly TransferCommand[]): Round[] => [
  (declare) => {
    if (commands.some(mayBeClosed)) declare(closedTable, CLOSED)
    for (const command of commands) readTransferCommand(declare, command)
  },
  (declare, found) => {
    for (const command of commands) {
      if ((command.flags & SECOND_PHASE) !== 0) readHeldAccounts(declare, found, command.pendingId)
    }
  },
]

/** The answers to a request's commands, in order, and the accounts as they stand after it. */
export type MadeAccounts = {
  readonly statuses: readonly AccountStatus[]
  readonly account: (id: Uuid) => Account | undefined
}

export type ShownTransfer = { readonly transfer: Transfer; readonly hold: Hold | undefined }

export type MadeTransfers = {
  readonly statuses: readonly TransferStatus[]
  readonly transfer: (id: Uuid) => ShownTransfer | undefined
}

export type MadeLedger = { readonly ledger: Ledger; readonly created: boolean }

export const createAccountsUnit = (
  request: Request<MadeAccounts>,
  commands: readonly AccountCommand[],
): Unit<readonly AccountStatus[]> => ({
  ...shared(request, 'ledger.accounts.create', commands.length),
  reads: [
    (declare) => {
      for (const command of commands) readAccountCommand(declare, command)
    },
  ],
  decide: (draft) => {
    const statuses = createAccounts(booksOf(draft), commands)
    const made: MadeAccounts = { statuses, account: (id) => draft.get(accountsTable, id) }
    return { kind: 'answer', answer: statuses, reply: request.reply?.(made) ?? null }
  },
})

export const createTransfersUnit = (
  request: Request<MadeTransfers>,
  commands: readonly TransferCommand[],
): Unit<readonly TransferStatus[]> => ({
  ...shared(request, 'ledger.transfers.create', commands.length),
  reads: transferRounds(commands),
  decide: (draft) => {
    if (commands.some((command) => endsHouseHold(draft, command))) {
      return { kind: 'answer', answer: [], reply: houseHoldReply() }
    }
    const statuses = createTransfers(booksOf(draft), commands)
    const made: MadeTransfers = { statuses, transfer: (id) => shownTransfer(draft, id) }
    return { kind: 'answer', answer: statuses, reply: request.reply?.(made) ?? null }
  },
})

/** What payments hold is posted and voided by payments. */
const endsHouseHold = (draft: Draft, { flags, pendingId }: TransferCommand): boolean =>
  (flags & SECOND_PHASE) !== 0 && isHouseLedger(draft.get(transfersTable, pendingId)?.ledger ?? 0)

const houseHoldReply = (): Reply =>
  refusalReply({
    kind: 'invalid',
    code: 'ledger_reserved',
    message:
      'The pending transfer is the platform’s own: it belongs to a payment. Capture or cancel the payment instead.',
    param: 'pending_id',
  })

const shownTransfer = (draft: Draft, id: Uuid): ShownTransfer | undefined => {
  const transfer = draft.get(transfersTable, id)
  if (transfer === undefined) return undefined
  const isPending = (transfer.flags & TRANSFER_FLAGS.pending) !== 0
  return { transfer, hold: isPending ? draft.get(holdsTable, id) : undefined }
}

/** Ends holds whose time is over. Their timers go with them, whether or not there was anything left to end. */
export const expireUnit = (request: Request<number>, ids: readonly Uuid[]): Unit<number> => ({
  ...shared(request, 'ledger.holds.expire', ids.length),
  reads: [
    (declare) => {
      for (const id of ids) {
        declare(transfersTable, id)
        declare(holdsTable, id)
      }
    },
    (declare, found) => {
      for (const id of ids) readHeldAccounts(declare, found, id)
    },
  ],
  decide: (draft) => {
    const books = booksOf(draft)
    let expired = 0
    for (const id of ids) {
      if (expire(books, id)) expired++
      const hold = draft.get(holdsTable, id)
      if (hold?.state !== 'pending') setTimer(draft, { kind: EXPIRY_TIMER, subject: id, dueMicros: null })
    }
    return { kind: 'answer', answer: expired, reply: null }
  },
})

/** Makes a ledger with its name and currency, or says what stands there already. */
export const createLedgerUnit = (
  request: Request<MadeLedger>,
  wanted: { readonly number: number; readonly name: string; readonly currency: string },
): Unit<MadeLedger> => ({
  ...shared(request, 'ledger.ledgers.create', 1),
  reads: [(declare) => declare(ledgersTable, String(wanted.number))],
  decide: (draft) => {
    const existing = draft.get(ledgersTable, String(wanted.number))
    const ledger = existing ?? { ...wanted, createdMicros: draft.nextTime() }
    if (existing === undefined) draft.put(ledgersTable, String(wanted.number), ledger)
    const answer = { ledger, created: existing === undefined }
    return { kind: 'answer', answer, reply: request.reply?.(answer) ?? null }
  },
})

const shared = <Answer, Made>(
  request: Request<Made>,
  name: string,
  items: number,
): Pick<Unit<Answer>, 'tenant' | 'name' | 'items' | 'bytes' | 'deadlineMs' | 'claim'> => ({
  tenant: request.tenant,
  name,
  items,
  bytes: request.bytes,
  deadlineMs: request.deadlineMs,
  claim: request.claim,
})
