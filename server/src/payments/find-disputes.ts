import type { Read } from '../database/index.ts'
import { parseId, showId, type TenantId, type Uuid } from '../kit/index.ts'
import type { ExpandScope, Shown } from '../requests/index.ts'
import type { BalanceTransaction, Dispute } from './core/model.ts'
import { balanceTransactions, disputes } from './store/tables.ts'
import { DISPUTE_PREFIX, showDispute } from './views-disputes.ts'

/** Disputes as they are shown, each with its balance transactions: one more read, however many there are. */
export const shownDisputes = async (
  read: Read,
  { tenant, livemode }: ExpandScope,
  rows: readonly Dispute[],
): Promise<ReturnType<typeof showDispute>[]> => {
  const ids = rows.flatMap((row) => row.balanceTransactions)
  const byId = await transactionsById(read, tenant, ids)
  return rows.map((row) => {
    const transactions = row.balanceTransactions
      .map((id) => byId.get(id))
      .filter((each) => each !== undefined)
    return showDispute(row, { livemode, transactions })
  })
}

const transactionsById = async (
  read: Read,
  tenant: TenantId,
  ids: readonly Uuid[],
): Promise<ReadonlyMap<Uuid, BalanceTransaction>> => {
  if (ids.length === 0) return new Map()
  const [rows = []] = await read(tenant, [balanceTransactions.find(tenant, ids)])
  return new Map(rows.map(balanceTransactions.read).map((row) => [row.id, row]))
}

/** What dp_… is expanded to. */
export const expandDisputes = async (
  read: Read,
  scope: ExpandScope,
  texts: readonly string[],
): Promise<ReadonlyMap<string, Shown>> => {
  const ids = texts.map((text) => parseId(DISPUTE_PREFIX, text)).filter((id) => id !== null)
  if (ids.length === 0) return new Map()
  const [rows = []] = await read(scope.tenant, [disputes.find(scope.tenant, ids)])
  const found = rows.map(disputes.read)
  const shown = await shownDisputes(read, scope, found)
  return new Map(found.map((row, index) => [showId(DISPUTE_PREFIX, row.id), shown[index] ?? {}]))
}
