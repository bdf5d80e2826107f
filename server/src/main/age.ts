import { type Aging, readSizes, sumOfRows, type TableSize } from '../database/index.ts'
import type { Platform } from './platform.ts'

/** What people call it, and the tables that hold it: a table’s own name counts before that of its schema. */
const KINDS: readonly (readonly [kind: string, places: readonly string[]])[] = [
  ['money', ['ledger']],
  ['payments', ['payments', 'customers']],
  ['idempotency keys', ['database.idempotency_keys']],
  ['answers', ['database.idempotency_answers']],
  ['events', ['database.events']],
  ['deliveries', ['events']],
  ['audit log', ['audit']],
  ['launches', ['launches', 'exposure']],
  ['acquirer of sandboxes', ['rails']],
]

/** Tenants, keys, people, timers, clocks, rules: none of them grows with payments. */
const REST = 'everything else'

const schemaOf = (table: string): string => table.slice(0, table.indexOf('.'))

/** The kind of a table; one that nobody has named is among the rest, so the sum is always the whole. */
export const kindOf = (table: string): string =>
  KINDS.find(([, places]) => places.includes(table))?.[0] ??
  KINDS.find(([, places]) => places.includes(schemaOf(table)))?.[0] ??
  REST

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
  [...KINDS.map(([kind]) => kind), REST].map((kind) => {
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
