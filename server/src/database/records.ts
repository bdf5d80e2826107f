import type { Micros, TenantId, Uuid } from '../kit/index.ts'
import { columns } from './commit/columns.ts'
import {
  eachKey,
  eachPlace,
  expectRows,
  ofOne,
  orderOfOne,
  type RawRow,
  type Statement,
  type Table,
  type Writer,
} from './commit/table.ts'

/** Documents are large and are seldom asked for again long after they were made. */
const RECORDS_KEPT = 2_000

/**
 * Resources as rows: an id, the moment it was made, the columns that lists filter by, and everything else as one JSON
 * document. A capability's table is then a line for each filter, and a new field of a resource needs no migration.
 * What must add up stands in the ledger, not here (docs/decisions/0010-records.md).
 *
 *   create table payments.refunds (
 *     tenant integer not null, id uuid not null, created_micros bigint not null, body jsonb not null,
 *     charge uuid not null, …, primary key (tenant, id));
 *   create unique index refunds_by_time on payments.refunds (tenant, created_micros);
 */
type ColumnValue = { uuid: Uuid; text: string; bigint: bigint; integer: number; boolean: boolean }
export type RecordColumn<Row> = {
  [Type in keyof ColumnValue]: {
    readonly name: string
    readonly type: Type
    readonly of: (row: Row) => ColumnValue[Type] | null
    /** Its value may change after the row was made; the app's role needs the grant to update it. */
    readonly changes?: boolean
  }
}[keyof ColumnValue]

export type RecordRow = { readonly id: Uuid; readonly createdMicros: Micros }

export type RecordsOptions<Row extends RecordRow> = {
  /** schema.table */
  readonly table: string
  readonly columns: readonly RecordColumn<Row>[]
  /** The fields of the row itself, not of what is nested in it, that are bigints: JSON has none. */
  readonly bigints: readonly (keyof Row & string)[]
  /** A row that never changes gets no update. */
  readonly immutable?: boolean
  readonly keep?: { readonly most: number }
  /** By another unique column than the id, such as a name that a client chose. */
  readonly key?: { readonly column: string; readonly of: (row: Row) => string }
}

/** The first filter of a page must be served by an index on (tenant, column, created_micros). */
export type Filter = { readonly column: string; readonly value: unknown }
/** A page of the list, newest first, by keyset on the moment of making. */
export type RecordsPage = {
  readonly limit: number
  /** The object that the page starts after, or ends before. */
  readonly cursor: Uuid | null
  readonly direction: 'forward' | 'backward'
  readonly fromMicros?: Micros | null
  readonly beforeMicros?: Micros | null
  readonly filters?: readonly Filter[]
}

export type Records<Row extends RecordRow> = {
  readonly table: Table<Row>
  readonly write: Writer
  /** The rows with these ids, those of them that are there. */
  readonly find: (tenant: TenantId, ids: readonly Uuid[]) => Statement
  /** One row more than the page's limit, so that the caller knows whether there are more. */
  readonly list: (tenant: TenantId, page: RecordsPage) => Statement
  readonly read: (raw: RawRow) => Row
}

const encodeColumn = <Row>(column: RecordColumn<Row>, rows: readonly Row[]): Buffer => {
  switch (column.type) {
    case 'uuid':
      return columns.uuid(rows.map(column.of))
    case 'text':
      return columns.text(rows.map(column.of))
    case 'bigint':
      return columns.bigint(rows.map(column.of))
    case 'integer':
      return columns.integer(rows.map(column.of))
    case 'boolean':
      return columns.boolean(rows.map(column.of))
  }
}

const encodeBody = <Row extends RecordRow>(row: Row, bigints: ReadonlySet<string>): string => {
  const { id, createdMicros, ...rest } = row
  return JSON.stringify(rest, (key, value) =>
    typeof value === 'bigint' && bigints.has(key) ? value.toString() : value,
  )
}

const decode = <Row extends RecordRow>(raw: RawRow, bigints: readonly string[]): Row => {
  const [id, createdMicros, body] = raw
  const row = JSON.parse(body as string) as Record<string, unknown>
  for (const name of bigints) {
    const value = row[name]
    if (typeof value === 'string') row[name] = BigInt(value)
  }
  return { ...row, id, createdMicros } as unknown as Row
}

const safeName = (table: string): string => table.replaceAll('.', '_')

const insertText = <Row>(table: string, all: readonly RecordColumn<Row>[]): string => {
  const names = all.map(({ name }) => `, ${name}`).join('')
  const arrays = all.map(({ type }, index) => `, $${index + 5}::${type}[]`).join('')
  return `insert into ${table} (tenant, id, created_micros, body${names})
          select $1, id, created_micros, body::jsonb${names}
            from unnest($2::uuid[], $3::bigint[], $4::text[]${arrays}) as n (id, created_micros, body${names})`
}

const updateText = <Row>(table: string, changing: readonly RecordColumn<Row>[]): string => {
  const names = changing.map(({ name }) => `, ${name}`).join('')
  const arrays = changing.map(({ type }, index) => `, $${index + 5}::${type}[]`).join('')
  const sets = changing.map(({ name }) => `, ${name} = n.${name}`).join('')
  return `with changed as (
            update ${table} r set body = n.body::jsonb${sets}
              from ${eachPlace(table, `unnest($2::uuid[], $3::text[]${arrays}) as n (id, body${names})`, 't.id = n.id')}
             where r.tenant = $1 and r.ctid = n.place returning 1
          ) select ${expectRows('select count(*) from changed', '$4')}`
}

const FIRST = -1n
const LAST = 9_223_372_036_854_775_807n

/** When the cursor's object was made, as the end of the span that it bounds; an unknown one bounds nothing. */
const cursorTime = (table: string, place: string): string =>
  `(select c.created_micros from ${table} c where c.tenant = $1 and c.id = ${place})`

/**
 * The first filter and the times are one span of the index on (tenant, column, created_micros); what other filters say is
 * sifted from that.
 */
const listStatement = (table: string, tenant: TenantId, page: RecordsPage): Statement => {
  const { limit, cursor, direction, fromMicros = null, beforeMicros = null, filters = [] } = page
  const from = fromMicros === null ? FIRST : fromMicros - 1n
  const values: unknown[] = [tenant, limit + 1, from, beforeMicros ?? LAST]
  const place = (value: unknown): string => `$${values.push(value)}`
  const isForward = direction === 'forward'
  const at = cursor === null ? null : cursorTime(table, place(cursor))
  const above = at === null || isForward ? '$3' : `greatest($3, ${at})`
  const below = at === null || !isForward ? '$4' : `least($4, ${at})`
  const order = isForward ? 'desc' : 'asc'
  const [first, ...others] = filters
  const time = 'r.created_micros'
  const columns = first === undefined ? null : { column: `r.${first.column}`, time }
  const within =
    columns === null
      ? `${time} > ${above} and ${time} < ${below}`
      : ofOne(columns, place(first?.value), { above, below })
  const sifted = others.map(({ column, value }) => ` and r.${column} = ${place(value)}`).join('')
  const kind = [cursor === null ? 'first' : 'after', ...filters.map(({ column }) => column)].join('_')
  return {
    name: `${safeName(table)}_list_${order}_${kind}`,
    text: `select r.id::text, r.created_micros, r.body::text from ${table} r
            where r.tenant = $1 and ${within}${sifted}
            ${columns === null ? `order by ${time} ${order}` : orderOfOne(columns, order)} limit $2`,
    values,
  }
}

type Columns<Row> = {
  readonly all: readonly RecordColumn<Row>[]
  readonly changing: readonly RecordColumn<Row>[]
  readonly bigints: ReadonlySet<string>
}

const writerOf = <Row extends RecordRow>(
  name: string,
  table: Table<Row>,
  { all, changing, bigints: bigintNames }: Columns<Row>,
): Writer => {
  const insert = insertText(name, all)
  const update = updateText(name, changing)
  return (tenant, written) => {
    const statements: Statement[] = []
    const inserted = written.inserted(table)
    if (inserted.length > 0) {
      statements.push({
        name: `${safeName(name)}_insert`,
        text: insert,
        values: [
          tenant,
          columns.uuid(inserted.map(({ id }) => id)),
          columns.bigint(inserted.map(({ createdMicros }) => createdMicros)),
          columns.text(inserted.map((row) => encodeBody(row, bigintNames))),
          ...all.map((each) => encodeColumn(each, inserted)),
        ],
      })
    }
    const updated = written.updated(table).map(({ after }) => after)
    if (updated.length > 0) {
      statements.push({
        name: `${safeName(name)}_update`,
        text: update,
        values: [
          tenant,
          columns.uuid(updated.map(({ id }) => id)),
          columns.text(updated.map((row) => encodeBody(row, bigintNames))),
          updated.length,
          ...changing.map((each) => encodeColumn(each, updated)),
        ],
      })
    }
    return statements
  }
}

/** One kind of resource: how it is found, listed and written. Hand `write` to the commit's writers. */
export const defineRecords = <Row extends RecordRow>(options: RecordsOptions<Row>): Records<Row> => {
  const { table: name, bigints } = options
  const all: readonly RecordColumn<Row>[] = options.columns
  const changing = all.filter(({ changes }) => changes === true)
  const bigintNames: ReadonlySet<string> = new Set(bigints)
  const read = (raw: RawRow): Row => decode<Row>(raw, bigints)
  const column = options.key?.column ?? 'id'
  const found = (
    suffix: string,
    type: 'uuid' | 'text',
    by: string,
  ): ((tenant: TenantId, keys: Buffer) => Statement) => {
    const text = `select found.* from ${eachKey(
      type,
      `select r.id::text, r.created_micros, r.body::text from ${name} r
                   where r.tenant = $1 and r.${by} = wanted.key`,
    )}`
    return (tenant, keys) => ({ name: `${safeName(name)}_${suffix}`, text, values: [tenant, keys] })
  }
  const byKey = found('load', options.key === undefined ? 'uuid' : 'text', column)
  const byId = found('find', 'uuid', 'id')
  const table: Table<Row> = {
    name,
    keep: options.keep ?? { most: RECORDS_KEPT },
    load: (tenant, keys) =>
      byKey(tenant, options.key === undefined ? columns.uuid(keys as readonly Uuid[]) : columns.text(keys)),
    read: (raw) => {
      const row = read(raw)
      return { key: options.key?.of(row) ?? row.id, row }
    },
  }
  const write = writerOf(name, table, { all, changing, bigints: bigintNames })
  return {
    table,
    write,
    find: (tenant, ids) => byId(tenant, columns.uuid(ids)),
    list: (tenant, page) => listStatement(name, tenant, page),
    read,
  }
}
