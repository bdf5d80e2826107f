import { hash, randomBytes } from 'node:crypto'
import type { ClientBase } from 'pg'
import { type Actor, appendActAsOwner } from '../audit/index.ts'
import { type Json, newUuid, parseId, showId, type Uuid, type WallClock } from '../kit/index.ts'
import { type KeyKind, lastOf, writeKeyText } from './core/key-text.ts'
import { type Refused, refuse } from './core/reasons.ts'
import { type KeyWanted, type KnownPermissions, refusalOf, refusalOfOverlap } from './core/wanted-key.ts'
import { KEY_RANDOM_BYTES, KEYS_LISTED, KEYS_MOST } from './limits.ts'
import { type ApiKey, KEY_PREFIX, modeOf, PERSON_PREFIX, type Tenant } from './model.ts'
import { type AsOwner, actFor, inTransaction } from './owner.ts'
import { only, type Queries, readKey, readPermissions, readTenant, selectKeys } from './rows.ts'

export const hashKey = (text: string): Buffer => hash('sha256', text, 'buffer')

/** The text is given once, here; nobody can read it from the database. */
export type KeyMade = { readonly ok: true; readonly key: ApiKey; readonly text: string }

/** Held until the transaction ends, so that a sandbox is not deleted while it gets a key, and its keys are counted. */
export const holdTenant = async (owner: ClientBase, name: string): Promise<Tenant | null> => {
  const { rows } = await owner.query(
    `select tenant, kind, name, time_zone, created_at from tenants.tenants
      where name = $1 and deleted_at is null for update`,
    [name],
  )
  return rows[0] === undefined ? null : readTenant(rows[0])
}

export const hasRoom = async (owner: ClientBase): Promise<boolean> => {
  const { rows } = await owner.query<{ room: boolean }>(
    `select count(*) < $1 as room from tenants.api_keys
      where revoked_at is null and (expires_at is null or expires_at > now())`,
    [KEYS_MOST],
  )
  return only(rows).room
}

type ToInsert = Pick<KeyWanted, 'name' | 'permissions' | 'expiresMs'> & {
  readonly kind: KeyKind
  readonly nowMs: number
  /** Of a person's key. */
  readonly person?: Uuid
}

const secondsOf = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / 1_000))

/** What the audit log says of a key: all that is known of it but how it is used. */
const recordOf = (key: ApiKey): Json => ({
  id: key.id,
  kind: key.kind,
  name: key.name,
  last4: key.last4,
  person: key.person,
  permissions: key.permissions,
  expires_at: secondsOf(key.expiresMs),
  replaced_by: key.replacedBy,
  revoked_at: secondsOf(key.revokedMs),
})

/** Recorded in the transaction in which it is done. */
export const recordKey = (
  owner: ClientBase,
  actor: Actor,
  action: 'key.created' | 'key.rolled' | 'key.revoked',
  { before, after }: { readonly before: ApiKey | null; readonly after: ApiKey },
): Promise<unknown> =>
  appendActAsOwner(owner, after.tenant, {
    actor,
    action,
    subject: after.id,
    reason: null,
    before: before === null ? null : recordOf(before),
    after: recordOf(after),
  })

export const insertKey = async (
  owner: ClientBase,
  tenant: Tenant,
  wanted: ToInsert,
  actor: Actor,
): Promise<KeyMade> => {
  const { kind, permissions = null, expiresMs = null, person = null } = wanted
  const mode = modeOf(tenant.kind)
  const text = writeKeyText({ kind, mode, tenant: tenant.id }, randomBytes(KEY_RANDOM_BYTES))
  const [id, last4, name] = [newUuid(wanted.nowMs), lastOf(text), wanted.name]
  const expiresAt = expiresMs === null ? null : new Date(expiresMs)
  const listed = permissions === null ? null : JSON.stringify([...new Set(permissions)].toSorted())
  const { rows } = await owner.query<{ created_at: Date }>(
    `insert into tenants.api_keys (tenant, id, kind, hash, last4, name, permissions, expires_at, person)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning created_at`,
    [tenant.id, id, kind, hashKey(text), last4, name, listed, expiresAt, person],
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
    expiresMs,
    person: person === null ? null : showId(PERSON_PREFIX, person),
    permissions: listed === null ? null : readPermissions(JSON.parse(listed)),
    lastUsedMs: null,
    replacedBy: null,
    revokedMs: null,
  }
  await recordKey(owner, actor, 'key.created', { before: null, after: key })
  return { ok: true, key, text }
}

/** Keys are made and ended by whoever works at the machine, whose name is recorded. */
export type Making = { readonly asOwner: AsOwner; readonly clock: WallClock; readonly actor: Actor }

/** @param known the permissions that there are; null where nobody asks, and then a restricted key takes any. */
export const createKey = async (
  { asOwner, clock, actor }: Making,
  wanted: KeyWanted,
  known: KnownPermissions | null,
): Promise<KeyMade | Refused> => {
  const nowMs = clock.now()
  const refused = refusalOf(wanted, { known, nowMs })
  if (refused !== null) return refused
  return inTransaction(asOwner, async (owner) => {
    const tenant = await holdTenant(owner, wanted.tenant)
    if (tenant === null) return refuse('tenant_missing', wanted.tenant)
    await actFor(owner, tenant.id)
    if (!(await hasRoom(owner))) return refuse('keys_too_many', tenant.name)
    const { kind = 'secret', ...rest } = wanted
    return insertKey(owner, tenant, { ...rest, kind, name: wanted.name.trim(), nowMs }, actor)
  })
}

const findKey = async (reader: Queries, shownId: string): Promise<ApiKey | null> => {
  const id = parseId(KEY_PREFIX, shownId)
  const row = id && (await selectKeys(reader).where('key.id', '=', id).executeTakeFirst())
  return row === null || row === undefined ? null : readKey(row)
}

export type KeyRolled = KeyMade & { readonly old: ApiKey }

/**
 * A new key in the place of an old one: of the same tenant, kind and permissions, never more. The old one goes on
 * working for the overlap, so that who uses it can change over, and then ends by itself.
 */
export const rollKey = async (
  { asOwner, clock, actor, reader }: Making & { readonly reader: Queries },
  shownId: string,
  overlapMs: number,
): Promise<KeyRolled | Refused> => {
  const refused = refusalOfOverlap(overlapMs)
  if (refused !== null) return refused
  const found = await findKey(reader, shownId)
  if (found === null) return refuse('key_missing', shownId)
  if (found.kind === 'person') return refuse('key_of_person', shownId)
  return inTransaction(asOwner, async (owner) => {
    const tenant = await holdTenant(owner, found.tenantName)
    if (tenant === null) return refuse('key_missing', shownId)
    await actFor(owner, tenant.id)
    const nowMs = clock.now()
    const oldId = parseId(KEY_PREFIX, found.id)
    const { rowCount } = await owner.query(
      `select from tenants.api_keys where tenant = $1 and id = $2 and revoked_at is null and replaced_by is null
          and (expires_at is null or expires_at > now()) for update`,
      [tenant.id, oldId],
    )
    if (rowCount === 0) return refuse('key_ended', shownId)
    const { kind, name, permissions } = found
    const own = permissions === null ? {} : { permissions }
    const made = await insertKey(owner, tenant, { kind, name, nowMs, ...own }, actor)
    const { rows } = await owner.query<{ expires_at: Date }>(
      `update tenants.api_keys set expires_at = least(expires_at, $3::timestamptz), replaced_by = $4
        where tenant = $1 and id = $2 returning expires_at`,
      [tenant.id, oldId, new Date(nowMs + overlapMs), parseId(KEY_PREFIX, made.key.id)],
    )
    const expiresMs = only(rows).expires_at.getTime()
    const old = { ...found, expiresMs, replacedBy: made.key.id }
    await recordKey(owner, actor, 'key.rolled', { before: found, after: old })
    return { ...made, old }
  })
}

/** Of one tenant, or of all; newest first. For people's eyes, so as the reader, who sees every tenant. */
export const listKeys = async (reader: Queries, tenantName: string | null): Promise<readonly ApiKey[]> => {
  const keys = selectKeys(reader).limit(KEYS_LISTED)
  const rows = await (tenantName === null ? keys : keys.where('tenant.name', '=', tenantName)).execute()
  return rows.map(readKey)
}

export type KeyRevoked = { readonly ok: true; readonly key: ApiKey; readonly wasRevoked: boolean }

/** Of keys that are not revoked yet; null when somebody was faster. */
export const endKey = async (owner: ClientBase, actor: Actor, key: ApiKey): Promise<ApiKey | null> => {
  const { rows } = await owner.query<{ revoked_at: Date }>(
    `update tenants.api_keys set revoked_at = now() where tenant = $1 and id = $2 and revoked_at is null
     returning revoked_at`,
    [key.tenant, parseId(KEY_PREFIX, key.id)],
  )
  if (rows[0] === undefined) return null
  const ended = { ...key, revokedMs: rows[0].revoked_at.getTime() }
  await recordKey(owner, actor, 'key.revoked', { before: key, after: ended })
  return ended
}

/** For ever. Every process stops taking the key within KEY_MEMORY_MS. */
export const revokeKey = async (
  { asOwner, reader, actor }: Pick<Making, 'asOwner' | 'actor'> & { readonly reader: Queries },
  shownId: string,
): Promise<KeyRevoked | Refused> => {
  const key = await findKey(reader, shownId)
  if (key === null) return refuse('key_missing', shownId)
  if (key.revokedMs !== null) return { ok: true, key, wasRevoked: true }
  const ended = await inTransaction(asOwner, async (owner) => {
    const tenant = await holdTenant(owner, key.tenantName)
    if (tenant === null) return null
    await actFor(owner, tenant.id)
    return endKey(owner, actor, key)
  })
  if (ended !== null) return { ok: true, key: ended, wasRevoked: false }
  // Somebody else has revoked it since the look, or its sandbox was deleted, and the key with it.
  const now = await findKey(reader, shownId)
  return now === null ? refuse('key_missing', shownId) : { ok: true, key: now, wasRevoked: true }
}
