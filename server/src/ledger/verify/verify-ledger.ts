import type { ClientBase } from 'pg'
import {
  type Check,
  DATABASE_TABLES,
  readHeads,
  type TableRules,
  verifyDatabase,
  withSnapshot,
} from '../../database/index.ts'
import type { TenantId } from '../../kit/index.ts'
import { checksOf, openSheets } from './sheets.ts'
import { LEDGER_TABLES } from './table-rules.ts'
import { type VerifiedTenant, type VerifyProgress, verifyTenant } from './verify-tenant.ts'

export type VerifyOptions = {
  /** All, when it is left out. */
  readonly tenants?: readonly TenantId[]
  /** What the other capabilities say about their tables; those of the database and the ledger are known. */
  readonly tables?: readonly TableRules[]
  /** `noted`: a database that gives up durability is told of and is no fault. For tests. */
  readonly durability?: 'required' | 'noted'
  readonly onProgress?: (progress: VerifyProgress) => void
  /** What the other capabilities prove of these tenants, over the same moment. */
  readonly alsoProve?: (client: ClientBase, tenants: readonly TenantId[]) => Promise<readonly Check[]>
}

export type VerifyReport = {
  readonly ok: boolean
  readonly tenants: readonly VerifiedTenant[]
  readonly checks: readonly Check[]
  /** Rows of transfers that were added up. */
  readonly rows: number
  readonly seconds: number
}

const MILLIS_PER_SECOND = 1_000

/** All checks over what the client's transaction sees. */
export const verifyWithin = async (
  client: ClientBase,
  options: VerifyOptions = {},
): Promise<VerifyReport> => {
  const from = performance.now()
  const heads = await readHeads(client)
  const wanted = heads.filter(({ tenant }) => options.tenants?.includes(tenant) ?? true)
  const sheets = openSheets()
  const onProgress = options.onProgress ?? (() => undefined)
  const tenants: VerifiedTenant[] = []
  for (const head of wanted) tenants.push(await verifyTenant(client, { head, sheets, onProgress }))
  const database = await verifyDatabase(client, {
    heads,
    tenants: options.tenants,
    tables: [...DATABASE_TABLES, ...LEDGER_TABLES, ...(options.tables ?? [])],
    durability: options.durability ?? 'required',
  })
  const others = await options.alsoProve?.(
    client,
    wanted.map(({ tenant }) => tenant),
  )
  const checks = [...checksOf(sheets), ...database, ...(others ?? [])]
  return {
    ok: checks.every(({ ok }) => ok),
    tenants,
    checks,
    rows: tenants.reduce((sum, { transfers }) => sum + transfers, 0),
    seconds: (performance.now() - from) / MILLIS_PER_SECOND,
  }
}

/**
 * Proves that the books balance, while money moves: everything is read as it stood at one moment, in a transaction
 * that cannot write. The client is the reader's, which sees the rows of all tenants.
 */
export const verifyLedger = (client: ClientBase, options: VerifyOptions = {}): Promise<VerifyReport> =>
  withSnapshot(client, () => verifyWithin(client, options))
