import { hash, randomBytes } from 'node:crypto'
import type { ClientBase } from 'pg'
import { newUuid, parseId, showId, type WallClock } from '../kit/index.ts'
import { type KeyKind, lastOf, writeKeyText } from './core/key-text.ts'
import { isKeyName } from './core/names.ts'
import { type Refused, refuse } from './core/reasons.ts'
import { KEY_RANDOM_BYTES, KEYS_LISTED, KEYS_MOST } from './limits.ts'
import { type ApiKey, KEY_PREFIX, modeOf, type Tenant } from './model.ts'
import { type AsOwner, actFor, inTransaction } from './owner.ts'
import { only, type Queries, readKey, readTenant, selectKeys } from './rows.ts'

export const hashKey = (text: string): Buffer => hash('sha256', text, 'buffer')

export type KeyWanted = {
  /** The name of a tenant: 'live' or a sandbox's. */
  readonly tenant: string
  readonly name: string
  readonly kind?: KeyKind
}

/** The text is given once, here; nobody can read it from the database. */
export type KeyMade = { readonly ok: true; readonly key: ApiKey; readonly text: string }

/** Held until the transaction ends, so that a sandbox is not deleted while it gets a key, and its keys are counted. */
const holdTenant = async (owner: ClientBase, name: string): Promise<Tenant | null> => {
  const { rows } = await owner.query(
    `select tenant, kind, name, time_zone, created_at from tenants.tenants
      where name = $1 and deleted_at is null for update`,
    [name],
  )
  return rows[0] === undefined ? null : readTenant(rows[0])
}

const hasRoom = async (owner: ClientBase): Promise<boolean> => {
  const { rows } = await owner.query<{ room: boolean }>(
    `select count(*) < $1 as room from tenants.api_keys
      where revoked_at is null and (expires_at is null or expires_at > now())`,
    [KEYS_MOST],
  )
  return only(rows).room
}

const insertKey = async (
  owner: ClientBase,
  tenant: Tenant,
  wanted: { readonly name: string; readonly nowMs: number },
): Promise<KeyMade> => {
  const [kind, mode] = ['secret', modeOf(tenant.kind)] as const
  const text = writeKeyText({ kind, mode, tenant: tenant.id }, randomBytes(KEY_RANDOM_BYTES))
  const [id, last4, name] = [newUuid(wanted.nowMs), lastOf(text), wanted.name]
  const { rows } = await owner.query<{ created_at: Date }>(
    `insert into tenants.api_keys (tenant, id, kind, hash, last4, name) values ($1, $2, $3, $4, $5, $6)
     returning created_at`,
    [tenant.id, id, kind, hashKey(text), last4, name],
  )
  const key: ApiKey = {
    id: showId(KEY_PREFIX, id),
    tenant: tenant.id,
    tenantName: tenant.name,
    kind,
    mode,
    name,
    last4,
    createdMs: only(rows).created_at.getTime(),
    expiresMs: null,
    revokedMs: null,
  }
  return { ok: true, key, text }
}

export const createKey = async (
  { asOwner, clock }: { readonly asOwner: AsOwner; readonly clock: WallClock },
  wanted: KeyWanted,
): Promise<KeyMade | Refused> => {
  const kind = wanted.kind ?? 'secret'
  if (kind !== 'secret') return refuse('key_kind_not_offered', kind)
  if (!isKeyName(wanted.name)) return refuse('key_name_invalid')
  return inTransaction(asOwner, async (owner) => {
    const tenant = await holdTenant(owner, wanted.tenant)
    if (tenant === null) return refuse('tenant_missing', wanted.tenant)
    await actFor(owner, tenant.id)
    if (!(await hasRoom(owner))) return refuse('keys_too_many', tenant.name)
    return insertKey(owner, tenant, { name: wanted.name.trim(), nowMs: clock.now() })
  })
}

/** Of one tenant, or of all; newest first. For people's eyes, so as the reader, who sees every tenant. */
export const listKeys = async (reader: Queries, tenantName: string | null): Promise<readonly ApiKey[]> => {
  const keys = selectKeys(reader).limit(KEYS_LISTED)
  const rows = await (tenantName === null ? keys : keys.where('tenant.name', '=', tenantName)).execute()
  return rows.map(readKey)
}

export type KeyRevoked = { readonly ok: true; readonly key: ApiKey; readonly wasRevoked: boolean }

/** For ever. Every process stops taking the key within KEY_MEMORY_MS. */
export const revokeKey = async (
  { asOwner, reader }: { readonly asOwner: AsOwner; readonly reader: Queries },
  shownId: string,
): Promise<KeyRevoked | Refused> => {
  const id = parseId(KEY_PREFIX, shownId)
  const row = id && (await selectKeys(reader).where('key.id', '=', id).executeTakeFirst())
  if (row === null || row === undefined) return refuse('key_missing', shownId)
  const key = readKey(row)
  if (key.revokedMs !== null) return { ok: true, key, wasRevoked: true }
  return inTransaction(asOwner, async (owner) => {
    await actFor(owner, key.tenant)
    const { rows } = await owner.query<{ revoked_at: Date }>(
      `update tenants.api_keys set revoked_at = coalesce(revoked_at, now()) where tenant = $1 and id = $2
       returning revoked_at`,
      [key.tenant, id],
    )
    // Its sandbox may have been deleted since the look, and the key with it.
    if (rows[0] === undefined) return refuse('key_missing', shownId)
    return { ok: true, key: { ...key, revokedMs: rows[0].revoked_at.getTime() }, wasRevoked: false }
  })
}
