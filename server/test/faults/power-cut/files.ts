import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The files of a data folder by their names in it. */
export type Files = ReadonlyMap<string, Buffer>

export type Snapshot = { readonly folders: readonly string[]; readonly files: Files }

/** What a PostgreSQL that starts throws away, or what is no file of its data. The log is read by itself. */
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|(pg_wal|pg_stat_tmp|pg_dynshmem|pg_notify|pg_subtrans|pgsql_tmp)\/.*)$/

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

const readIfThere = (path: string): Buffer | null => {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

/**
 * Reads everything while PostgreSQL writes: some pages are of one moment and some of another, and one may be half of
 * each. That is what a disk looks like on which nothing but the log was synced since the last checkpoint.
 */
export const readDisk = (dataFolder: string): Snapshot => {
  const folders: string[] = []
  const files = new Map<string, Buffer>()
  for (const entry of readdirSync(dataFolder, { recursive: true, withFileTypes: true })) {
    const name = relative(dataFolder, join(entry.parentPath, entry.name))
    if (entry.isDirectory()) folders.push(name)
    if (!entry.isFile() || LEFT_OUT.test(name)) continue
    const bytes = readIfThere(join(dataFolder, name))
    if (bytes !== null) files.set(name, bytes)
  }
  return { folders, files }
}

const SEGMENT = /^[0-9A-F]{24}$/

/** The segments of the log, the oldest first. */
export const readLog = (dataFolder: string): Files => {
  const folder = join(dataFolder, 'pg_wal')
  const names = readdirSync(folder)
    .filter((name) => SEGMENT.test(name))
    .toSorted()
  return new Map(
    names.flatMap((name): [string, Buffer][] => {
      const bytes = readIfThere(join(folder, name))
      return bytes === null ? [] : [[name, bytes]]
    }),
  )
}
