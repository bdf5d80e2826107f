import type pg from 'pg'
import { type Address, atAddress, firstOf } from './address.ts'
import { CONNECT_TIMEOUT_MS } from './limits.ts'
import { rowTypes } from './row-types.ts'
import { Session } from './session.ts'
import { withLogin } from './url.ts'

export const OWNER = 'evenkeel_owner'
export const APP = 'evenkeel_app'
export const READER = 'evenkeel_reader'

const open = async (url: string): Promise<pg.Client> => {
  const client = new Session({
    connectionString: url,
    application_name: 'evenkeel setup',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: rowTypes,
  })
  // Without a listener a connection lost between two statements would end the process (node-postgres #1324).
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** One connection of its own for the length of the work, closed however it ends. */
export const withClient = async <Value>(
  address: Address,
  work: (client: pg.Client) => Promise<Value>,
): Promise<Value> => {
  const client = await atAddress(address, open)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const NAMES = { app: APP, reader: READER } as const

/** The login of one of our roles at the server and database of the administrator. */
export const roleUrl = (admin: Address, role: keyof typeof NAMES, password: string): string =>
  withLogin(firstOf(admin), NAMES[role], password)

/** As the role that owns all tables: for migrations, for making and deleting tenants, for partitions. */
export const withOwner = <Value>(
  admin: Address,
  work: (client: pg.Client) => Promise<Value>,
): Promise<Value> =>
  withClient(admin, async (client) => {
    await client.query(`set role ${OWNER}`)
    return work(client)
  })
