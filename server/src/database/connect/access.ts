import type { ClientBase } from 'pg'
import { SetupProblem } from '../../kit/index.ts'
import { type Address, firstOf } from './address.ts'
import { APP, READER, withClient } from './owner.ts'
import { ensureRoles, type RolePasswords } from './roles.ts'
import { classifyError, sqlstateOf } from './sqlstate.ts'
import { showUrl, withLogin } from './url.ts'

/** The URLs that the operator gave. The first may create roles and migrate; the others are for roles of his own making. */
export type GivenUrls = { readonly admin: Address; readonly app?: string; readonly reader?: string }

/** One URL per role, each tried. */
export type Access = { readonly adminUrl: string; readonly appUrl: string; readonly readerUrl: string }

const PASSWORD_REFUSED = new Set(['28P01', '28000'])

const cannotConnect = (setting: string, url: string, error: unknown): SetupProblem => {
  const what = error instanceof Error ? error.message : String(error)
  return new SetupProblem(
    `${setting} does not lead to a database: ${showUrl(url)} answers "${what}"`,
    classifyError(error) === 'transient'
      ? 'See that PostgreSQL runs there and lets this machine connect.'
      : `Correct ${setting}.`,
    { cause: error },
  )
}

const otherPassword = (role: string, setting: string, cause: unknown): SetupProblem =>
  new SetupProblem(
    `The role ${role} exists in this server with another password than this master key gives it`,
    `Give the MASTER_KEY it was made with, or set ${setting} to a URL with its password, or drop the role.`,
    { cause },
  )

const tryRole = async (role: string, setting: string, url: string, isGiven: boolean): Promise<void> => {
  try {
    await withClient(url, (client) => client.query('select 1'))
  } catch (error) {
    if (!isGiven && PASSWORD_REFUSED.has(sqlstateOf(error) ?? '')) throw otherPassword(role, setting, error)
    throw cannotConnect(setting, url, error)
  }
}

/** The passwords, or what finds them out over the connection of the administrator. */
export type GivenPasswords = RolePasswords | ((admin: ClientBase) => Promise<RolePasswords>)

const rolesMade = async (client: ClientBase, given: GivenPasswords): Promise<RolePasswords> => {
  const passwords = typeof given === 'function' ? await given(client) : given
  await ensureRoles(client, passwords)
  return passwords
}

/** Makes the roles when they are missing, and finds how to log in as each. */
export const prepareAccess = async (given: GivenUrls, givenPasswords: GivenPasswords): Promise<Access> => {
  const { admin } = given
  let passwords: RolePasswords
  try {
    passwords = await withClient(admin, (client) => rolesMade(client, givenPasswords))
  } catch (error) {
    if (error instanceof SetupProblem) throw error
    throw cannotConnect('DATABASE_URL', firstOf(admin), error)
  }
  const adminUrl = firstOf(admin)
  const appUrl = given.app ?? withLogin(adminUrl, APP, passwords.app)
  const readerUrl = given.reader ?? withLogin(adminUrl, READER, passwords.reader)
  await Promise.all([
    tryRole(APP, 'DATABASE_APP_URL', appUrl, given.app !== undefined),
    tryRole(READER, 'DATABASE_READER_URL', readerUrl, given.reader !== undefined),
  ])
  return { adminUrl, appUrl, readerUrl }
}
