import type { KeyObject } from 'node:crypto'
import type { ClientBase, Pool } from 'pg'
import { assert, type TenantId } from '../kit/index.ts'
import { createDataKey, dataKeyName, loadDataKeys } from './data-keys.ts'
import type { Keyring } from './keyring.ts'
import { TENANTS_CACHED_MOST } from './limits.ts'
import { type DataKey, isWhole, openWith, type Place, sealWith, versionOf } from './seal.ts'
import { derivedSecrets, type Purpose, type Secrets, secretFor } from './secrets.ts'
import { unreadable } from './unreadable.ts'

export type Vault = {
  /** Encrypts for one place of one tenant. */
  readonly seal: (tenant: TenantId, place: Place, plain: Buffer) => Promise<Buffer>
  readonly open: (tenant: TenantId, place: Place, sealed: Buffer) => Promise<Buffer>
  /** The tenant's newest key, for sealing where nothing can be awaited: see sealWith. */
  readonly dataKey: (tenant: TenantId) => Promise<DataKey>
  /** Adds a version; what was sealed before still opens. */
  readonly rotate: (tenant: TenantId) => Promise<void>
  /** A key that recognises a value again without keeping it, for one purpose. Node takes seven times as long from bytes. */
  readonly fingerprintKey: (purpose: Purpose) => KeyObject
}

const asTenant = async <Value>(
  pool: Pool,
  tenant: TenantId,
  work: (client: ClientBase) => Promise<Value>,
): Promise<Value> => {
  const client = await pool.connect()
  let isBroken = true
  try {
    await client.query('begin')
    await client.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant)])
    const value = await work(client)
    await client.query('commit')
    isBroken = false
    return value
  } finally {
    client.release(isBroken)
  }
}

const placeName = ({ table, column, row }: Place): string => `What ${table}.${column} holds of ${row}`

/**
 * Data keys never change, so they may be kept in memory whatever other processes do. A rotation elsewhere is noticed
 * when a value names a version that is not known here. A rotation of the master key changes only how they are wrapped.
 */
export const openVault = (ring: Keyring, pool: Pool, secrets?: Secrets): Vault => {
  const cache = new Map<TenantId, readonly DataKey[]>()
  const keysOfPurposes = secrets ?? derivedSecrets(ring.candidates()[0])

  const remember = (tenant: TenantId, keys: readonly DataKey[]): void => {
    cache.delete(tenant)
    cache.set(tenant, keys)
    for (const [oldest] of cache) {
      if (cache.size <= TENANTS_CACHED_MOST) break
      cache.delete(oldest)
    }
  }

  const load = async (tenant: TenantId): Promise<readonly DataKey[]> => {
    const keys = await asTenant(pool, tenant, async (client) => {
      const found = await loadDataKeys(client, ring, tenant)
      return found.length > 0 ? found : [await createDataKey(client, ring, tenant)]
    })
    remember(tenant, keys)
    return keys
  }

  const newest = async (tenant: TenantId): Promise<DataKey> => {
    const [key] = cache.get(tenant) ?? (await load(tenant))
    assert(key !== undefined, 'a tenant has a data key')
    return key
  }

  const ofVersion = async (tenant: TenantId, version: number): Promise<DataKey> => {
    const isIt = (key: DataKey): boolean => key.version === version
    const key = cache.get(tenant)?.find(isIt) ?? (await load(tenant)).find(isIt)
    if (key === undefined) throw unreadable(`${dataKeyName(tenant, version)} is missing, so what it sealed`)
    return key
  }

  const open = async (tenant: TenantId, place: Place, sealed: Buffer): Promise<Buffer> => {
    if (!isWhole(sealed)) throw unreadable(placeName(place))
    const key = await ofVersion(tenant, versionOf(sealed))
    try {
      return openWith(key, tenant, place, sealed)
    } catch (error) {
      throw unreadable(placeName(place), error)
    }
  }

  return {
    seal: async (tenant, place, plain) => sealWith(await newest(tenant), tenant, place, plain),
    open,
    dataKey: newest,
    rotate: async (tenant) => {
      await asTenant(pool, tenant, (client) => createDataKey(client, ring, tenant))
      await load(tenant)
    },
    fingerprintKey: (purpose) => secretFor(keysOfPurposes, purpose),
  }
}
