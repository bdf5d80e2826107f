import type { Micros } from '../../kit/index.ts'
import { parseSegment, showSegment } from './log-names.ts'
import type { BackupEntry, BackupManifest } from './model.ts'
import { parseMoment } from './restore-moment.ts'

/** What is asked for: the newest state that there is, or the state of a moment; from the base that fits, or from one by name. */
export type RestoreWanted = { readonly to: Micros | null; readonly backup: string | null }

/**
 * Why a base cannot be chosen, in this order:
 *
 *   no_backup        there is no finished base at all
 *   unknown_backup   none is called so
 *   unfinished       it was begun and never finished
 *   damaged          its manifest cannot be believed
 *   before_oldest    the moment is before the end of the oldest base
 *   before_backup    the moment is before the end of the base that was named
 */
export type BaseRefusal =
  | { readonly kind: 'no_backup'; readonly unfinished: number; readonly damaged: number }
  | { readonly kind: 'unknown_backup'; readonly known: readonly string[] }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'damaged'; readonly why: string }
  | { readonly kind: 'before_oldest'; readonly endedAt: string }
  | { readonly kind: 'before_backup'; readonly endedAt: string }

export type BaseChosen =
  | { readonly ok: true; readonly manifest: BackupManifest }
  | { readonly ok: false; readonly refusal: BaseRefusal }

const endOf = ({ endedAt }: BackupManifest): Micros => parseMoment(endedAt) ?? 0n

const idOf = (entry: BackupEntry): string => (entry.kind === 'whole' ? entry.manifest.id : entry.id)

const refuse = (refusal: BaseRefusal): BaseChosen => ({ ok: false, refusal })

const named = (entries: readonly BackupEntry[], id: string, to: Micros | null): BaseChosen => {
  const entry = entries.find((one) => idOf(one) === id)
  if (entry === undefined) {
    const known = entries.flatMap((one) => (one.kind === 'whole' ? [one.manifest.id] : []))
    return refuse({ kind: 'unknown_backup', known })
  }
  if (entry.kind === 'unfinished') return refuse({ kind: 'unfinished' })
  if (entry.kind === 'damaged') return refuse({ kind: 'damaged', why: entry.why })
  const { manifest } = entry
  return to !== null && to < endOf(manifest)
    ? refuse({ kind: 'before_backup', endedAt: manifest.endedAt })
    : { ok: true, manifest }
}

/** The base to begin with: the newest that ended by the moment, so that the least log has to be replayed. */
export const chooseBase = (entries: readonly BackupEntry[], { to, backup }: RestoreWanted): BaseChosen => {
  const whole = entries
    .flatMap((entry) => (entry.kind === 'whole' ? [entry.manifest] : []))
    .toSorted((a, b) => Number(endOf(a) - endOf(b)))
  if (backup !== null && entries.length > 0) return named(entries, backup, to)
  const [oldest] = whole
  if (oldest === undefined) {
    const count = (kind: BackupEntry['kind']): number => entries.filter((entry) => entry.kind === kind).length
    return refuse({ kind: 'no_backup', unfinished: count('unfinished'), damaged: count('damaged') })
  }
  const manifest = whole.findLast((one) => to === null || endOf(one) <= to)
  return manifest === undefined
    ? refuse({ kind: 'before_oldest', endedAt: oldest.endedAt })
    : { ok: true, manifest }
}

/** Which parts of the log there are for a base, in order, and whether they hang together. */
export type LogChain =
  | {
      readonly ok: true
      readonly segments: readonly string[]
      /** The segment that is not there although later ones are; null where the log is whole to its end. */
      readonly hole: string | null
    }
  /** Without it not even the base can be opened. */
  | { readonly ok: false; readonly missing: string }

/**
 * A base is followed along its own timeline. Where a life of the database branched off from it, by a restore, that life has
 * bases of its own: its log was not kept before the first of them was written.
 */
export const chainOf = (manifest: BackupManifest, names: readonly string[]): LogChain => {
  const first = parseSegment(manifest.firstSegment)
  const last = parseSegment(manifest.lastSegment)
  if (first === null || last === null) return { ok: false, missing: manifest.firstSegment }
  const { timeline } = first
  const there = names.flatMap((name) => {
    const segment = parseSegment(name)
    return segment?.timeline === timeline ? [segment.number] : []
  })
  const known = new Set(there)
  let { number } = first
  const segments: string[] = []
  for (; known.has(number); number += 1n) segments.push(showSegment({ timeline, number }))
  const next = showSegment({ timeline, number })
  if (number <= last.number) return { ok: false, missing: next }
  return { ok: true, segments, hole: there.some((one) => one > number) ? next : null }
}

const TIMELINE_DIGITS = 8

/**
 * The lives that somebody has had after that of the base, by the names of their histories, whether or not those were kept:
 * PostgreSQL gives the new life the first number for which it finds none.
 */
export const laterLives = (
  { timeline }: BackupManifest,
  names: readonly string[],
  entries: readonly BackupEntry[],
): readonly string[] => {
  const seen = [
    ...names.map((name) => parseSegment(name)?.timeline ?? 0),
    ...entries.map((entry) => (entry.kind === 'whole' ? entry.manifest.timeline : 0)),
  ]
  const last = seen.reduce((most, one) => (one > most ? one : most), timeline)
  return Array.from({ length: last - timeline }, (_, index) => {
    const digits = (timeline + 1 + index).toString(16).toUpperCase()
    return `${digits.padStart(TIMELINE_DIGITS, '0')}.history`
  })
}

/** Without it PostgreSQL would take the copy for a database that has merely crashed, and open it in the middle of its log. */
const LABEL = 'backup_label'

export const hasLabel = ({ files }: BackupManifest): boolean => files.some(({ path }) => path === LABEL)
