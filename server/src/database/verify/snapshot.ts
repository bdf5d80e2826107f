import type { ClientBase } from 'pg'

/** Everything that the work reads is as it stood at one moment, and nothing can be written. */
export const withSnapshot = async <Value>(client: ClientBase, work: () => Promise<Value>): Promise<Value> => {
  await client.query('begin isolation level repeatable read read only')
  try {
    return await work()
  } finally {
    await client.query('rollback')
  }
}
