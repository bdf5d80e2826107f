import type { ClientBase } from 'pg'
import { type Actor, headAsOwner } from '../audit/index.ts'
import { holdBatches } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import { inDeletionOrder, type TableWithTargets } from './core/deletion-order.ts'
import { type Refused, refuse } from './core/reasons.ts'
import { recordSandbox } from './create-tenant.ts'
import type { TenantKind } from './model.ts'
import { type AsOwner, actFor, inTransaction } from './owner.ts'
import { only } from './rows.ts'

/**
 * Every table of ours with a column `tenant`, but for the list of tenants: read from the catalogue, so that a table
 * that is added later is not forgotten. A partitioned table stands for its parts. Tables of others are not touched,
 * whatever their columns are called.
 */
const TABLES_OF_TENANTS = `
select t.oid::regclass::text as name,
       array(select distinct k.confrelid::regclass::text from pg_constraint k
              where k.conrelid = t.oid and k.contype = 'f') as targets
  from pg_class t
  join pg_namespace n on n.oid = t.relnamespace
  join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant' and not a.attisdropped
 where t.relkind in ('r', 'p') and not t.relispartition
   and t.relowner = (select r.oid from pg_roles r where r.rolname = current_user)
   and not (n.nspname = 'tenants' and t.relname = 'tenants')`

const removeRows = async (owner: ClientBase, tenant: TenantId): Promise<number> => {
  const { rows } = await owner.query<TableWithTargets>(TABLES_OF_TENANTS)
  let removed = 0
  for (const table of inDeletionOrder(rows)) {
    const { rowCount } = await owner.query(`delete from ${table} where tenant = $1`, [tenant])
    removed += rowCount ?? 0
  }
  return removed
}

type Found = { readonly tenant: TenantId; readonly kind: TenantKind }

export type SandboxDeleted = { readonly ok: true; readonly rows: number }

/**
 * Removes a sandbox with everything in it, or nothing of it. Who still works in it gets a fault, and its keys stop.
 * What stays is its line in the list of tenants, marked as deleted, so that its number is not given again.
 */
export const deleteSandbox = (
  { asOwner, actor }: { readonly asOwner: AsOwner; readonly actor: Actor },
  name: string,
): Promise<SandboxDeleted | Refused> =>
  inTransaction(asOwner, async (owner) => {
    const { rows } = await owner.query<Found>(
      'select tenant, kind from tenants.tenants where name = $1 and deleted_at is null for update',
      [name],
    )
    const [found] = rows
    if (found === undefined) return refuse('tenant_missing', name)
    if (found.kind === 'live') return refuse('live_tenant_kept')
    await actFor(owner, found.tenant)
    await holdBatches(owner, found.tenant)
    const head = await headAsOwner(owner, found.tenant)
    const removed = await removeRows(owner, found.tenant)
    await owner.query('update tenants.tenants set deleted_at = now() where tenant = $1', [found.tenant])
    const live = await owner.query<{ tenant: TenantId }>(
      `select tenant from tenants.tenants where kind = 'live'`,
    )
    await recordSandbox(owner, only(live.rows).tenant, actor, {
      action: 'sandbox.deleted',
      name,
      before: { tenant: found.tenant, position: head.position, hash: head.hash },
      after: null,
    })
    return { ok: true, rows: removed }
  })
