import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { packedName, unpackedName } from './core/log-names.ts'
import { type Keep, logToRemove, retain } from './core/retention.ts'
import { syncFolder, troubleOf } from './disk.ts'
import { baseFolder, logFolder, namesIn } from './folder.ts'
import { MANIFEST_FILE, readBackups } from './read-backups.ts'

export type Pruned = {
  /** Of the backups that went. */
  readonly removed: readonly string[]
  readonly segments: number
}

/** Its manifest goes first, and is gone for good, before anything of it: what is half removed is not whole. */
const removeBase = async (folder: string, id: string): Promise<void> => {
  const base = join(baseFolder(folder), id)
  await rm(join(base, MANIFEST_FILE), { force: true })
  await syncFolder(base)
  await rm(base, { recursive: true, force: true })
}

/** Removes the backups that need not stay, and then the log that none of the others needs. */
export const prune = async (folder: string, keep: Keep, nowMicros: bigint): Promise<Pruned> => {
  if (keep.count === null && keep.days === null) return { removed: [], segments: 0 }
  try {
    const entries = await readBackups(folder)
    const whole = entries.flatMap((entry) => (entry.kind === 'whole' ? [entry.manifest] : []))
    const { kept, removed } = retain(whole, keep, nowMicros)
    for (const { id } of removed) await removeBase(folder, id)
    // One that cannot be read may still be of use to somebody: as long as it lies there, the log stays.
    if (kept.length === 0 || entries.some(({ kind }) => kind === 'damaged'))
      return { removed: removed.map(({ id }) => id), segments: 0 }
    const names = (await namesIn(logFolder(folder))).flatMap((packed) => unpackedName(packed) ?? [])
    const segments = logToRemove(kept, names)
    for (const name of segments) await rm(join(logFolder(folder), packedName(name)), { force: true })
    return { removed: removed.map(({ id }) => id), segments: segments.length }
  } catch (error) {
    throw troubleOf(error, folder) ?? error
  }
}
