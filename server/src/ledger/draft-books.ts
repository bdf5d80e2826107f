import { type Draft, setTimer } from '../database/index.ts'
import { dayOf, type Micros } from '../kit/index.ts'
import {
  ACCOUNT_FLAGS,
  type Account,
  type Books,
  closedThrough,
  type Hold,
  NOTHING_CLOSED,
  TRANSFER_FLAGS,
  type Transfer,
} from './core/index.ts'
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
import { dailyTotalsList } from './store/writer.ts'

/** The timer that ends a hold. */
export const EXPIRY_TIMER = 'ledger.expiry'

/** Imported times count as well: whatever the clock does later, nothing is recorded before what stands already. */
const newer = (one: Micros, other: Micros): Micros => (one > other ? one : other)

const putAccount = (draft: Draft, account: Account): void => {
  const isNew = draft.get(accountsTable, account.id) === undefined
  draft.put(accountsTable, account.id, account)
  if (!isNew) return
  if (account.reference !== null) draft.put(referencesTable, account.reference, account.id)
  if ((account.flags & ACCOUNT_FLAGS.imported) !== 0) {
    draft.put(accountTimesTable, String(account.timeMicros), account.timeMicros)
  }
  const { counters } = draft
  const newestMicros = newer(counters.newestMicros, account.timeMicros)
  draft.counters = { ...counters, newestMicros, accountMicros: account.timeMicros }
}

const putTransfer = (draft: Draft, transfer: Transfer): void => {
  draft.put(transfersTable, transfer.id ?? `expiry of ${transfer.pendingId}`, transfer)
  if ((transfer.flags & TRANSFER_FLAGS.imported) !== 0) {
    draft.put(transferTimesTable, String(transfer.timeMicros), transfer.timeMicros)
  }
  const { counters } = draft
  const newestMicros = newer(counters.newestMicros, transfer.timeMicros)
  draft.counters = { ...counters, newestMicros, transferMicros: transfer.timeMicros }
}

const putHold = (draft: Draft, hold: Hold): void => {
  draft.put(holdsTable, hold.id, hold)
  if (hold.expiresMicros === null) return
  const dueMicros = hold.state === 'pending' ? hold.expiresMicros : null
  setTimer(draft, { kind: EXPIRY_TIMER, subject: hold.id, dueMicros })
}

/** The books as the units of a batch see them: decide's view of the draft. */
export const booksOf = (draft: Draft): Books => ({
  ledger: (number) => draft.get(ledgersTable, String(number)),
  account: (id) => draft.get(accountsTable, id),
  transfer: (id) => draft.get(transfersTable, id),
  hold: (id) => draft.get(holdsTable, id),
  burnt: (id) => draft.get(burntTable, id)?.status,
  referenceOwner: (reference) => draft.get(referencesTable, reference),
  accountAt: (time) => draft.get(accountTimesTable, String(time)) !== undefined,
  transferAt: (time) => draft.get(transferTimesTable, String(time)) !== undefined,

  closedThrough: () => closedThrough(draft.get(closedTable, CLOSED) ?? NOTHING_CLOSED),

  putLedger: (ledger) => draft.put(ledgersTable, String(ledger.number), ledger),
  putAccount: (account) => putAccount(draft, account),
  putTransfer: (transfer) => putTransfer(draft, transfer),
  putHold: (hold) => putHold(draft, hold),
  burn: (id, status) => draft.put(burntTable, id, { id, status }),
  addToDay: (account, day, debits, credits) =>
    draft.append(dailyTotalsList, { account, day, debits, credits }),

  now: draft.now,
  newestAccount: () => draft.counters.accountMicros,
  newestTransfer: () => draft.counters.transferMicros,
  nextTime: () => draft.nextTime(),
  nextSequence: () => {
    const transferSequence = draft.counters.transferSequence + 1n
    draft.counters = { ...draft.counters, transferSequence }
    return transferSequence
  },
  dayOf: (time) => dayOf(time, draft.timeZone),

  mark: () => draft.mark(),
  rollback: (mark) => draft.rollback(mark),
})
