import type { Pool } from 'pg'
import type { Statement } from '../commit/table.ts'
import { NEWEST_MIGRATION } from '../migrate/files.ts'

/** The name of a pool's sessions where nobody gives another. */
export const SESSIONS = 'evenkeel'

/**
 * What pg_stat_activity shows of a session: whose it is, the newest migration that its process knows, and the process.
 * So one release can tell whether an older one works beside it.
 */
export const sessionName = (name: string = SESSIONS): string => `${name} ${NEWEST_MIGRATION} ${process.pid}`

/** A process at work on this database. Null: a release from before sessions said which migration they know. */
export type AtWork = { readonly newestMigration: number | null; readonly pid: number }

const NAME = new RegExp(`^${SESSIONS} (?:(\\d{1,9}) )?(\\d{1,9})$`)

/** Null where the session is not of a server or a command. */
export const parseSessionName = (text: string): AtWork | null => {
  const [, newest, pid] = NAME.exec(text) ?? []
  if (pid === undefined) return null
  return { newestMigration: newest === undefined ? null : Number(newest), pid: Number(pid) }
}

/** PostgreSQL shows a role the names of its own sessions; the app's are where every server is. */
const AT_WORK = `
select distinct application_name as name from pg_stat_activity
 where datname = current_database() and application_name is not null`

/** The names of the sessions, for a read: see olderAmong. */
export const SESSIONS_AT_WORK: Statement = { name: 'sessions_at_work', text: AT_WORK, values: [] }

/** The processes of these sessions that do not know a migration yet. */
export const olderAmong = (names: readonly string[], migration: number): readonly AtWork[] =>
  names.flatMap((name) => {
    const atWork = parseSessionName(name)
    return atWork === null || (atWork.newestMigration ?? 0) >= migration ? [] : [atWork]
  })

/**
 * The processes on this database that do not know this migration yet. Ask as the app or as a superuser. A server is seen
 * as long as it runs, because it looks for due work all the time.
 */
export const olderReleases = async (
  pool: Pick<Pool, 'query'>,
  migration: number = NEWEST_MIGRATION,
): Promise<readonly AtWork[]> => {
  const { rows } = await pool.query<{ name: string }>(AT_WORK)
  return olderAmong(
    rows.map(({ name }) => name),
    migration,
  )
}
