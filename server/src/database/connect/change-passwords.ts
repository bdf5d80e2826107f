import type { ClientBase } from 'pg'
import { SetupProblem } from '../../kit/index.ts'
import { APP, OWNER, READER } from './owner.ts'
import { scramVerifier } from './scram.ts'

/** The new passwords of the roles that derive theirs; null for those whose logins somebody else gives. */
export type NewPasswords = {
  readonly app: string | null
  readonly reader: string | null
  /** Of the role that we are logged in as, where it is our own cluster's. */
  readonly superuser: string | null
}

const OTHERS = `
select array(select quote_ident(d.datname) from pg_database d
              where d.datname <> current_database() and not d.datistemplate
                and exists (select from aclexplode(d.datacl) a
                             where a.grantee = (select oid from pg_roles where rolname = '${APP}'))
              order by 1) as others`

const sharedRoles = (others: readonly string[]): SetupProblem =>
  new SetupProblem(
    `The roles of Evenkeel are the whole server’s, and these databases use them too: ${others.join(', ')}`,
    'With new passwords nothing could log in there. Give DATABASE_APP_URL and DATABASE_READER_URL with passwords of your own to all of them, or revoke the right to connect from evenkeel_app where it is not used any more.',
  )

/** Passwords are a server’s, so no other database may depend on them. Over the administrator’s connection. */
export const refuseSharedRoles = async (admin: ClientBase): Promise<void> => {
  const others = (await admin.query<{ others: readonly string[] }>(OTHERS)).rows[0]?.others ?? []
  if (others.length > 0) throw sharedRoles(others)
}

/**
 * Within a transaction of the administrator: the work as the owner of the tables, and the new passwords with it. What is
 * connected stays so.
 */
export const changeWithPasswords = async <Value>(
  admin: ClientBase,
  { app, reader, superuser }: NewPasswords,
  work: (owner: ClientBase) => Promise<Value>,
): Promise<Value> => {
  await admin.query('begin')
  try {
    await admin.query(`set local role ${OWNER}`)
    const value = await work(admin)
    await admin.query('set local role none')
    if (app !== null) await admin.query(`alter role ${APP} password '${scramVerifier(app)}'`)
    if (reader !== null) await admin.query(`alter role ${READER} password '${scramVerifier(reader)}'`)
    if (superuser !== null)
      await admin.query(`alter role current_user password '${scramVerifier(superuser)}'`)
    await admin.query('commit')
    return value
  } catch (error) {
    // The connection may be what failed; the error that matters is the first one.
    await admin.query('rollback').catch(() => undefined)
    throw error
  }
}

const AT_WORK = `
select distinct application_name as session, host(client_addr) as address from pg_stat_activity
 where datname = current_database() and usename = current_user`

export type SessionAtWork = { readonly session: string; readonly address: string | null }

/** The sessions of the app's role, as they call themselves, each once. Asked as the app. */
export const sessionsAtWork = async (app: Pick<ClientBase, 'query'>): Promise<readonly SessionAtWork[]> =>
  (await app.query<SessionAtWork>(AT_WORK)).rows
