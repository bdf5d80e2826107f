import type { ClientBase } from 'pg'
import { holdBatches, writeAsOwner } from '../database/index.ts'
import { canonicalJson, type Json, type TenantId } from '../kit/index.ts'
import type { ChainHead } from './core/entry.ts'
import type { Act, Receipt } from './core/model.ts'
import { declareAudit, type RecordOptions, recordAct } from './record.ts'
import { findHead, readHead, writeAudit } from './store/tables.ts'

/** The end of the tenant's chain, in a transaction that has set him. */
export const headAsOwner = async (owner: ClientBase, tenant: TenantId): Promise<ChainHead> => {
  const { text, values } = findHead(tenant)
  const { rows } = await owner.query<unknown[]>({ text, values: [...values], rowMode: 'array' })
  return readHead(rows[0])
}

const LAST_OF = `
select content from audit.entries where tenant = $1 and action = $2 order by position desc limit 1`

/** What the last act of that name has left, in a transaction that holds the tenant's batches back; null where there was none. */
export const lastOfAsOwner = async (owner: ClientBase, tenant: TenantId, action: string): Promise<Json> => {
  await owner.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant)])
  await holdBatches(owner, tenant)
  const { rows } = await owner.query<{ content: string }>(LAST_OF, [tenant, action])
  return rows[0] === undefined ? null : (JSON.parse(rows[0].content) as { readonly after: Json }).after
}

/**
 * Records what stands now, if it is not what the last act of that name has left: for settings that are read from outside, of
 * which nobody says when they change. Null where nothing has changed.
 */
export const appendChangeAsOwner = async (
  owner: ClientBase,
  tenant: TenantId,
  act: Omit<Act, 'before'>,
): Promise<Receipt | null> => {
  // Of two processes that start at once the second sees what the first has recorded.
  const last = await lastOfAsOwner(owner, tenant, act.action)
  if (last !== null && canonicalJson(last) === canonicalJson(act.after)) return null
  return appendActAsOwner(owner, tenant, { ...act, before: last })
}

/** Records an act in the transaction in which the owner does it: a key and what is recorded of it are one commit. */
export const appendActAsOwner = (
  owner: ClientBase,
  tenant: TenantId,
  act: Act,
  options: RecordOptions = {},
): Promise<Receipt> =>
  writeAsOwner(owner, tenant, {
    writers: writeAudit,
    reads: [declareAudit],
    decide: (draft) => recordAct(draft, act, options),
  })
