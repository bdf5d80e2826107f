import type { ClientBase } from 'pg'

/** From this commit on a process that does not know the migration is too old. As the owner, who has made it. */
export const raiseFloor = async (owner: ClientBase, migration: number): Promise<void> => {
  await owner.query(
    'update database.schema_floor set oldest_migration = greatest(oldest_migration, $1) where id = 1',
    [migration],
  )
}
