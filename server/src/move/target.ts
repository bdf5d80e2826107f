import type { ClientBase } from 'pg'
import {
  type Access,
  examine,
  type Finding,
  type GivenUrls,
  prepareAccess,
  type RolePasswords,
  refusePowerfulRole,
  refuseUnsafeSettings,
  withClient,
} from '../database/index.ts'
import { SetupProblem } from '../kit/index.ts'
import type { Catalogue } from './catalogue.ts'
import { notePrepared } from './notes.ts'

/** Where a move goes to, without a password: for people, and to know the place again. */
export const placeOf = (shownUrl: string): string => shownUrl.replace(/\?.*$/s, '')

type Wanted = {
  readonly urls: GivenUrls
  readonly passwords: RolePasswords
  /** Only tests work with a database that loses what it confirmed. */
  readonly allowUnsafe: boolean
  readonly despiteDangers: boolean
}

const refuseDangers = (findings: readonly Finding[]): void => {
  const dangers = findings.filter(({ severity }) => severity === 'danger')
  if (dangers.length === 0) return
  throw new SetupProblem(
    dangers
      .map(
        ({ name, found, wanted, why }) => `The new database has ${name} ${found}, better ${wanted}: ${why}`,
      )
      .join('\n'),
    'Mend it there and run the command again; or add --despite-dangers, if you know better. Nothing was copied.',
  )
}

/** A start speaks of its settings; here the same is given with the command. */
const inWordsOfTheCommand = (text: string): string =>
  text
    .replaceAll('set DATABASE_APP_URL and DATABASE_READER_URL', 'give --app-url and --reader-url')
    .replaceAll(
      /set DATABASE_(APP|READER)_URL to/g,
      (_all, role: string) => `give --${role.toLowerCase()}-url`,
    )
    .replaceAll('DATABASE_APP_URL', '--app-url')
    .replaceAll('DATABASE_READER_URL', '--reader-url')
    .replaceAll('The role of DATABASE_URL', 'The role of that address')
    .replaceAll(/DATABASE_URL(?= does)/g, 'The address')
    .replaceAll('DATABASE_URL', 'the address')

const accessTo = async (urls: GivenUrls, passwords: RolePasswords): Promise<Access> => {
  try {
    return await prepareAccess(urls, passwords)
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error
    throw new SetupProblem(inWordsOfTheCommand(error.message), inWordsOfTheCommand(error.fix), {
      cause: error,
    })
  }
}

/**
 * Makes the roles as a start of a server would, and refuses a database that a server would refuse. What doctor would
 * advise is answered; what it calls a danger is refused as well, while it still costs nothing.
 */
export const prepareRoles = async ({
  urls,
  passwords,
  allowUnsafe,
  despiteDangers,
}: Wanted): Promise<{ readonly access: Access; readonly findings: readonly Finding[] }> => {
  const access = await accessTo(urls, passwords)
  const findings = await withClient(access.appUrl, async (app) => {
    await refuseUnsafeSettings(app, allowUnsafe)
    await refusePowerfulRole(app)
    return examine(app)
  })
  if (!allowUnsafe && !despiteDangers) refuseDangers(findings)
  return { access, findings: findings.filter(({ severity }) => severity !== 'fine') }
}

const ENCODING = `select current_setting('server_encoding') as encoding`

/** Names are in any language; other encodings would lose letters, so this is asked for whatever else may be borne. */
export const refuseEncoding = async (target: ClientBase): Promise<void> => {
  const { rows } = await target.query<{ encoding: string }>(ENCODING)
  const encoding = rows[0]?.encoding ?? ''
  if (encoding !== 'UTF8')
    throw new SetupProblem(
      `The new database writes text in ${encoding}, which cannot hold every name`,
      `Make it anew: create database … encoding 'UTF8' template template0;`,
    )
}

const makePartitions = async (owner: ClientBase, { parts }: Catalogue): Promise<void> => {
  for (const { name, of } of parts) {
    if (of === null) continue
    await owner.query(`create table if not exists ${name} partition of ${of.parent} ${of.bound}`)
  }
}

/** After migrating: what the migrations themselves put in goes, as the source has it too, and the partitions are made. */
export const prepareTables = async (owner: ClientBase, catalogue: Catalogue): Promise<void> => {
  await owner.query('begin')
  await owner.query(`truncate ${catalogue.tables.map(({ name }) => name).join(', ')}`)
  await makePartitions(owner, catalogue)
  await notePrepared(owner)
  await owner.query('commit')
}

/** So that the first queries there are planned with knowledge of the rows. */
export const settle = async (
  owner: ClientBase,
  { tables }: Catalogue,
  onTable: (name: string, done: number) => void,
): Promise<void> => {
  for (const [index, { name }] of tables.entries()) {
    onTable(name, index)
    await owner.query(`vacuum (analyze) ${name}`)
  }
}
