import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import { SetupProblem } from '../kit/index.ts'
import { OTHERS_POLL_MS } from './limits.ts'

const DATABASE = 'select quote_ident(current_database()) as name'

const setReadOnly = async (admin: ClientBase, how: string): Promise<void> => {
  const { rows } = await admin.query<{ name: string }>(DATABASE)
  await admin.query('begin read write')
  await admin.query(`alter database ${rows[0]?.name} ${how}`)
  await admin.query('commit')
}

/** From the next session on nobody changes anything here by accident, whatever the program. */
export const freeze = (admin: ClientBase): Promise<void> =>
  setReadOnly(admin, 'set default_transaction_read_only = on')

/** As if no move had begun. */
export const thaw = (admin: ClientBase): Promise<void> =>
  setReadOnly(admin, 'reset default_transaction_read_only')

const OTHERS = `
select pid, application_name as name
  from pg_stat_activity
 where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
   and application_name not like '% ' || $1::text`

/**
 * Sessions that were open before the database became read-only may still write. The caller’s own end with this
 * process’s number; others are waited for, and then refused.
 */
export const refuseOthers = async (admin: ClientBase, withinMs: number): Promise<void> => {
  const until = performance.now() + withinMs
  for (;;) {
    const { rows } = await admin.query<{ pid: number; name: string }>(OTHERS, [process.pid])
    if (rows.length === 0) return
    if (performance.now() > until)
      throw new SetupProblem(
        `Somebody else works on this database: ${rows.map(({ pid, name }) => `${name === '' ? 'a session' : name} (PostgreSQL’s process ${pid})`).join(', ')}`,
        'Let that command end, or stop it, and run this one again. Nothing was changed.',
      )
    await sleep(OTHERS_POLL_MS)
  }
}
