import { type Kysely, type Selectable, sql } from 'kysely'
import { assert, showId, type TenantId, type Uuid } from '../kit/index.ts'
import type { KeyKind } from './core/key-text.ts'
import { type ApiKey, KEY_PREFIX, modeOf, PERSON_PREFIX, type Tenant, type TenantKind } from './model.ts'

type TenantsTable = {
  tenant: TenantId
  kind: TenantKind
  name: string
  time_zone: string
  created_at: Date
  deleted_at: Date | null
}

type ApiKeysTable = {
  tenant: TenantId
  id: Uuid
  kind: KeyKind
  hash: Buffer
  last4: string
  name: string
  permissions: unknown
  person: Uuid | null
  created_at: Date
  expires_at: Date | null
  last_used_at: Date | null
  replaced_by: Uuid | null
  revoked_at: Date | null
}

export type Tables = { 'tenants.tenants': TenantsTable; 'tenants.api_keys': ApiKeysTable }
export type Queries = Kysely<Tables>

type TenantRow = Omit<Selectable<TenantsTable>, 'deleted_at'>

export const readTenant = (row: TenantRow): Tenant => ({
  id: row.tenant,
  kind: row.kind,
  name: row.name,
  timeZone: row.time_zone,
  createdMs: row.created_at.getTime(),
})

const TENANT_COLUMNS = ['tenant', 'kind', 'name', 'time_zone', 'created_at'] as const

/** The tenants that are there, in the order in which they were made: the live one first. */
export const selectTenants = (queries: Queries) =>
  queries
    .selectFrom('tenants.tenants')
    .select(TENANT_COLUMNS)
    .where('deleted_at', 'is', null)
    .orderBy('tenant')

/** Keys with their tenants, newest first. The role decides whose: the reader sees all, the app one tenant's. */
export const selectKeys = (queries: Queries) =>
  queries
    .selectFrom('tenants.api_keys as key')
    .innerJoin('tenants.tenants as tenant', 'tenant.tenant', 'key.tenant')
    .select([
      'key.id as id',
      'key.tenant as tenant',
      'tenant.name as tenant_name',
      'tenant.kind as tenant_kind',
      'key.kind as kind',
      'key.name as name',
      'key.last4 as last4',
      'key.created_at as created_at',
      'key.expires_at as expires_at',
      'key.permissions as permissions',
      'key.person as person',
      'key.last_used_at as last_used_at',
      'key.replaced_by as replaced_by',
      'key.revoked_at as revoked_at',
    ])
    .where('tenant.deleted_at', 'is', null)
    .orderBy(sql`key.id desc`)

export type KeyRow = Awaited<ReturnType<ReturnType<typeof selectKeys>['execute']>>[number]

const isText = (value: unknown): value is string => typeof value === 'string'

/** A list that is damaged allows nothing. */
export const readPermissions = (listed: unknown): readonly string[] | null =>
  listed === null ? null : Array.isArray(listed) ? listed.filter(isText) : []

export const readKey = (row: KeyRow): ApiKey => ({
  id: showId(KEY_PREFIX, row.id),
  tenant: row.tenant,
  tenantName: row.tenant_name,
  kind: row.kind,
  mode: modeOf(row.tenant_kind),
  name: row.name,
  last4: row.last4,
  createdMs: row.created_at.getTime(),
  expiresMs: row.expires_at?.getTime() ?? null,
  person: row.person === null ? null : showId(PERSON_PREFIX, row.person),
  permissions: readPermissions(row.permissions),
  lastUsedMs: row.last_used_at?.getTime() ?? null,
  replacedBy: row.replaced_by === null ? null : showId(KEY_PREFIX, row.replaced_by),
  revokedMs: row.revoked_at?.getTime() ?? null,
})

/** The one row that a statement must have answered with. */
export const only = <Row>(rows: readonly Row[]): Row => {
  const [row] = rows
  assert(row !== undefined, 'the statement answers with a row')
  return row
}
