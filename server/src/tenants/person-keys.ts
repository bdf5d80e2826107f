import type { ClientBase } from 'pg'
import type { Actor } from '../audit/index.ts'
import type { Uuid } from '../kit/index.ts'
import type { Mode } from './core/key-text.ts'
import { type Refused, refuse } from './core/reasons.ts'
import { endKey, hasRoom, holdTenant, insertKey, type KeyMade } from './keys.ts'
import { modeOf, type Tenant } from './model.ts'
import { actFor } from './owner.ts'
import { type KeyRow, readKey } from './rows.ts'

const KEYS_OF = `
select id::text, tenant, kind, name, last4, created_at, expires_at, permissions, person::text, last_used_at, replaced_by::text,
       revoked_at
  from tenants.api_keys where tenant = $1 and person = $2 and revoked_at is null for update`

type Bare = Omit<KeyRow, 'tenant_name' | 'tenant_kind'>

export type Whose = { readonly id: Uuid; readonly name: string; readonly nowMs: number }

/**
 * Keys of people, within the owner's transaction that makes, changes or removes the person: so there is no person
 * without a record, no key without its person, and none of both without an entry in the audit log.
 */
export type PersonKeys = {
  /** Held until the transaction ends, and named in it for row-level security. */
  readonly holdTenant: (owner: ClientBase, name: string) => Promise<(Tenant & { readonly mode: Mode }) | null>
  readonly make: (owner: ClientBase, tenant: Tenant, whose: Whose) => Promise<KeyMade | Refused>
  /** All that he has; returns their ids. */
  readonly end: (owner: ClientBase, tenant: Tenant, person: Uuid) => Promise<readonly string[]>
}

export const personKeysOf = (actor: Actor): PersonKeys => ({
  holdTenant: async (owner, name) => {
    const tenant = await holdTenant(owner, name)
    if (tenant === null) return null
    await actFor(owner, tenant.id)
    return { ...tenant, mode: modeOf(tenant.kind) }
  },
  make: async (owner, tenant, { id, name, nowMs }) => {
    if (!(await hasRoom(owner))) return refuse('keys_too_many', tenant.name)
    return insertKey(owner, tenant, { kind: 'person', name, nowMs, person: id }, actor)
  },
  end: async (owner, tenant, person) => {
    const { rows } = await owner.query<Bare>(KEYS_OF, [tenant.id, person])
    const ended: string[] = []
    for (const row of rows) {
      const key = await endKey(
        owner,
        actor,
        readKey({ ...row, tenant_name: tenant.name, tenant_kind: tenant.kind }),
      )
      if (key !== null) ended.push(key.id)
    }
    return ended
  },
})
