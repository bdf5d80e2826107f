import type { Pool } from 'pg'
import { NEWEST_MIGRATION } from './files.ts'

/** The newest migration that a process knows, and the oldest that the database lets work. */
export type TooOld = { readonly newest: number; readonly floor: number }

/** What a process that is too old is told, at its start and while it runs. */
export const showTooOld = ({ newest, floor }: TooOld): string =>
  `This release knows migrations up to ${newest}; the database needs a release that knows ${floor}`

/** The oldest migration that a process must know to work here. */
export const readFloor = async (pool: Pick<Pool, 'query'>): Promise<number> => {
  const { rows } = await pool.query<{ floor: number }>(
    'select oldest_migration as floor from database.schema_floor',
  )
  return Number(rows[0]?.floor ?? 0)
}

/** A contracting migration may have left this process behind since it started. Null while it may work. */
export const readTooOld = async (
  pool: Pick<Pool, 'query'>,
  newest: number = NEWEST_MIGRATION,
): Promise<TooOld | null> => {
  const floor = await readFloor(pool)
  return newest < floor ? { newest, floor } : null
}
