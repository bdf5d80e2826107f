import type pg from 'pg'
import { CONNECT_TIMEOUT_MS } from './limits.ts'
import { rowTypes } from './row-types.ts'
import { Session } from './session.ts'

export const OWNER = 'evenkeel_owner'
export const APP = 'evenkeel_app'
export const READER = 'evenkeel_reader'

/** One connection of its own for the length of the work, closed however it ends. */
export const withClient = async <Value>(
  url: string,
  work: (client: pg.Client) => Promise<Value>,
): Promise<Value> => {
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
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** As the role that owns all tables: for migrations, for making and deleting tenants, for partitions. */
export const withOwner = <Value>(
  adminUrl: string,
  work: (client: pg.Client) => Promise<Value>,
): Promise<Value> =>
  withClient(adminUrl, async (client) => {
    await client.query(`set role ${OWNER}`)
    return work(client)
  })
