import { type ArchiveChoice, type Layout, readArchiveChoice } from '../database/index.ts'
import { firstHole } from './core/holes.ts'
import { unpackedName } from './core/log-names.ts'
import { parseMoment } from './core/restore-moment.ts'
import { isAbsent, troubleOf } from './disk.ts'
import { checkFolder, logFolder, namesIn } from './folder.ts'
import { SEGMENT_BYTES } from './limits.ts'
import { newestBackup } from './read-backups.ts'
import { readSystemIdentifier, waitingLog } from './ship.ts'

/** How the backups of a database stand. */
export type Standing = {
  /** Where they go; null when none was chosen. */
  readonly folder: string | null
  /** The newest whole one, as the folder says or, while that is out of reach, as it was noted. */
  readonly newest: { readonly id: string; readonly endedAt: string } | null
  /** Since its end; null where there is none. */
  readonly ageSeconds: number | null
  /** Why the folder cannot be looked into. */
  readonly problem: string | null
  /** Of the log, on the way to the folder. */
  readonly waitingSegments: number
  readonly waitingBytes: number
  /** The chain of the log is broken: why nothing later than the newest backup, or than its log, can be restored. */
  readonly broken: string | null
}

const MICROS_PER_MILLI = 1_000n
const MICROS_PER_SECOND = 1_000_000

const ageOf = (endedAt: string, nowMs: number): number =>
  Math.max(0, Number(BigInt(nowMs) * MICROS_PER_MILLI - (parseMoment(endedAt) ?? 0n)) / MICROS_PER_SECOND)

type Found = Pick<Standing, 'newest' | 'problem' | 'broken'>

const look = async (layout: Layout, folder: string, choice: ArchiveChoice): Promise<Found> => {
  try {
    await checkFolder(folder, readSystemIdentifier(layout.data))
    const manifest = await newestBackup(folder)
    if (manifest === null) return { newest: null, problem: null, broken: null }
    const names = (await namesIn(logFolder(folder))).flatMap((packed) => unpackedName(packed) ?? [])
    const hole = firstHole(names, manifest.firstSegment)
    return {
      newest: { id: manifest.id, endedAt: manifest.endedAt },
      problem: null,
      broken: hole === null ? null : `the segment ${hole} of the log is missing in ${folder}`,
    }
  } catch (error) {
    const problem = troubleOf(error, folder)
    if (problem === null && !isAbsent(error)) throw error
    return { newest: choice.last, problem: problem?.message ?? String(error), broken: null }
  }
}

/** Looks at the folder of backups and at what is on the way to it. */
export const readStanding = async (layout: Layout, nowMs: number): Promise<Standing> => {
  const choice = readArchiveChoice(layout)
  const { folder, brokenAt } = choice
  const waiting = folder === null ? [] : await waitingLog(layout)
  const found = folder === null ? null : await look(layout, folder, choice)
  const newest = found?.newest ?? null
  return {
    folder,
    newest,
    ageSeconds: newest === null ? null : ageOf(newest.endedAt, nowMs),
    problem: found?.problem ?? null,
    waitingSegments: waiting.length,
    waitingBytes: waiting.length * SEGMENT_BYTES,
    broken:
      brokenAt === null
        ? (found?.broken ?? null)
        : `the log has not been kept since ${brokenAt}: the folder did not take it, and the database’s own disk had no room`,
  }
}
