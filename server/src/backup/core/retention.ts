import { parseSegment } from './log-names.ts'
import type { BackupManifest } from './model.ts'
import { parseMoment } from './restore-moment.ts'

/** What is to stay. Null for what was not asked for; where both are asked for, what either keeps stays. */
export type Keep = { readonly count: number | null; readonly days: number | null }

export type Retention = {
  readonly kept: readonly BackupManifest[]
  /** The oldest first. */
  readonly removed: readonly BackupManifest[]
}

const MICROS_PER_DAY = 86_400_000_000n

const endOf = ({ endedAt }: BackupManifest): bigint => parseMoment(endedAt) ?? 0n

/**
 * Of whole backups. By days it keeps what is needed to restore any moment of that many days: also the newest backup that
 * is older. The newest of all always stays.
 */
export const retain = (whole: readonly BackupManifest[], keep: Keep, nowMicros: bigint): Retention => {
  const newestFirst = whole.toSorted((one, other) => (endOf(one) < endOf(other) ? 1 : -1))
  const since = nowMicros - BigInt(keep.days ?? 0) * MICROS_PER_DAY
  const covering = newestFirst.findIndex((manifest) => endOf(manifest) <= since)
  const byDays = covering === -1 ? newestFirst.length : covering + 1
  const all = keep.count === null && keep.days === null
  const stay = all ? newestFirst.length : Math.max(1, keep.count ?? 0, keep.days === null ? 0 : byDays)
  return { kept: newestFirst.slice(0, stay), removed: newestFirst.slice(stay).toReversed() }
}

/**
 * Segments that no kept backup begins at or before. Timelines do not matter: a later one goes on where an earlier one was,
 * so what is behind every first segment is needed by none.
 */
export const logToRemove = (kept: readonly BackupManifest[], names: readonly string[]): readonly string[] => {
  const firsts = kept.flatMap(({ firstSegment }) => parseSegment(firstSegment)?.number ?? [])
  const [one, ...others] = firsts
  if (one === undefined || firsts.length !== kept.length) return []
  const oldest = others.reduce((least, number) => (number < least ? number : least), one)
  return names.filter((name) => {
    const segment = parseSegment(name)
    return segment !== null && segment.number < oldest
  })
}
