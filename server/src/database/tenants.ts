import type { ClientBase } from 'pg'
import type { TenantId } from '../kit/index.ts'

/** The head row of a new tenant: as the owner, in the transaction that makes the tenant and has set it. */
export const createHead = async (
  owner: ClientBase,
  { tenant, timeZone }: { readonly tenant: TenantId; readonly timeZone: string },
): Promise<void> => {
  await owner.query('insert into database.heads (tenant, time_zone) values ($1, $2)', [tenant, timeZone])
}

/** Waits for the tenant's batch that is being committed, and holds back the next until the transaction ends. */
export const holdBatches = async (owner: ClientBase, tenant: TenantId): Promise<void> => {
  await owner.query('select 1 from database.heads where tenant = $1 for update', [tenant])
}
