import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientBase } from 'pg'
import { SetupProblem } from '../../kit/index.ts'
import { ROLE_ATTEMPTS, ROLE_PAUSE_MS } from './limits.ts'
import { APP, OWNER, READER } from './owner.ts'
import { scramVerifier } from './scram.ts'
import { sqlstateOf } from './sqlstate.ts'

/** The passwords of the two roles that log in. They derive from the master key, so nobody keeps them. */
export type RolePasswords = { readonly app: string; readonly reader: string }

const ROLES = [OWNER, APP, READER] as const
type RoleName = (typeof ROLES)[number]

const NO_RIGHTS = 'nosuperuser nocreatedb nocreaterole noreplication nobypassrls'

/** The statements that make a role; the passwords as PostgreSQL stores them. */
const creation = (role: RoleName, verifiers: RolePasswords): readonly string[] => {
  switch (role) {
    case OWNER:
      return [`create role ${OWNER} nologin ${NO_RIGHTS}`]
    case APP:
      return [`create role ${APP} login noinherit ${NO_RIGHTS} password '${verifiers.app}'`]
    case READER:
      return [
        `create role ${READER} login noinherit ${NO_RIGHTS} password '${verifiers.reader}'`,
        `alter role ${READER} set default_transaction_read_only = on`,
      ]
  }
}

/** The names are quoted as SQL needs it. */
type Facts = {
  readonly present: readonly string[]
  readonly may_create: boolean
  readonly database: string
  readonly admin: string
}

/** The owner holds the app's role, and so passes through the same row-level policies, one tenant at a time. */
const grants = ({ database, admin }: Facts): readonly string[] => [
  `grant ${OWNER} to ${admin}`,
  `grant ${APP} to ${OWNER}`,
  `grant connect, create on database ${database} to ${OWNER}`,
  `grant connect on database ${database} to ${APP}, ${READER}`,
]

const FACTS = `
select array(select rolname::text from pg_roles where rolname in ('${ROLES.join("', '")}')) as present,
       (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as may_create,
       quote_ident(current_database()) as database, quote_ident(current_user) as admin`

const IS_GRANTED = `
select pg_has_role(current_user, '${OWNER}', 'member') and pg_has_role('${OWNER}', '${APP}', 'usage')
   and has_database_privilege('${OWNER}', current_database(), 'create')
   and has_database_privilege('${APP}', current_database(), 'connect')
   and has_database_privilege('${READER}', current_database(), 'connect') as granted`

const readFacts = async (client: ClientBase): Promise<Facts> => {
  const { rows } = await client.query<Facts>(FACTS)
  const [facts] = rows
  return facts ?? { present: [], may_create: false, database: '', admin: '' }
}

const AND_SAY = ' with passwords of your own, and set DATABASE_APP_URL and DATABASE_READER_URL.'

const mayNot = (facts: Facts, missing: readonly string[], cause?: unknown): SetupProblem => {
  const placeholders = { app: 'a password', reader: 'another password' }
  const statements = [
    ...ROLES.filter((role) => missing.includes(role)).flatMap((role) => creation(role, placeholders)),
    ...grants(facts),
  ]
  return new SetupProblem(
    'The role of DATABASE_URL may not create or grant the roles that Evenkeel needs',
    `Run this as a superuser: ${statements.join('; ')};${missing.length > 0 ? AND_SAY : ''}`,
    { cause },
  )
}

const DUPLICATE_ROLE = '42710'
const DUPLICATE_KEY = '23505'
const CONCURRENT_UPDATE = 'XX000'
const NO_RIGHT = '42501'

/** Roles belong to the whole server, so another database's start may be making the same ones at this moment. */
const run = async (client: ClientBase, statement: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(statement)
      return
    } catch (error) {
      const state = sqlstateOf(error)
      if (state === DUPLICATE_ROLE || state === DUPLICATE_KEY) return
      if (state !== CONCURRENT_UPDATE || attempt === ROLE_ATTEMPTS) throw error
      await sleep(ROLE_PAUSE_MS)
    }
  }
}

const isGranted = async (client: ClientBase): Promise<boolean> =>
  (await client.query<{ granted: boolean }>(IS_GRANTED)).rows[0]?.granted === true

/** Makes the roles that are missing and grants what they need, over a connection that may. */
export const ensureRoles = async (client: ClientBase, passwords: RolePasswords): Promise<void> => {
  const facts = await readFacts(client)
  const missing = ROLES.filter((role) => !facts.present.includes(role))
  if (missing.length === 0 && (await isGranted(client))) return
  if (missing.length > 0 && !facts.may_create) throw mayNot(facts, missing)
  const verifiers = { app: scramVerifier(passwords.app), reader: scramVerifier(passwords.reader) }
  try {
    for (const role of missing) {
      for (const statement of creation(role, verifiers)) await run(client, statement)
    }
    for (const statement of grants(facts)) await run(client, statement)
  } catch (error) {
    if (sqlstateOf(error) === NO_RIGHT) throw mayNot(facts, missing, error)
    throw error
  }
  // A grant of what one may not pass on is no error, only a warning.
  if (!(await isGranted(client))) throw mayNot(facts, [])
}
