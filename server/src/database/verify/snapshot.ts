import type { ClientBase } from 'pg'

/** Everything that the work reads is as it stood at one moment, and nothing can be written. */
export const withSnapshot = async <Value>(client: ClientBase, work: () => Promise<Value>): Promise<Value> => {
  await client.query('begin isolation level repeatable read read only')
  try {
    const value = await work()
    await client.query('rollback')
    return value
  } catch (error) {
    // What went wrong first is what counts; a connection that was lost has nothing to roll back.
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/** Reads along an index even where the planner, for want of statistics, would rather sort the whole table. */
export const withoutSorting = async <Value>(
  client: ClientBase,
  work: () => Promise<Value>,
): Promise<Value> => {
  await client.query('set local enable_sort = off')
  const value = await work()
  await client.query('set local enable_sort = on')
  return value
}
