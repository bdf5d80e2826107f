import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import { SetupProblem } from '../../kit/index.ts'
import type { Address } from '../connect/address.ts'
import { OWNER, withOwner } from '../connect/owner.ts'
import { applyMigration, type OnGaveWay } from './apply.ts'
import { type Migration, readMigrations } from './files.ts'
import { showTooOld } from './floor.ts'
import { MIGRATION_LOCK, TURN_POLL_MS, TURN_TIMEOUT_MS } from './limits.ts'
import { type Applied, type Plan, planMigrations } from './plan.ts'

export type MigrateOptions = {
  /** A role that may become the owner. */
  readonly adminUrl: Address
  /** The version that migrates, noted beside each file. */
  readonly release: string
  readonly migrations?: readonly Migration[]
  readonly onApplied?: (name: string, tookMs: number) => void
  readonly onGaveWay?: OnGaveWay
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
    if (!(await exists(client))) await client.query(BOOTSTRAP)
    for (const file of pendingOf(await planFor(client, known))) {
      const from = performance.now()
      await client.query(`set role ${OWNER}`)
      await applyMigration(client, file, { release, onGaveWay: options.onGaveWay })
      options.onApplied?.(file.name, Math.round(performance.now() - from))
    }
  })
}
