import { expectRows, type RawRow, type Statement, type Table, type Writer } from '../database/index.ts'
import type { Micros, TenantId } from '../kit/index.ts'
import type { RoutingTable, Rule } from './core/model.ts'

/** A tenant has one. */
export const ROUTING = 'routing'

const read = ([version, updated, rules]: RawRow): RoutingTable => ({
  version: version as number,
  updatedMicros: updated as Micros,
  rules: JSON.parse(rules as string) as readonly Rule[],
})

const find = (tenant: TenantId): Statement => ({
  name: 'routing_table',
  text: 'select version, updated_micros, rules::text from routing.tables where tenant = $1',
  values: [tenant],
})

export const routingTable: Table<RoutingTable> = {
  name: 'routing.tables',
  keep: { most: 1 },
  load: (tenant) => find(tenant),
  read: (raw) => ({ key: ROUTING, row: read(raw) }),
}

export const findRouting = find
export const readRouting = read

const values = (tenant: TenantId, { version, updatedMicros, rules }: RoutingTable): unknown[] => [
  tenant,
  version,
  updatedMicros,
  JSON.stringify(rules),
]

/** The statement proves once more that the table stands as the unit saw it, so that no change overwrites another. */
export const writeRouting: Writer = (tenant, written) => [
  ...written.inserted(routingTable).map((row) => ({
    name: 'routing_table_insert',
    text: 'insert into routing.tables (tenant, version, updated_micros, rules) values ($1, $2, $3, $4::jsonb)',
    values: values(tenant, row),
  })),
  ...written.updated(routingTable).map(({ before, after }) => ({
    name: 'routing_table_update',
    text: `with changed as (
             update routing.tables set version = $2, updated_micros = $3, rules = $4::jsonb
              where tenant = $1 and version = $5 returning 1
           ) select ${expectRows('select count(*) from changed', '$6')}`,
    values: [...values(tenant, after), before.version, 1],
  })),
]
