import { EMBEDDED_MAJOR, type Recovery, recoverCluster } from '../../database/index.ts'
import {
  type Json,
  MICROS_PER_SECOND,
  type Micros,
  newUuid,
  SetupProblem,
  secondsOf,
} from '../../kit/index.ts'
import { newestTimeIn } from '../core/log-segment.ts'
import type { BackupManifest } from '../core/model.ts'
import { momentForPostgres, parseMoment, showMoment } from '../core/restore-moment.ts'
import { chainOf, chooseBase, hasLabel, laterLives, type RestoreWanted } from '../core/restore-plan.ts'
import { readBackups } from '../read-backups.ts'
import { copyBase } from './copy-base.ts'
import { feedLog } from './feed-log.ts'
import { type LogSource, openLog } from './log-source.ts'
import { baseProblem, beyondLog, holeInLog, missingLog, otherKey, otherPostgres } from './refusals.ts'

export type RestoreProgress = {
  /** looking: for the end of the log; copying: bytes; replaying: segments of the log. */
  readonly step: 'looking' | 'copying' | 'replaying'
  readonly done: number
  readonly total: number
}

export type RestoreOptions = {
  /** The folder of backups. */
  readonly folder: string
  /** A moment as people write it; null for all that is there. */
  readonly to: string | null
  /** The id of a backup; null for the one that fits best. */
  readonly backup: string | null
  /** A data folder that died before all of its log was shipped. */
  readonly dead: string | null
  /** Where the new cluster is made. */
  readonly cluster: string
  /** Of the master keys that there are, in hexadecimal. */
  readonly fingerprints: readonly string[]
  readonly now: () => number
  readonly log: Recovery['log']
  readonly tuning?: Recovery['tuning']
  readonly signal: AbortSignal
  readonly onProgress: (progress: RestoreProgress) => void
}

export type Restored = {
  readonly backup: string
  /** The last transaction that is there ended at this moment: everything until then is there, and nothing later. */
  readonly moment: string
  /** What was asked for; null for all that is there. */
  readonly asked: string | null
  readonly files: number
  readonly bytes: number
  /** Of the log, as many as there were from the backup on. */
  readonly segments: number
}

const momentAsked = (text: string | null): Micros | null => {
  if (text === null) return null
  const moment = parseMoment(text)
  if (moment !== null) return moment
  throw new SetupProblem(
    `--to "${text}" is no moment`,
    'Write the day, the time and the zone, such as 2026-11-23T10:15:00Z or 2026-11-23T11:15:00+01:00.',
  )
}

/** The last transaction that the log tells of: in its last segment, or in one before where that holds none. */
const reachOf = async (log: LogSource, segments: readonly string[]): Promise<Micros | null> => {
  let later: Buffer = Buffer.alloc(0)
  for (const name of segments.toReversed()) {
    const bytes = await log.read(name)
    // With the one after it, because a record may run from the one into the other.
    const newest = newestTimeIn(Buffer.concat([bytes, later]))
    if (newest !== null) return newest
    later = bytes
  }
  return null
}

/** What will be done, with everything checked that can be before the first byte is written. */
type Plan = {
  readonly manifest: BackupManifest
  readonly log: LogSource
  readonly segments: readonly string[]
  readonly until: Micros | null
  readonly taken: readonly string[]
}

const planLog = async (
  options: RestoreOptions,
  { manifest, wanted }: { manifest: BackupManifest; wanted: RestoreWanted },
): Promise<Pick<Plan, 'log' | 'segments' | 'until'>> => {
  const { folder, dead, onProgress } = options
  const { to } = wanted
  onProgress({ step: 'looking', done: 0, total: 0 })
  const log = await openLog(folder, { dead, systemIdentifier: manifest.systemIdentifier })
  const chain = chainOf(manifest, log.names)
  if (!chain.ok) throw missingLog(folder, manifest, chain.missing)
  const { segments, hole } = chain
  const ended = parseMoment(manifest.endedAt) ?? 0n
  const newest = await reachOf(log, segments)
  const reach = newest !== null && newest > ended ? newest : ended
  if (to === null && hole !== null) throw holeInLog(folder, reach, hole)
  if (to !== null && to > reach) throw beyondLog(folder, to, reach, hole)
  // PostgreSQL stops before the first transaction that is later than the moment, so there has to be one.
  return { log, segments, until: to === reach ? null : to }
}

const planRestore = async (options: RestoreOptions): Promise<Plan> => {
  const { folder, fingerprints } = options
  const wanted: RestoreWanted = { to: momentAsked(options.to), backup: options.backup }
  const entries = await readBackups(folder)
  const chosen = chooseBase(entries, wanted)
  if (!chosen.ok) throw baseProblem(folder, wanted, chosen.refusal)
  const { manifest } = chosen
  if (!hasLabel(manifest))
    throw baseProblem(folder, { ...wanted, backup: manifest.id }, { kind: 'damaged', why: 'it has no label' })
  if (!fingerprints.includes(manifest.masterKeyFingerprint)) throw otherKey(manifest)
  if (Math.floor(manifest.postgresVersion / 10_000) !== EMBEDDED_MAJOR)
    throw otherPostgres(manifest, EMBEDDED_MAJOR)
  const planned = await planLog(options, { manifest, wanted })
  return { manifest, ...planned, taken: laterLives(manifest, planned.log.names, entries) }
}

const LAST = /last completed transaction was at log time (\S+ \S+)/g

/** What PostgreSQL says when it is through; nothing where no transaction was in what it replayed. */
const momentIn = (words: string): Micros | null => {
  const [, text = ''] = [...words.matchAll(LAST)].at(-1) ?? []
  return parseMoment(text)
}

/** Where the log tells less than it seemed to. */
const explainEnd =
  (folder: string, until: Micros | null) =>
  (words: string): SetupProblem | null =>
    /recovery ended before configured recovery target was reached/.test(words) && until !== null
      ? beyondLog(folder, until, momentIn(words) ?? 0n, null)
      : null

/**
 * Makes a cluster from a folder of backups: a base, every file of it against its checksum, and the log from then on up to the
 * moment that was asked for. Nothing stands under the cluster's name before all of it has been replayed.
 */
export const restore = async (options: RestoreOptions): Promise<Restored> => {
  const { folder, cluster, signal, onProgress } = options
  const { manifest, log, segments, until, taken } = await planRestore(options)
  const asked = options.to === null ? null : showMoment(momentAsked(options.to) ?? 0n)
  let moment = manifest.endedAt
  const tell = (words: string): Json => {
    const last = momentIn(words)
    if (last !== null) moment = showMoment(last)
    const holds = parseMoment(asked ?? moment) ?? 0n
    return {
      restore: newUuid(options.now()),
      backup: manifest.id,
      until: secondsOf(holds),
      until_microsecond: Number(holds % MICROS_PER_SECOND),
      asked,
    }
  }
  await recoverCluster({
    folder: cluster,
    log: options.log,
    ...(options.tuning === undefined ? {} : { tuning: options.tuning }),
    signal,
    until: until === null ? null : momentForPostgres(until),
    copy: (data) =>
      copyBase({
        folder,
        manifest,
        data,
        signal,
        onBytes: (done) => onProgress({ step: 'copying', done, total: manifest.bytes }),
      }),
    feed: (reach) =>
      feedLog({
        reach,
        segments,
        taken,
        log,
        onSegment: (done) => onProgress({ step: 'replaying', done, total: segments.length }),
      }),
    tell,
    explain: explainEnd(folder, until),
  })
  return {
    backup: manifest.id,
    moment,
    asked,
    files: manifest.files.length,
    bytes: manifest.bytes,
    segments: segments.length,
  }
}
