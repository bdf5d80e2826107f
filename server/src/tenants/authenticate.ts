import { hash } from 'node:crypto'
import { classifyError, readAs } from '../database/index.ts'
import type { Authenticate, Person, Principal } from '../http/index.ts'
import { Fault, showId, type TenantId, type Uuid, type WallClock } from '../kit/index.ts'
import { type KeyKind, readKeyText } from './core/key-text.ts'
import { KEY_MEMORY_MS, KEYS_REMEMBERED, LOOK_UP_RETRY_AFTER_S } from './limits.ts'
import { KEY_PREFIX, modeOf } from './model.ts'
import { type Queries, readPermissions } from './rows.ts'

/** A key that is neither unknown nor revoked, and until when. */
export type Known = { readonly principal: Principal; readonly expiresMs: number | null }

/** Looks a key up by the hash of its text; null when there is none, or none that may be used any more. */
export type LookUp = (tenant: TenantId, hash: Buffer) => Promise<Known | null>

/** The person with that id, as he stands now; null when he was removed. */
export type FindPerson = (tenant: TenantId, id: Uuid) => Promise<Person | null>

/** What a person may do follows from his role, and is asked at the door. A restricted key may do what its list says; a list that is not one allows nothing. */
const permissionsOf = (kind: KeyKind, listed: unknown): Principal['permissions'] => {
  if (kind === 'secret') return 'all'
  return new Set(kind === 'restricted' ? readPermissions(listed) : [])
}

export const lookUpOver =
  (plain: Queries, findPerson: FindPerson): LookUp =>
  async (tenant, keyHash) => {
    const row = await readAs(plain, tenant, (read) =>
      read
        .selectFrom('tenants.api_keys as key')
        .innerJoin('tenants.tenants as tenant', 'tenant.tenant', 'key.tenant')
        .select([
          'key.id',
          'key.kind',
          'key.permissions',
          'key.person',
          'key.expires_at',
          'tenant.kind as tenant_kind',
        ])
        .where('key.tenant', '=', tenant)
        .where('key.hash', '=', keyHash)
        .where('key.revoked_at', 'is', null)
        .where('tenant.deleted_at', 'is', null)
        .executeTakeFirst(),
    )
    if (row === undefined) return null
    const person = row.person === null ? null : await findPerson(tenant, row.person)
    if (row.kind === 'person' && person === null) return null
    const principal: Principal = {
      tenant,
      mode: modeOf(row.tenant_kind),
      keyId: showId(KEY_PREFIX, row.id),
      kind: row.kind,
      permissions: permissionsOf(row.kind, row.permissions),
      person,
    }
    return { principal, expiresMs: row.expires_at?.getTime() ?? null }
  }

const away = (cause: unknown): Fault =>
  new Fault('The API key could not be looked up, because the database did not answer.', {
    kind: 'unavailable',
    code: 'database_unavailable',
    retryAfterS: LOOK_UP_RETRY_AFTER_S,
    cause,
  })

/** What was asked about a key, and when: one look-up serves all that ask for it within KEY_MEMORY_MS. */
type Memory = { readonly askedMs: number; readonly known: Known | null | Promise<Known | null> }

/**
 * Whose key this is. The answer is at most KEY_MEMORY_MS old, counted from before the look-up, in every process: a
 * key that is revoked stops within that time. Unknown keys are remembered as well, as they never become known.
 */
export const createAuthenticate = (
  lookUp: LookUp,
  clock: WallClock,
  onUsed: (principal: Principal) => void = () => undefined,
): Authenticate => {
  const memories = new Map<string, Memory>()

  const remember = (digest: string, memory: Memory): void => {
    memories.delete(digest)
    memories.set(digest, memory)
    if (memories.size <= KEYS_REMEMBERED) return
    // A map keeps the order of insertion, so its first is its oldest.
    for (const oldest of memories.keys()) {
      memories.delete(oldest)
      break
    }
  }

  const ask = (digest: string, tenant: TenantId): Memory => {
    const askedMs = clock.now()
    const known = lookUp(tenant, Buffer.from(digest, 'base64'))
    const memory: Memory = { askedMs, known }
    remember(digest, memory)
    const isNewest = (): boolean => memories.get(digest) === memory
    known.then(
      (found) => isNewest() && memories.set(digest, { askedMs, known: found }),
      () => isNewest() && memories.delete(digest),
    )
    return memory
  }

  const isFresh = ({ askedMs }: Memory): boolean => {
    const ageMs = clock.now() - askedMs
    return ageMs >= 0 && ageMs < KEY_MEMORY_MS
  }

  const principalOf = (known: Known | null): Principal | null => {
    if (known === null || (known.expiresMs !== null && clock.now() >= known.expiresMs)) return null
    onUsed(known.principal)
    return known.principal
  }

  const wait = async (looking: Promise<Known | null>): Promise<Principal | null> => {
    try {
      return principalOf(await looking)
    } catch (error) {
      throw classifyError(error) === 'transient' ? away(error) : error
    }
  }

  return (text) => {
    const digest = hash('sha256', text, 'base64')
    const found = memories.get(digest)
    let memory = found !== undefined && isFresh(found) ? found : null
    if (memory === null) {
      const reading = readKeyText(text)
      if (reading.kind !== 'key') return null
      memory = ask(digest, reading.key.tenant)
    }
    return memory.known instanceof Promise ? wait(memory.known) : principalOf(memory.known)
  }
}
