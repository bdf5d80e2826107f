import type { ClientBase } from 'pg'
import { type Act, type Actor, appendActAsOwner } from '../audit/index.ts'
import { createHead } from '../database/index.ts'
import { assert, type TenantId } from '../kit/index.ts'
import { FIRST_SANDBOX_NAME, findTimeZone, isSandboxName, LIVE_NAME } from './core/names.ts'
import { type Refused, refuse } from './core/reasons.ts'
import { SANDBOXES_MOST } from './limits.ts'
import type { Tenant, TenantKind } from './model.ts'
import { type AsOwner, actFor, inTransaction } from './owner.ts'
import { only, readTenant } from './rows.ts'

/** Makes a tenant's data key, in the transaction that makes the tenant (the vault's createDataKey). */
export type MakeDataKey = (owner: ClientBase, tenant: TenantId) => Promise<unknown>

export type Making = { readonly asOwner: AsOwner; readonly makeDataKey: MakeDataKey; readonly actor: Actor }

type Wanted = { readonly kind: TenantKind; readonly name: string; readonly timeZone: string }

/** Tenants are made one after the other, over all processes; reading goes on meanwhile. */
const takeTurn = (owner: ClientBase): Promise<unknown> =>
  owner.query('lock table tenants.tenants in share row exclusive mode')

/** Numbers only rise, and that of a deleted tenant is never given again: what remembers it must not meet another. */
const insertTenant = async (owner: ClientBase, { kind, name, timeZone }: Wanted): Promise<Tenant> => {
  const { rows } = await owner.query(
    `insert into tenants.tenants (tenant, kind, name, time_zone)
     select coalesce(max(tenant), 0) + 1, $1, $2, $3 from tenants.tenants
     returning tenant, kind, name, time_zone, created_at`,
    [kind, name, timeZone],
  )
  return readTenant(only(rows))
}

const createTenant = async (owner: ClientBase, makeDataKey: MakeDataKey, wanted: Wanted): Promise<Tenant> => {
  const tenant = await insertTenant(owner, wanted)
  await actFor(owner, tenant.id)
  await createHead(owner, { tenant: tenant.id, timeZone: tenant.timeZone })
  await makeDataKey(owner, tenant.id)
  return tenant
}

/** In the live tenant's log: a sandbox that is deleted takes its own with it. */
export const recordSandbox = async (
  owner: ClientBase,
  live: TenantId,
  actor: Actor,
  act: Pick<Act, 'before' | 'after'> & {
    readonly action: 'sandbox.created' | 'sandbox.deleted'
    readonly name: string
  },
): Promise<void> => {
  const { action, name, before, after } = act
  await actFor(owner, live)
  await appendActAsOwner(owner, live, { actor, action, subject: name, reason: null, before, after })
}

type Standing = { readonly tenant: TenantId; readonly name: string; readonly kind: TenantKind }

const standing = async (owner: ClientBase): Promise<readonly Standing[]> =>
  (await owner.query<Standing>('select tenant, name, kind from tenants.tenants where deleted_at is null'))
    .rows

export type SandboxMade = { readonly ok: true; readonly tenant: Tenant }

export const createSandbox = async (
  { asOwner, makeDataKey, actor }: Making,
  wanted: { readonly name: string; readonly timeZone?: string | undefined },
): Promise<SandboxMade | Refused> => {
  const { name } = wanted
  if (!isSandboxName(name)) return refuse('sandbox_name_invalid', name)
  if (name === LIVE_NAME) return refuse('sandbox_name_reserved', name)
  const timeZone = findTimeZone(wanted.timeZone ?? 'UTC')
  if (timeZone === null) return refuse('time_zone_unknown', wanted.timeZone)
  return inTransaction(asOwner, async (owner) => {
    await takeTurn(owner)
    const tenants = await standing(owner)
    const live = tenants.find(({ kind }) => kind === 'live')
    assert(live !== undefined, 'the live tenant is made before any other')
    if (tenants.some((tenant) => tenant.name === name)) return refuse('sandbox_name_taken', name)
    if (tenants.length > SANDBOXES_MOST) return refuse('sandboxes_too_many')
    const tenant = await createTenant(owner, makeDataKey, { kind: 'sandbox', name, timeZone })
    await recordSandbox(owner, live.tenant, actor, {
      action: 'sandbox.created',
      name,
      before: null,
      after: { tenant: tenant.id, time_zone: timeZone },
    })
    return { ok: true, tenant }
  })
}

/**
 * A new database gets the live tenant and one sandbox; in any other nothing is done. True when they were made.
 * A sandbox that somebody deleted later does not come back.
 */
export const ensureFirstTenants = ({ asOwner, makeDataKey }: Making): Promise<boolean> =>
  inTransaction(asOwner, async (owner) => {
    await takeTurn(owner)
    if ((await standing(owner)).length > 0) return false
    await createTenant(owner, makeDataKey, { kind: 'live', name: LIVE_NAME, timeZone: 'UTC' })
    await createTenant(owner, makeDataKey, { kind: 'sandbox', name: FIRST_SANDBOX_NAME, timeZone: 'UTC' })
    return true
  })
