import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from './copy-data.ts'
import { firstHole } from './core/holes.ts'
import { isSegmentName, packedName, unpackedName } from './core/log-names.ts'
import { segmentFault } from './core/log-segment.ts'
import type { BackupEntry, BackupManifest } from './core/model.ts'
import { troubleOf } from './disk.ts'
import { baseFolder, logFolder, namesIn, requireMark } from './folder.ts'
import { readBackups } from './read-backups.ts'
import { unpack } from './ship.ts'

/** What was found by reading everything. */
export type CheckedFolder = {
  readonly backups: readonly BackupEntry[]
  readonly log: {
    readonly segments: number
    /** What is damaged or missing, each as a sentence. */
    readonly problems: readonly string[]
  }
}

export type CheckProgress = { readonly done: number; readonly total: number }

/** The first file that is not what the manifest says; null when all are. */
const strayFile = async (
  folder: string,
  { id, files }: BackupManifest,
  onBytes: (bytes: number) => void,
): Promise<string | null> => {
  for (const { path, bytes, sha256 } of files) {
    if ((await digestOf(join(baseFolder(folder), id, 'data', path))) !== sha256)
      return `${path} does not agree with its checksum`
    onBytes(bytes)
  }
  return null
}

const checkSegment = async (
  folder: string,
  name: string,
  systemIdentifier: string,
): Promise<string | null> => {
  const packed = await readFile(join(logFolder(folder), packedName(name)))
  try {
    const content = await unpack(packed)
    const fault = isSegmentName(name) ? segmentFault(content, name, systemIdentifier) : null
    return fault === null ? null : `${name}: ${fault}`
  } catch {
    return `${name}: its content does not agree with its checksum`
  }
}

/** Reads every file of every backup and all of the log, as a restore would. */
export const checkBackups = async (
  folder: string,
  onProgress: (progress: CheckProgress) => void,
  signal: AbortSignal,
): Promise<CheckedFolder> => {
  try {
    const { systemIdentifier } = await requireMark(folder)
    const entries = await readBackups(folder)
    const total = entries.reduce((sum, entry) => sum + (entry.kind === 'whole' ? entry.manifest.bytes : 0), 0)
    let done = 0
    const onBytes = (bytes: number): void => {
      signal.throwIfAborted()
      done += bytes
      onProgress({ done, total })
    }
    const backups: BackupEntry[] = []
    for (const entry of entries) {
      const why = entry.kind === 'whole' ? await strayFile(folder, entry.manifest, onBytes) : null
      backups.push(
        entry.kind === 'whole' && why !== null ? { kind: 'damaged', id: entry.manifest.id, why } : entry,
      )
    }
    const names = (await namesIn(logFolder(folder)))
      .flatMap((packed) => unpackedName(packed) ?? [])
      .toSorted()
    const problems: string[] = []
    for (const name of names) {
      signal.throwIfAborted()
      const fault = await checkSegment(folder, name, systemIdentifier)
      if (fault !== null) problems.push(fault)
    }
    const newest = backups.findLast((entry) => entry.kind === 'whole')
    const hole = newest?.kind === 'whole' ? firstHole(names, newest.manifest.firstSegment) : null
    if (hole !== null) problems.push(`${hole} is missing`)
    return { backups, log: { segments: names.filter(isSegmentName).length, problems } }
  } catch (error) {
    throw troubleOf(error, folder) ?? error
  }
}
