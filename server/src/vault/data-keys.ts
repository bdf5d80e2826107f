import { randomBytes } from 'node:crypto'
import type { ClientBase } from 'pg'
import { assert, type TenantId } from '../kit/index.ts'
import { readMark } from './fingerprint.ts'
import type { Keyring } from './keyring.ts'
import { KEY_BYTES } from './limits.ts'
import { derive, type MasterKey } from './master-key.ts'
import { type DataKey, decrypt, encrypt } from './seal.ts'
import { unreadable } from './unreadable.ts'

/** The version in a wrapped key's header is the wrapping's own; the data key's stands in its context. */
const WRAPPING_VERSION = 1

const contextOf = (tenant: TenantId, version: number): readonly string[] => [
  'data key',
  String(tenant),
  String(version),
]

const wrappingKey = (master: MasterKey): Buffer => derive(master, 'wrap data keys')

export const wrap = (master: MasterKey, tenant: TenantId, { version, bytes }: DataKey): Buffer =>
  encrypt(wrappingKey(master), WRAPPING_VERSION, contextOf(tenant, version), bytes)

export const unwrap = (master: MasterKey, tenant: TenantId, version: number, wrapped: Buffer): DataKey => ({
  version,
  bytes: decrypt(wrappingKey(master), contextOf(tenant, version), wrapped),
})

/** Wraps what belongs to no tenant, for one purpose. */
export const wrapSecret = (master: MasterKey, purpose: string, secret: Buffer): Buffer =>
  encrypt(wrappingKey(master), WRAPPING_VERSION, ['secret', purpose], secret)

export const unwrapSecret = (master: MasterKey, purpose: string, wrapped: Buffer): Buffer =>
  decrypt(wrappingKey(master), ['secret', purpose], wrapped)

/** With whichever key of the ring opens it: in the middle of a rotation that is the one or the other. */
export const withAnyKey = <Value>(ring: Keyring, what: string, open: (key: MasterKey) => Value): Value => {
  let cause: unknown
  for (const key of ring.candidates()) {
    try {
      return open(key)
    } catch (error) {
      cause = error
    }
  }
  throw unreadable(what, cause)
}

type Row = { readonly version: number; readonly wrapped: Buffer }

const ALL_OF = 'select version, wrapped from vault.data_keys where tenant = $1 order by version desc'

/** All versions of a tenant as they stand, the newest first; in a transaction that has set the tenant. */
export const readWrapped = async (client: ClientBase, tenant: TenantId): Promise<readonly Row[]> =>
  (await client.query<Row>(ALL_OF, [tenant])).rows

export const dataKeyName = (tenant: TenantId, version: number): string =>
  `The data key ${version} of tenant ${tenant}`

/** All versions of a tenant, the newest first; in a transaction that has set the tenant. */
export const loadDataKeys = async (
  client: ClientBase,
  ring: Keyring,
  tenant: TenantId,
): Promise<readonly DataKey[]> =>
  (await readWrapped(client, tenant)).map(({ version, wrapped }) =>
    withAnyKey(ring, dataKeyName(tenant, version), (key) => unwrap(key, tenant, version, wrapped)),
  )

/**
 * A rotation of the master key holds all writers of this table off. Whoever has this lock is before it or after it, and
 * the mark read from then on says with which key to wrap.
 */
const BESIDE_NO_ROTATION = 'lock table vault.data_keys in row exclusive mode'

/** The key that the database is with; under a lock that holds a rotation off. */
export const presentKey = async (client: ClientBase, ring: Keyring): Promise<MasterKey> => {
  const mark = await readMark(client)
  if (mark === null) return ring.candidates()[0]
  const key = ring.settle(mark.fingerprint)
  if (key === null) throw unreadable('What this master key would protect')
  return key
}

/**
 * Makes the tenant's next data key, in a transaction that has set the tenant: the first one when the tenant is made,
 * later ones to rotate. Of two at once the second waits for the first and takes its key.
 */
export const createDataKey = async (
  client: ClientBase,
  ring: Keyring,
  tenant: TenantId,
): Promise<DataKey> => {
  await client.query(BESIDE_NO_ROTATION)
  const master = await presentKey(client, ring)
  const [newest] = await loadDataKeys(client, ring, tenant)
  const key: DataKey = { version: (newest?.version ?? 0) + 1, bytes: randomBytes(KEY_BYTES) }
  await client.query(
    'insert into vault.data_keys (tenant, version, wrapped) values ($1, $2, $3) on conflict do nothing',
    [tenant, key.version, wrap(master, tenant, key)],
  )
  const made = (await loadDataKeys(client, ring, tenant)).find(({ version }) => version === key.version)
  assert(made !== undefined, 'a data key that was made is there')
  return made
}
