import type { TenantId } from '../../kit/index.ts'

/** One prepared statement: its name is its identity, so a text never changes under a name. */
export type Statement = {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * The last part of a statement that must touch as many rows as it was given, as SQL: ends the transaction if it did not.
 * `touched` is a query for the count, `given` the parameter with the number that it must be.
 */
export const expectRows = (touched: string, given: `$${number}`): string =>
  `database.expect((${touched}), ${given})`

/**
 * The rows of `query` for each of the keys in $2, as SQL: `query` names one row by `wanted.key`, and the rows are `found`.
 * Written so that the planner can only look up key by key (an OFFSET is not pulled up), whatever it believes about the
 * table: of a tenant that is not in its statistics it would read all rows and filter them.
 */
export const eachKey = (type: 'uuid' | 'text' | 'integer' | 'bigint', query: string): string =>
  `unnest($2::${type}[]) as wanted (key) cross join lateral (${query} offset 0) as found`

/**
 * What an update or delete reads `from`, as SQL: each of the given rows with the place of the row that it changes, for
 * `where t.tenant = $1 and t.ctid = n.place`. Joined by their keys alone, the planner could as well go through all rows of
 * the tenant and look each up among the given. Not for partitioned tables, whose places are not unique.
 */
export const eachPlace = (table: string, given: string, found: string): string =>
  `(select n.*, found.place from ${given}
     cross join lateral (select t.ctid as place from ${table} t where t.tenant = $1 and ${found} offset 0) as found) n`

/**
 * The rows of one value of a column within a span of times (both ends left out), as SQL that only the index on (tenant,
 * column, time) can serve. Order them by orderOfOne(). With `column = value` the planner would also see the order in the
 * index on times alone, and of a tenant that is not in its statistics it believes that few rows lie in between.
 */
export const ofOne = (
  columns: { readonly column: string; readonly time: string },
  value: string,
  span: { readonly above: string; readonly below: string },
): string => {
  const { column, time } = columns
  return `(${column}, ${time}) > (${value}, ${span.above}) and (${column}, ${time}) < (${value}, ${span.below}) and ${column} is not null`
}

export const orderOfOne = (
  { column, time }: { readonly column: string; readonly time: string },
  order: 'asc' | 'desc',
): string => `order by ${column} ${order}, ${time} ${order}`

/** A row as pg gives it in array mode: text, bigint for int8, number for int4, null. */
export type RawRow = readonly unknown[]

/**
 * How the commit finds one kind of row. A capability owns its tables and hands these in; the commit knows no
 * capability. One statement brings all the rows of a round, whatever the size of the batch.
 */
export type Table<Row> = {
  readonly name: string
  load(tenant: TenantId, keys: readonly string[]): Statement
  read(raw: RawRow): { readonly key: string; readonly row: Row }
  /**
   * Set for rows that stay in memory between batches, for as long as the head row says that nobody else has
   * committed for the tenant.
   */
  readonly keep?: { readonly most: number }
}

/** Rows that are only ever added and never read by a unit: events, totals to be summed up. */
export type AppendOnly<Row> = {
  readonly name: string
  /** Only for the compiler: which rows these are. */
  readonly rows?: readonly Row[]
}

/** A row that stood before the batch and is another one after it. */
export type Change<Row> = { readonly before: Row; readonly after: Row }

/** What the units of a batch have written, for the writers that turn it into statements. */
export type Written = {
  readonly inserted: <Row>(table: Table<Row>) => readonly Row[]
  readonly updated: <Row>(table: Table<Row>) => readonly Change<Row>[]
  readonly appended: <Row>(list: AppendOnly<Row>) => readonly Row[]
}

/**
 * Turns what was written to a capability's tables into statements: one for each table, whatever the size of the batch.
 * A statement that must touch as many rows as it was given proves that itself (database.expect), because nothing can
 * be refused after COMMIT.
 */
export type Writer = (tenant: TenantId, written: Written) => readonly Statement[]

/** Tables of whatever rows. Methods are compared loosely by the compiler, which is what makes this possible. */
export type AnyTable = Table<unknown>
export type AnyAppendOnly = AppendOnly<unknown>
