import { createSecretKey, type KeyObject } from 'node:crypto'
import type { ClientBase, Pool } from 'pg'
import { assert, type TenantId } from '../kit/index.ts'
import { createDataKey, loadDataKeys } from './data-keys.ts'
import { TENANTS_CACHED_MOST } from './limits.ts'
import { derive, type MasterKey } from './master-key.ts'
import { type DataKey, openWith, type Place, sealWith, versionOf } from './seal.ts'

export type Vault = {
  /** Encrypts for one place of one tenant. */
  readonly seal: (tenant: TenantId, place: Place, plain: Buffer) => Promise<Buffer>
  readonly open: (tenant: TenantId, place: Place, sealed: Buffer) => Promise<Buffer>
  /** The tenant's newest key, for sealing where nothing can be awaited: see sealWith. */
  readonly dataKey: (tenant: TenantId) => Promise<DataKey>
  /** Adds a version; what was sealed before still opens. */
  readonly rotate: (tenant: TenantId) => Promise<void>
  /** A key that recognises a value again without keeping it, for one purpose. Node takes seven times as long from bytes. */
  readonly fingerprintKey: (purpose: string) => KeyObject
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

/**
 * Data keys never change, so they may be kept in memory whatever other processes do. A rotation elsewhere is noticed
 * when a value names a version that is not known here.
 */
export const openVault = (master: MasterKey, pool: Pool): Vault => {
  const cache = new Map<TenantId, readonly DataKey[]>()

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
      const found = await loadDataKeys(client, master, tenant)
      return found.length > 0 ? found : [await createDataKey(client, master, tenant)]
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
    assert(key !== undefined, 'a sealed value names a data key of its tenant')
    return key
  }

  return {
    seal: async (tenant, place, plain) => sealWith(await newest(tenant), tenant, place, plain),
    open: async (tenant, place, sealed) =>
      openWith(await ofVersion(tenant, versionOf(sealed)), tenant, place, sealed),
    dataKey: newest,
    rotate: async (tenant) => {
      await asTenant(pool, tenant, (client) => createDataKey(client, master, tenant))
      await load(tenant)
    },
    fingerprintKey: (purpose) => createSecretKey(derive(master, `fingerprint key ${purpose}`)),
  }
}
