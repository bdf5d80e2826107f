import { randomBytes } from 'node:crypto'
import type { ClientBase } from 'pg'
import { copyRows, type HeadRow, type OnRow, withoutSorting } from '../../database/index.ts'
import type { TenantId } from '../../kit/index.ts'
import { BookDays } from './book-days.ts'
import { compareClosings } from './closings.ts'
import { compareDays } from './day-rows.ts'
import { Fold } from './fold.ts'
import { compareHolds, compareTimers } from './hold-rows.ts'
import { compareIds } from './ids.ts'
import { PROGRESS_ROWS } from './limits.ts'
import { type LoadedAccounts, loadAccounts } from './load-accounts.ts'
import { Phases } from './phases.ts'
import type { Sheets } from './sheets.ts'
import { compareAccounts } from './stored-accounts.ts'
import { TRANSFER_ROWS } from './transfer-rows.ts'

/** What verify is doing, for a progress bar: transfers read, of how many by the tenant's head row. */
export type VerifyProgress = {
  readonly tenant: TenantId
  readonly step: 'accounts' | 'transfers' | 'holds' | 'balances' | 'book dates' | 'ids' | 'closed periods'
  readonly done: number
  readonly total: number
}

type Options = {
  readonly head: HeadRow
  readonly sheets: Sheets
  readonly onProgress: (progress: VerifyProgress) => void
}

export type VerifiedTenant = {
  readonly tenant: TenantId
  readonly accounts: number
  readonly transfers: number
  readonly holdsOpen: number
}

const randomInteger = (): number => randomBytes(4).readInt32LE()
const randomBigint = (): bigint => randomBytes(8).readBigInt64LE()

const compareHead = ({ head, sheets }: Options, loaded: LoadedAccounts, newest: Fold['newest']): void => {
  const pairs = [
    ['transfer_sequence', head.transferSequence, newest.sequence],
    ['transfer_micros', head.transferMicros, newest.micros],
    ['account_micros', head.accountMicros, loaded.newestMicros],
  ] as const
  for (const [counter, stored, found] of pairs) {
    if (stored !== found)
      sheets.head.find(head.tenant, 'a counter is not that of the newest row', { counter, stored, found })
  }
  const own = newest.ownMicros > loaded.ownMicros ? newest.ownMicros : loaded.ownMicros
  if (own > head.newestMicros) {
    const details = { counter: 'newest_micros', stored: head.newestMicros, found: own }
    sheets.head.find(head.tenant, 'a row is later than the newest time', details)
  }
  sheets.head.rows += 1
}

/** Reads all of a tenant's books once and compares them with what follows from its transfers. */
export const verifyTenant = async (client: ClientBase, options: Options): Promise<VerifiedTenant> => {
  const { head, sheets } = options
  const { tenant } = head
  const total = Number(head.transferSequence)
  let done = 0
  const tell = (step: VerifyProgress['step']): void => options.onProgress({ tenant, step, done, total })
  tell('accounts')
  const loaded = await loadAccounts(client, { tenant, sheets, seed: randomInteger() })
  const { accounts } = loaded
  const key = [randomInteger(), randomInteger()] as const
  const phases = new Phases({ tenant, accounts, sheets, seed: randomInteger(), key })
  const days = new BookDays(accounts, randomBigint)
  const fold = new Fold({ tenant, accounts, sheets, phases, days })
  tell('transfers')
  const from = `from ledger.transfers where tenant = ${tenant} order by time_micros`
  const row: OnRow = (view, at) => {
    fold.row(view, at)
    done += 1
    if (done % PROGRESS_ROWS === 0) tell('transfers')
  }
  const transfers = await withoutSorting(client, () => copyRows(client, TRANSFER_ROWS, from, row))
  phases.finish()
  countTransfers(sheets, transfers)
  tell('holds')
  await compareHolds(client, { tenant, accounts, sheets, phases, key })
  await compareTimers(client, { tenant, accounts, sheets, phases, key })
  tell('balances')
  await compareAccounts(client, { tenant, accounts, sheets, days })
  compareHead(options, loaded, fold.newest)
  tell('book dates')
  await compareDays(client, { tenant, accounts, sheets, days })
  tell('ids')
  await compareIds(client, { tenant, sheets })
  await compareClosings(client, { tenant, sheets, onBegin: () => tell('closed periods') })
  return { tenant, accounts: accounts.index.size, transfers, holdsOpen: phases.open.index.size }
}

const countTransfers = (sheets: Sheets, transfers: number): void => {
  sheets.entries.rows += transfers * 2
  sheets.limits.rows += transfers * 2
  for (const name of ['ids', 'sequence', 'accounts', 'closed', 'book_dates'] as const)
    sheets[name].rows += transfers
}
