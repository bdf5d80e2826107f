import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import { SetupProblem } from '../../kit/index.ts'
import { OWNER, withOwner } from '../connect/owner.ts'
import { type Migration, readMigrations } from './files.ts'
import { showTooOld } from './floor.ts'
import {
  LOCK_ATTEMPTS,
  LOCK_PAUSE_MS,
  LOCK_TIMEOUT_MS,
  MIGRATION_LOCK,
  TURN_POLL_MS,
  TURN_TIMEOUT_MS,
} from './limits.ts'
import { type Applied, type Plan, planMigrations } from './plan.ts'

export type MigrateOptions = {
  /** A role that may become the owner. */
  readonly adminUrl: string
  /** The version that migrates, noted beside each file. */
  readonly release: string
  readonly migrations?: readonly Migration[]
  readonly onApplied?: (name: string, tookMs: number) => void
}

const BOOTSTRAP = `
create schema if not exists database;
create table if not exists database.migrations (
  number integer primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now(),
  release text not null
);
create table if not exists database.schema_floor (
  id integer primary key check (id = 1),
  -- A process whose newest migration is below this must not run. A contracting migration raises it.
  oldest_migration integer not null
);
insert into database.schema_floor values (1, 0) on conflict do nothing;
`

const exists = async (client: ClientBase): Promise<boolean> => {
  const found = await client.query(`select to_regclass('database.schema_floor') is not null as found`)
  return found.rows[0]?.found === true
}

const planFor = async (client: ClientBase, known: readonly Migration[]): Promise<Plan> => {
  const applied = await client.query<Applied>(
    'select number, name, sha256 from database.migrations order by number',
  )
  const floor = await client.query('select oldest_migration from database.schema_floor')
  return planMigrations(known, applied.rows, Number(floor.rows[0]?.oldest_migration ?? 0))
}

const pendingOf = (plan: Plan): readonly Migration[] => {
  switch (plan.kind) {
    case 'run':
      return plan.pending
    case 'edited':
      throw new SetupProblem(
        `The migration ${plan.name} is not the file that this database was migrated with`,
        'Restore the file as it was; what should change goes into a new migration.',
      )
    case 'too_late':
      throw new SetupProblem(
        `The migration ${plan.name} is new, but ${plan.after} has already run`,
        'Give the new file a number above all others.',
      )
    case 'too_old':
      throw new SetupProblem(showTooOld(plan), 'Start a newer release.')
  }
}

const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01')

const NOTE = 'insert into database.migrations (number, name, sha256, release) values ($1, $2, $3, $4)'

const applyOnce = async (client: ClientBase, file: Migration, release: string): Promise<void> => {
  const note = [file.number, file.name, file.sha256, release]
  if (!file.inTransaction) {
    await client.query(file.sql)
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
    ? 'start again when the database is less busy'
    : 'start again without the cause'
  return new SetupProblem(`The migration ${file.name} failed: ${what}`, `${kept}; ${fix}.`, { cause: error })
}

/** A lock that is not to be had quickly is given up, so that running work does not queue behind the migration. */
const apply = async (client: ClientBase, file: Migration, release: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await applyOnce(client, file, release)
      return
    } catch (error) {
      if (!isLockTimeout(error) || attempt === LOCK_ATTEMPTS) throw failed(file, error)
      await sleep(LOCK_PAUSE_MS)
    }
  }
}

const takeTurn = async (client: ClientBase): Promise<void> => {
  const deadline = performance.now() + TURN_TIMEOUT_MS
  for (;;) {
    const turn = await client.query('select pg_try_advisory_lock($1) as taken', [MIGRATION_LOCK])
    if (turn.rows[0]?.taken === true) return
    if (performance.now() > deadline)
      throw new SetupProblem(
        `Another process has been migrating this database for ${TURN_TIMEOUT_MS / 1_000} s`,
        'Start again when it has finished.',
      )
    await sleep(TURN_POLL_MS)
  }
}

/**
 * Brings the schema to this release, as the owner. One process does it while others wait; when nothing is pending no
 * lock is taken. The lock goes with the connection, however the process ends.
 */
export const migrate = async ({ adminUrl, release, ...options }: MigrateOptions): Promise<void> => {
  const known = options.migrations ?? readMigrations()
  await withOwner(adminUrl, async (client) => {
    if ((await exists(client)) && pendingOf(await planFor(client, known)).length === 0) return
    await takeTurn(client)
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`)
    if (!(await exists(client))) await client.query(BOOTSTRAP)
    for (const file of pendingOf(await planFor(client, known))) {
      const from = performance.now()
      await client.query(`set role ${OWNER}`)
      await apply(client, file, release)
      options.onApplied?.(file.name, Math.round(performance.now() - from))
    }
  })
}
