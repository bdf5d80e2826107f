import type { ClientBase } from 'pg'
import { MIGRATION_TABLES, OWNER } from '../database/index.ts'
import { SetupProblem } from '../kit/index.ts'
import { inCopyOrder } from './core/order.ts'

/** A table as people know it: what is partitioned is one. */
export type Table = {
  readonly name: string
  /** Quoted, and without those that PostgreSQL computes. */
  readonly columns: readonly string[]
  readonly targets: readonly string[]
}

/** A table that holds rows itself: a plain one, or a partition. */
export type Part = {
  readonly name: string
  readonly columns: readonly string[]
  readonly pages: number
  /** With what does not fit into its pages. */
  readonly bytes: number
  /** Of a partition. */
  readonly of: { readonly parent: string; readonly bound: string } | null
}

export type Catalogue = {
  readonly schemas: readonly string[]
  readonly tables: readonly Table[]
  /** In the order in which they are copied. */
  readonly parts: readonly Part[]
}

const OURS = `n.nspowner = (select r.oid from pg_roles r where r.rolname = '${OWNER}')`
const NAME = `format('%I.%I', n.nspname, c.relname)`

const COLUMNS = `
array(select quote_ident(a.attname) from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       order by a.attnum)`

const TABLES = `
select ${NAME} as name, ${COLUMNS} as columns,
       array(select distinct format('%I.%I', fn.nspname, f.relname)
               from pg_constraint k join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
              where k.conrelid = c.oid and k.contype = 'f') as targets
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and not c.relispartition and ${OURS}
 order by 1`

const PARTS = `
select ${NAME} as name, ${COLUMNS} as columns,
       (pg_relation_size(c.oid) / current_setting('block_size')::integer)::integer as pages,
       pg_table_size(c.oid)::float8 as bytes,
       case when p.oid is not null then format('%I.%I', pn.nspname, p.relname) end as parent,
       pg_get_expr(c.relpartbound, c.oid) as bound
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_inherits i on i.inhrelid = c.oid
  left join pg_class p on p.oid = i.inhparent
  left join pg_namespace pn on pn.oid = p.relnamespace
 where c.relkind = 'r' and ${OURS}
 order by 1`

/** Whatever else may hold data, and partitions of partitions: none is in our schema, and none may be left behind unseen. */
const STRANGERS = `
select ${NAME} as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where (c.relkind not in ('r', 'p', 'i', 'I', 't', 'c', 'v') or (c.relkind = 'p' and c.relispartition)) and ${OURS}
 order by 1`

const SCHEMAS = `select n.nspname::text as name from pg_namespace n where ${OURS} order by 1`

type PartRow = Omit<Part, 'of'> & {
  readonly parent: string | null
  readonly bound: string | null
}

const partOf = ({ name, columns, pages, bytes, parent, bound }: PartRow): Part => ({
  name,
  columns,
  pages,
  bytes,
  of: parent !== null && bound !== null ? { parent, bound } : null,
})

const refuseStrangers = async (client: ClientBase): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(STRANGERS)
  if (rows.length === 0) return
  throw new SetupProblem(
    `The database holds what a move does not carry: ${rows.map(({ name }) => name).join(', ')}`,
    'Drop it if it is not needed, or move it elsewhere; it is none of Evenkeel’s tables.',
  )
}

/** Everything that there is to carry, as the database itself says it: nothing of the schema is written down here. */
export const readCatalogue = async (client: ClientBase): Promise<Catalogue> => {
  await refuseStrangers(client)
  const schemas = await client.query<{ name: string }>(SCHEMAS)
  const tables = (await client.query<Table>(TABLES)).rows.filter(
    ({ name }) => !MIGRATION_TABLES.includes(name),
  )
  const parts = (await client.query<PartRow>(PARTS)).rows.map(partOf)
  const ordered = inCopyOrder(tables)
  return {
    schemas: schemas.rows.map(({ name }) => name),
    tables: ordered,
    parts: ordered.flatMap(({ name }) => parts.filter((part) => (part.of?.parent ?? part.name) === name)),
  }
}
