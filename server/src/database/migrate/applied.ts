import type { ClientBase } from 'pg'

/** What migrating itself writes: a database that is migrated anew has them already. */
export const MIGRATION_TABLES: readonly string[] = ['database.migrations', 'database.schema_floor']

/** Which files made the schema, in their order; two databases with the same have the same tables. */
export const readApplied = async (client: ClientBase): Promise<readonly string[]> => {
  const { rows } = await client.query<{ file: string }>(
    `select name || ' ' || sha256 as file from database.migrations order by number`,
  )
  return rows.map(({ file }) => file)
}
