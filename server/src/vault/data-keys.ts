import { randomBytes } from 'node:crypto'
import type { ClientBase } from 'pg'
import { assert, type TenantId } from '../kit/index.ts'
import { derive, type MasterKey } from './master-key.ts'
import { type DataKey, decrypt, encrypt } from './seal.ts'

const KEY_BYTES = 32

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

type Row = { readonly version: number; readonly wrapped: Buffer }

/** All versions of a tenant, the newest first; in a transaction that has set the tenant. */
export const loadDataKeys = async (
  client: ClientBase,
  master: MasterKey,
  tenant: TenantId,
): Promise<readonly DataKey[]> => {
  const { rows } = await client.query<Row>(
    'select version, wrapped from vault.data_keys where tenant = $1 order by version desc',
    [tenant],
  )
  return rows.map(({ version, wrapped }) => unwrap(master, tenant, version, wrapped))
}

/**
 * Makes the tenant's next data key, in a transaction that has set the tenant: the first one when the tenant is made,
 * later ones to rotate. Of two at once the second waits for the first and takes its key.
 */
export const createDataKey = async (
  client: ClientBase,
  master: MasterKey,
  tenant: TenantId,
): Promise<DataKey> => {
  const [newest] = await loadDataKeys(client, master, tenant)
  const key: DataKey = { version: (newest?.version ?? 0) + 1, bytes: randomBytes(KEY_BYTES) }
  await client.query(
    'insert into vault.data_keys (tenant, version, wrapped) values ($1, $2, $3) on conflict do nothing',
    [tenant, key.version, wrap(master, tenant, key)],
  )
  const made = (await loadDataKeys(client, master, tenant)).find(({ version }) => version === key.version)
  assert(made !== undefined, 'a data key that was made is there')
  return made
}
