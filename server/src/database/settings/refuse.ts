import { SetupProblem } from '../../kit/index.ts'
import { OLDEST_MAJOR } from './limits.ts'
import { type Asked, majorOf, readSettings } from './read-settings.ts'

/** Without these an answered payment can be lost. */
const DURABLE = ['fsync', 'full_page_writes', 'synchronous_commit'] as const

const refuseVersion = (major: number): void => {
  if (major < OLDEST_MAJOR)
    throw new SetupProblem(
      `The database is PostgreSQL ${major}; Evenkeel needs ${OLDEST_MAJOR} or newer`,
      'Upgrade it, or leave DATABASE_URL out to use the embedded PostgreSQL.',
    )
}

const refuseUnsafe = (off: readonly string[]): void => {
  if (off.length === 0) return
  const statements = off.map((name) => `alter system set ${name} = on`)
  throw new SetupProblem(
    `The database may lose what it has confirmed: ${off.join(', ')} ${off.length === 1 ? 'is' : 'are'} off`,
    `Run as a superuser: ${statements.join('; ')}; select pg_reload_conf(); and see that neither role nor database sets them.`,
  )
}

/**
 * Refuses a database that is too old or that gives up durability, as the app's own sessions see it. The exception is
 * for tests, and is asked for by EVENKEEL_TEST_UNSAFE_DATABASE.
 */
export const refuseUnsafeSettings = async (app: Asked, allowUnsafe: boolean): Promise<void> => {
  const settings = await readSettings(app, ['server_version_num', ...DURABLE])
  refuseVersion(majorOf(settings))
  if (!allowUnsafe) refuseUnsafe(DURABLE.filter((name) => settings.get(name) === 'off'))
}

type RoleFacts = {
  readonly role: string
  readonly is_superuser: boolean
  readonly bypasses: boolean
  readonly is_owner: boolean
  readonly owns: string | null
  readonly is_app: boolean
}

const ROLE_FACTS = `
select current_user::text as role,
       r.rolsuper as is_superuser,
       r.rolbypassrls as bypasses,
       pg_has_role(r.oid, 'evenkeel_owner', 'member') as is_owner,
       pg_has_role(r.oid, 'evenkeel_app', 'usage') as is_app,
       (select string_agg(n.nspname || '.' || c.relname, ', ')
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relowner = r.oid and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
           and c.relpersistence <> 't') as owns
  from pg_roles r where r.rolname = current_user`

const faultOf = (facts: RoleFacts): string | null => {
  if (facts.is_superuser) return 'is a superuser'
  if (facts.bypasses) return 'bypasses row-level security'
  if (facts.is_owner) return 'is the owner of the tables, or a member of it'
  if (facts.owns !== null) return `owns ${facts.owns}`
  if (!facts.is_app) return 'is not a member of evenkeel_app'
  return null
}

/** Refuses to work as a role that row-level security does not bind. */
export const refusePowerfulRole = async (app: Asked): Promise<void> => {
  const { rows } = await app.query<RoleFacts>(ROLE_FACTS)
  const [facts] = rows
  const fault = facts === undefined ? 'is unknown' : faultOf(facts)
  if (fault === null) return
  throw new SetupProblem(
    `The server would work as the role ${facts?.role}, which ${fault}`,
    'Let DATABASE_APP_URL log in as evenkeel_app, or leave it out.',
  )
}
