import type { ClientBase } from 'pg'
import type { Table } from './catalogue.ts'
import type { Holding } from './core/compare.ts'

/** How a session writes values as text, so that two servers of two versions write them alike. */
export const PLAIN_TEXT = `
set datestyle = 'ISO, YMD';
set intervalstyle = 'postgres';
set timezone = 'UTC';
set bytea_output = 'hex';
set extra_float_digits = 1;
set client_encoding = 'UTF8';
set statement_timeout = 0;
set idle_in_transaction_session_timeout = 0;
`

/** Eight bytes of each row’s digest, added up: which rows there are counts, and not where they lie. */
const digestOf = ({ name, columns }: Table): string => `
select count(*) as rows,
       coalesce(sum(('x' || left(md5(row(${columns.join(', ')})::text), 16))::bit(64)::bigint), 0)::text as digest
  from ${name}`

/** What one table holds, read by a role that sees the rows of all tenants. */
export const readHolding = async (client: ClientBase, table: Table): Promise<Holding> => {
  const { rows } = await client.query<{ rows: bigint; digest: string }>(digestOf(table))
  const [found] = rows
  return { table: table.name, rows: found?.rows ?? 0n, digest: found?.digest ?? '' }
}
