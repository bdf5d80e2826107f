import type { ClientBase, Pool } from 'pg'
import type { Actor } from '../audit/index.ts'
import { queriesOver } from '../database/index.ts'
import type { Authenticate } from '../http/index.ts'
import type { TenantId, WallClock } from '../kit/index.ts'
import { createAuthenticate, type FindPerson, lookUpOver } from './authenticate.ts'
import type { Refused } from './core/reasons.ts'
import type { KeyWanted, KnownPermissions } from './core/wanted-key.ts'
import { createSandbox, ensureFirstTenants, type MakeDataKey, type SandboxMade } from './create-tenant.ts'
import { deleteSandbox, type SandboxDeleted } from './delete-sandbox.ts'
import {
  createKey,
  type KeyMade,
  type KeyRevoked,
  type KeyRolled,
  listKeys,
  revokeKey,
  rollKey,
} from './keys.ts'
import { createUses } from './last-used.ts'
import type { ApiKey, Tenant } from './model.ts'
import { type Queries, readTenant, selectTenants, type Tables } from './rows.ts'

export type TenantsOptions = {
  /** The database's withOwner, with its URL. */
  readonly asOwner: <Value>(work: (owner: ClientBase) => Promise<Value>) => Promise<Value>
  /** The vault's createDataKey, with the master key. */
  readonly makeDataKey: MakeDataKey
  readonly plain: Pool
  readonly reader: Pool
  readonly clock: WallClock
  /** Who makes and ends tenants and keys, for the audit log. */
  readonly actor: Actor
  /** Whose key it is; the people's. */
  readonly findPerson: FindPerson
}

export type Tenants = {
  /** At the start of a server: true when this database had no tenants yet, and has the first two now. */
  readonly ensureFirst: () => Promise<boolean>
  readonly list: () => Promise<readonly Tenant[]>
  /** By name, 'live' or a sandbox's; null when there is none. */
  readonly find: (name: string) => Promise<Tenant | null>
  readonly get: (id: TenantId) => Promise<Tenant | null>
  readonly createSandbox: (wanted: {
    readonly name: string
    readonly timeZone?: string | undefined
  }) => Promise<SandboxMade | Refused>
  readonly deleteSandbox: (name: string) => Promise<SandboxDeleted | Refused>
  /** `known`: the permissions that routes ask for, of which a restricted key gets some. */
  readonly createKey: (wanted: KeyWanted, known?: KnownPermissions) => Promise<KeyMade | Refused>
  /** A new key in the place of an old one, which goes on working for that long. */
  readonly rollKey: (id: string, overlapMs: number) => Promise<KeyRolled | Refused>
  /** Of the tenant of that name, or of all. */
  readonly listKeys: (tenantName: string | null) => Promise<readonly ApiKey[]>
  readonly revokeKey: (id: string) => Promise<KeyRevoked | Refused>
  readonly authenticate: Authenticate
  /** Writes down which keys were used since the last time: once a minute is enough. */
  readonly recordUses: () => Promise<void>
}

const findTenant = async (
  queries: Queries,
  by: { name: string } | { id: TenantId },
): Promise<Tenant | null> => {
  const all = selectTenants(queries)
  const row = await ('name' in by
    ? all.where('name', '=', by.name)
    : all.where('tenant', '=', by.id)
  ).executeTakeFirst()
  return row === undefined ? null : readTenant(row)
}

export const createTenants = (options: TenantsOptions): Tenants => {
  const { asOwner, clock, actor } = options
  const plain: Queries = queriesOver<Tables>(options.plain)
  const reader: Queries = queriesOver<Tables>(options.reader)
  const uses = createUses(asOwner)
  return {
    ensureFirst: () => ensureFirstTenants(options),
    list: async () => (await selectTenants(plain).execute()).map(readTenant),
    find: (name) => findTenant(plain, { name }),
    get: (id) => findTenant(plain, { id }),
    createSandbox: (wanted) => createSandbox(options, wanted),
    deleteSandbox: (name) => deleteSandbox({ asOwner, actor }, name),
    createKey: (wanted, known) => createKey({ asOwner, clock, actor }, wanted, known ?? null),
    rollKey: (id, overlapMs) => rollKey({ asOwner, clock, actor, reader }, id, overlapMs),
    listKeys: (tenantName) => listKeys(reader, tenantName),
    revokeKey: (id) => revokeKey({ asOwner, actor, reader }, id),
    authenticate: createAuthenticate(lookUpOver(plain, options.findPerson), clock, uses.note),
    recordUses: uses.record,
  }
}
