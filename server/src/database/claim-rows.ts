import type { Micros, TenantId } from '../kit/index.ts'
import type { RawRow, Statement } from './commit/table.ts'

/** What is known of an idempotency key, for people who ask what became of a request. */
export type ClaimSeen = {
  readonly key: string
  readonly digest: string
  readonly createdMicros: Micros
  readonly isAnswered: boolean
  readonly attempts: number
  readonly status: number | null
  readonly code: string | null
  readonly objectId: string | null
  /** Until when, by the wall clock, the one who works on it is believed to live. */
  readonly leaseUntilMs: number | null
}

export const findClaim = (tenant: TenantId, scope: string, key: string): Statement => ({
  name: 'claim_find',
  text: `select key, encode(digest, 'hex'), created_micros, state, attempts, status, code, object_id, lease_until_ms
           from database.idempotency_keys where tenant = $1 and scope = $2 and key = $3`,
  values: [tenant, scope, key],
})

export const readClaimSeen = (raw: RawRow): ClaimSeen => {
  const [key, digest, created, state, attempts, status, code, objectId, lease] = raw
  return {
    key: key as string,
    digest: digest as string,
    createdMicros: created as bigint,
    isAnswered: state === 1,
    attempts: attempts as number,
    status: status as number | null,
    code: code as string | null,
    objectId: objectId as string | null,
    leaseUntilMs: lease === null ? null : Number(lease as bigint),
  }
}
