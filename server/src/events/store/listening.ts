import { type Connections, runAll, type Statement } from '../../database/index.ts'
import type { TenantId, Uuid } from '../../kit/index.ts'
import { LEASE_MS } from '../limits.ts'

// The list of tenants that have endpoints. Leases go by the database's wall clock, as all servers see the same one.

const NOW_MS = `(extract(epoch from clock_timestamp()) * 1000)::bigint`

/** Takes tenants that are to be looked at and that nobody works on. */
export const claimAny = (worker: Uuid, most: number): Statement => ({
  name: 'listening_claim_any',
  text: `with now as (select ${NOW_MS} as ms)
         update events.listening l set worker = $1, lease_until_ms = now.ms + ${LEASE_MS} from now
          where l.tenant in (select tenant from events.listening
                              where look_ms <= (select ms from now) and lease_until_ms <= (select ms from now)
                                and asked_until_ms <= (select ms from now)
                              order by look_ms limit $2 for update skip locked)
         returning l.tenant`,
  values: [worker, most],
})

/** Takes one tenant, whether it was to be looked at or not. Answers: taken, or who has it; nothing where there is none. */
export const claimOne = (worker: Uuid, tenant: TenantId, isAsked: boolean): Statement => ({
  name: isAsked ? 'listening_claim_asked' : 'listening_claim_one',
  text: `with now as (select ${NOW_MS} as ms), taken as (
           update events.listening l set worker = $1, lease_until_ms = now.ms + ${LEASE_MS} from now
            where l.tenant = $2 and l.lease_until_ms <= now.ms${isAsked ? '' : ' and l.asked_until_ms <= now.ms'}
           returning 1
         )
         select exists (select from taken) from events.listening where tenant = $2`,
  values: [worker, tenant],
})

/** Says that somebody needs the tenant's deliveries at once: whoever has them gives them up. */
export const ask = (tenant: TenantId, ms: number): Statement => ({
  name: 'listening_ask',
  text: `update events.listening set asked_until_ms = ${NOW_MS} + $2 where tenant = $1`,
  values: [tenant, ms],
})

/** Answers with whether somebody asks; with nothing when the lease was lost. */
export const renew = (worker: Uuid, tenant: TenantId): Statement => ({
  name: 'listening_renew',
  text: `update events.listening set lease_until_ms = ${NOW_MS} + ${LEASE_MS}
          where tenant = $2 and worker = $1 returning asked_until_ms > ${NOW_MS}`,
  values: [worker, tenant],
})

/** Who asked and is done takes back what was asked for. */
export const release = (
  worker: Uuid,
  tenant: TenantId,
  { inMs, hasAsked }: { readonly inMs: number; readonly hasAsked: boolean },
): Statement => ({
  name: 'listening_release',
  text: `update events.listening
            set worker = null, lease_until_ms = 0, look_ms = ${NOW_MS} + $3::bigint,
                asked_until_ms = case when $4 then 0 else asked_until_ms end
          where tenant = $2 and worker = $1`,
  values: [worker, tenant, Math.round(inMs), hasAsked],
})

/** Statements without a tenant's transaction: the list is no tenant's. */
export const onList = async (
  connections: Connections,
  statement: Statement,
): Promise<readonly (readonly unknown[])[]> => {
  const connection = await connections.acquire()
  let broken = true
  try {
    const [result] = await runAll(connection, [statement])
    broken = false
    return result?.rows ?? []
  } finally {
    connection.release(broken)
  }
}
