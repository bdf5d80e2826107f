import type { Read } from '../database/index.ts'
import { parseId, showId, type TenantId } from '../kit/index.ts'
import type { ExpandScope, Shown } from '../requests/index.ts'
import type { BalanceTransaction } from './core/model.ts'
import { readRelease, releaseId, releasesTable } from './store/releases.ts'
import { balanceTransactions } from './store/tables.ts'
import { BALANCE_TRANSACTION_PREFIX, showBalanceTransaction } from './views.ts'

type ShownTransaction = ReturnType<typeof showBalanceTransaction>

const isAtOnce = (row: BalanceTransaction): boolean => row.availableOnMicros <= row.createdMicros

const releaseOf = (row: BalanceTransaction) => releaseId(row.currency, row.availableOnMicros)

/**
 * Balance transactions as they are shown. One is available exactly when the ledger says so: when it was at once, or when
 * its release has been posted, never because a clock has passed the moment.
 */
export const shownTransactions = async (
  read: Read,
  tenant: TenantId,
  rows: readonly BalanceTransaction[],
): Promise<ShownTransaction[]> => {
  const ids = [...new Set(rows.filter((row) => !isAtOnce(row)).map(releaseOf))]
  const [found = []] = ids.length === 0 ? [] : await read(tenant, [releasesTable.load(tenant, ids)])
  const released = new Set(
    found
      .map(readRelease)
      .filter(({ state }) => state === 'released')
      .map(({ id }) => id),
  )
  return rows.map((row) => {
    const isAvailable = isAtOnce(row) || released.has(releaseOf(row))
    return showBalanceTransaction(row, isAvailable ? row.availableOnMicros : row.availableOnMicros - 1n)
  })
}

/** What txn_… is expanded to. */
export const expandTransactions = async (
  read: Read,
  { tenant }: ExpandScope,
  texts: readonly string[],
): Promise<ReadonlyMap<string, Shown>> => {
  const ids = texts.map((text) => parseId(BALANCE_TRANSACTION_PREFIX, text)).filter((id) => id !== null)
  if (ids.length === 0) return new Map()
  const [rows = []] = await read(tenant, [balanceTransactions.find(tenant, ids)])
  const found = rows.map(balanceTransactions.read)
  const shown = await shownTransactions(read, tenant, found)
  return new Map(found.map((row, index) => [showId(BALANCE_TRANSACTION_PREFIX, row.id), shown[index] ?? {}]))
}
