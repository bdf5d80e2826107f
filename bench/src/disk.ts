import type { Client } from './clients.ts'

/** Tables with their indexes and partitions, in bytes. */
export const bytesOf = async (client: Client, tables: readonly string[]): Promise<number> => {
  const { rows } = await client.query<{ bytes: string }>(
    `select coalesce(sum(pg_total_relation_size(t.name)
                         + coalesce((select sum(pg_total_relation_size(i.inhrelid)) from pg_inherits i
                                      where i.inhparent = t.name), 0)), 0)::text as bytes
       from unnest($1::text[]::regclass[]) as t (name)`,
    [tables],
  )
  return Number(rows[0]?.bytes ?? 0)
}
