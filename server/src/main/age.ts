import { type Aging, readSizes, sumOfRows, type TableSize } from '../database/index.ts'
import type { Platform } from './platform.ts'

/** What people call it, and the schema that holds it; of one that holds several things, the table as well. */
type Place = { readonly kind: string; readonly schema: string; readonly table?: string }

const PLACES: readonly Place[] = [
  { kind: 'money', schema: 'ledger' },
  { kind: 'payments', schema: 'payments' },
  { kind: 'payments', schema: 'customers' },
  { kind: 'idempotency keys', schema: 'database', table: 'idempotency_keys' },
  { kind: 'answers', schema: 'database', table: 'idempotency_answers' },
  { kind: 'events', schema: 'database', table: 'events' },
  { kind: 'deliveries', schema: 'events' },
  { kind: 'audit log', schema: 'audit' },
  { kind: 'launches', schema: 'launches' },
  { kind: 'launches', schema: 'exposure' },
  { kind: 'acquirer of sandboxes', schema: 'rails' },
]

/** Tenants, keys, people, timers, clocks, rules: none of them grows with payments. */
const REST = 'everything else'

/** The kind of a table; one that nobody has named is among the rest, so the sum is always the whole. */
export const kindOf = (name: string): string => {
  const [schema, table] = name.split('.')
  const place = PLACES.find((one) => one.schema === schema && (one.table ?? table) === table)
  return place?.kind ?? REST
}

export type KindSize = Omit<TableSize, 'table'> & {
  readonly kind: string
  readonly tables: readonly TableSize[]
}

export type Ages = {
  readonly kinds: readonly KindSize[]
  readonly aging: readonly Aging[]
}

const sum = (tables: readonly TableSize[], of: (table: TableSize) => number): number =>
  tables.reduce((total, table) => total + of(table), 0)

/** Sizes by kind, in the order of the list above. */
export const byKind = (tables: readonly TableSize[]): readonly KindSize[] =>
  [...new Set(PLACES.map(({ kind }) => kind)), REST].map((kind) => {
    const own = tables.filter(({ table }) => kindOf(table) === kind)
    return {
      kind,
      bytes: sum(own, ({ bytes }) => bytes),
      indexBytes: sum(own, ({ indexBytes }) => indexBytes),
      rows: sumOfRows(own.map(({ rows }) => rows)),
      tables: own,
    }
  })

/** What doctor says of sizes and ages. */
export const readAges = async ({ pools }: Pick<Platform, 'pools'>): Promise<Ages> => {
  const { tables, aging } = await readSizes(pools.plain)
  return { kinds: byKind(tables), aging }
}
