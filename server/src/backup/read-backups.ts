import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { manifestFrom } from './core/manifest.ts'
import type { BackupEntry, BackupManifest } from './core/model.ts'
import { isAbsent, readIfThere, troubleOf } from './disk.ts'
import { baseFolder, namesIn, requireMark } from './folder.ts'
import { FILES_AT_ONCE, MANIFEST_MOST_BYTES } from './limits.ts'

export const MANIFEST_FILE = 'manifest.json'

const BACKUP_ID = /^\d{8}T\d{6}Z-[0-9a-f]{6}$/

export const isBackupId = (name: string): boolean => BACKUP_ID.test(name)

/** Looks whether each file is there and has its size; their digests are a matter of reading it all. */
const missingFrom = async (data: string, { files }: BackupManifest): Promise<string | null> => {
  for (let from = 0; from < files.length; from += FILES_AT_ONCE * 16) {
    const found = await Promise.all(
      files.slice(from, from + FILES_AT_ONCE * 16).map(async ({ path, bytes }) => {
        try {
          const { size } = await stat(join(data, path))
          return size === bytes ? null : `${path} has ${size} bytes and should have ${bytes}`
        } catch (error) {
          if (isAbsent(error)) return `${path} is missing`
          throw error
        }
      }),
    )
    const first = found.find((what) => what !== null)
    if (first !== undefined) return first
  }
  return null
}

const readManifest = async (base: string, id: string): Promise<BackupEntry> => {
  const file = join(base, MANIFEST_FILE)
  const { size } = await stat(file).catch((error: unknown) => {
    if (isAbsent(error)) return { size: -1 }
    throw error
  })
  if (size < 0) return { kind: 'unfinished', id }
  if (size > MANIFEST_MOST_BYTES) return { kind: 'damaged', id, why: 'its manifest is too large' }
  const text = await readIfThere(file)
  if (text === null) return { kind: 'unfinished', id }
  const read = manifestFrom(text.toString('utf8'))
  if (!read.ok) return { kind: 'damaged', id, why: read.why }
  if (read.manifest.id !== id) return { kind: 'damaged', id, why: 'its manifest is that of another backup' }
  return { kind: 'whole', manifest: read.manifest }
}

/** One backup. Whole are only those whose manifest is whole and whose files are all there with their sizes. */
export const readBackup = async (folder: string, id: string): Promise<BackupEntry> => {
  const base = join(baseFolder(folder), id)
  const entry = await readManifest(base, id)
  if (entry.kind !== 'whole') return entry
  const missing = await missingFrom(join(base, 'data'), entry.manifest)
  return missing === null ? entry : { kind: 'damaged', id, why: missing }
}

/** The names of what lies there, whole or not, the oldest first. */
export const listBackupIds = async (folder: string): Promise<readonly string[]> =>
  (await namesIn(baseFolder(folder))).filter(isBackupId).toSorted()

/** What lies in the folder, the oldest first. A folder that is not ours is refused. */
export const readBackups = async (folder: string): Promise<readonly BackupEntry[]> => {
  try {
    await requireMark(folder)
    const entries: BackupEntry[] = []
    for (const id of await listBackupIds(folder)) entries.push(await readBackup(folder, id))
    return entries
  } catch (error) {
    throw troubleOf(error, folder) ?? error
  }
}

/** The newest whole one, without looking at older ones. */
export const newestBackup = async (folder: string): Promise<BackupManifest | null> => {
  for (const id of (await listBackupIds(folder)).toReversed()) {
    const entry = await readBackup(folder, id)
    if (entry.kind === 'whole') return entry.manifest
  }
  return null
}
