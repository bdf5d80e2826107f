import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import { SetupProblem } from '../../kit/index.ts'
import type { Migration } from './files.ts'
import { CONCURRENT_LOCK_TIMEOUT_MS, LOCK_ATTEMPTS, LOCK_PAUSE_MS, LOCK_TIMEOUT_MS } from './limits.ts'

/** A migration did not get its lock in time, gave way, and is tried again. */
export type OnGaveWay = (name: string, attempt: number) => void

const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01')

const NOTE = 'insert into database.migrations (number, name, sha256, release) values ($1, $2, $3, $4)'

const INVALID = `
select format('drop index concurrently %I.%I', n.nspname, c.relname) as statement
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
 where not i.indisvalid and pg_get_userbyid(c.relowner) = current_user and c.relkind = 'i'`

/**
 * An index that was being built concurrently when its process was killed or gave up stays, is kept up and used by nobody,
 * and has its name, so that "if not exists" finds it. Only one process migrates, so nobody is building it now.
 */
const dropUnfinishedIndexes = async (client: ClientBase): Promise<void> => {
  const { rows } = await client.query<{ statement: string }>(INVALID)
  for (const { statement } of rows) await client.query(statement)
}

/** Whoever waits for such a statement's lock does not wait behind it, so it may take its time. */
const applyAlone = async (client: ClientBase, { sql }: Migration): Promise<void> => {
  await client.query(`set lock_timeout = ${CONCURRENT_LOCK_TIMEOUT_MS}`)
  try {
    await dropUnfinishedIndexes(client)
    await client.query(sql)
  } finally {
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`)
  }
}

const applyOnce = async (client: ClientBase, file: Migration, release: string): Promise<void> => {
  const note = [file.number, file.name, file.sha256, release]
  if (!file.inTransaction) {
    await applyAlone(client, file)
    await client.query(NOTE, note)
    return
  }
  await client.query('begin')
  try {
    await client.query(file.sql)
    await client.query(NOTE, note)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

const failed = (file: Migration, error: unknown): SetupProblem => {
  const what = error instanceof Error ? error.message : String(error)
  const kept = file.inTransaction
    ? 'Nothing of it was kept'
    : 'It ran in no transaction, so look at what it left'
  const fix = isLockTimeout(error)
    ? 'start again when no long transaction, such as that of verify, holds the table'
    : 'start again without the cause'
  return new SetupProblem(`The migration ${file.name} failed: ${what}`, `${kept}; ${fix}.`, { cause: error })
}

/** A lock that is not to be had quickly is given up, so that running work does not queue behind the migration. */
export const applyMigration = async (
  client: ClientBase,
  file: Migration,
  { release, onGaveWay }: { readonly release: string; readonly onGaveWay?: OnGaveWay | undefined },
): Promise<void> => {
  await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`)
  for (let attempt = 1; ; attempt += 1) {
    try {
      await applyOnce(client, file, release)
      return
    } catch (error) {
      if (!isLockTimeout(error) || attempt === LOCK_ATTEMPTS) throw failed(file, error)
      onGaveWay?.(file.name, attempt)
      await sleep(LOCK_PAUSE_MS)
    }
  }
}
