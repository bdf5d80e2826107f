import pg from 'pg'
import { SetupProblem } from '../../kit/index.ts'
import { withTaken } from '../connect/address.ts'
import { CONNECT_TIMEOUT_MS } from './limits.ts'
import { DATABASE, HOST, type Site, SUPERUSER } from './site.ts'

type Row = Readonly<Record<string, unknown>>

const connect = async (port: number, database: string, password: string): Promise<pg.Client> => {
  const client = new pg.Client({
    host: HOST,
    port,
    user: SUPERUSER,
    password,
    database,
    application_name: 'evenkeel start',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS * 12,
  })
  // A connection that dies between two events must not end the process; the statement fails by itself.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** One statement over a connection of its own, as the superuser. */
export const ask = async (
  site: Site,
  port: number,
  database: string,
  statement: string,
): Promise<readonly Row[]> => {
  const client = await withTaken(site.passwords, (password) => connect(port, database, password))
  try {
    return (await client.query<Row>(statement)).rows
  } finally {
    await client.end()
  }
}

const sqlstateOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

export const isPasswordRefusal = (error: unknown): boolean => ['28P01', '28000'].includes(sqlstateOf(error))

/** The superuser's password derives from the master key, so a refused password means another key. */
export const otherKey = (site: Site, cause: unknown): SetupProblem =>
  new SetupProblem(
    `The database in ${site.layout.folder} was made with another master key`,
    'Give the MASTER_KEY, or the file master.key, with which it was first started.',
    { cause },
  )

const NO_SUCH_DATABASE = '3D000'

/** Makes the database that Evenkeel lives in, unless it is there. */
export const ensureDatabase = async (site: Site, port: number): Promise<void> => {
  try {
    await ask(site, port, DATABASE, 'select 1')
  } catch (error) {
    if (isPasswordRefusal(error)) throw otherKey(site, error)
    if (sqlstateOf(error) !== NO_SUCH_DATABASE) throw error
    await ask(site, port, 'postgres', `create database ${DATABASE}`)
  }
}
