import { Gauge, type Registry } from '@prometheus-io/client'
import { createShipper, readStanding, type Standing, startShipping } from '../backup/index.ts'
import type { Cluster, Finding } from '../database/index.ts'
import { SetupProblem, type WallClock } from '../kit/index.ts'
import type { Platform } from './platform.ts'

const SECONDS_PER_HOUR = 3_600
const HOURS_PER_DAY = 24
const MINUTES_PER_HOUR = 60
/** How long what was seen is good enough for metrics: looking takes a folder that may be far away. */
const SEEN_FOR_MS = 60_000

/** a moment ago, 12 min ago, 3 h ago, 5 days ago */
const showAge = (seconds: number): string => {
  const hours = seconds / SECONDS_PER_HOUR
  if (hours * MINUTES_PER_HOUR < 1) return 'a moment ago'
  if (hours < 1) return `${Math.floor(hours * MINUTES_PER_HOUR)} min ago`
  return hours < 2 * HOURS_PER_DAY
    ? `${Math.floor(hours)} h ago`
    : `${Math.floor(hours / HOURS_PER_DAY)} days ago`
}

const MEGABYTE = 1_048_576

export type Judged = Pick<Finding, 'found' | 'severity'> & { readonly why: string; readonly wanted: string }

const BROKEN = 'a new backup begins the chain anew'

/** What is to be said about how backups stand: the worst first. */
export const judgeBackups = (standing: Standing, warnHours: number): Judged => {
  const { folder, newest, ageSeconds, problem, broken, waitingSegments, waitingBytes } = standing
  if (folder === null)
    return {
      found: 'none',
      wanted: 'npx evenkeel backup FOLDER, every day, on another disk',
      why: 'the books are gone with this disk',
      severity: 'advice',
    }
  const age = ageSeconds === null ? 'none that is whole' : `the last one ${showAge(ageSeconds)}`
  const waits = waitingSegments > 1 ? `, ${Math.round(waitingBytes / MEGABYTE)} MB of the log wait` : ''
  const found = `${age}, in ${folder}${waits}`
  if (problem !== null)
    return {
      found: `${found}: ${problem}`,
      wanted: 'a folder within reach',
      why: 'the log waits on this disk',
      severity: 'danger',
    }
  if (broken !== null)
    return { found: `${found}: ${broken}`, wanted: 'npx evenkeel backup', why: BROKEN, severity: 'danger' }
  if (newest === null || ageSeconds === null || ageSeconds > warnHours * SECONDS_PER_HOUR)
    return {
      found,
      wanted: `npx evenkeel backup, at least every ${warnHours} h (BACKUP_WARN_HOURS)`,
      why: 'a restore has to play all of the log since then',
      severity: 'danger',
    }
  return { found, wanted: `at least every ${warnHours} h`, why: '', severity: 'fine' }
}

const createSight = (cluster: Cluster, clock: WallClock): (() => Promise<Standing>) => {
  let seen: { readonly atMs: number; readonly standing: Promise<Standing> } | null = null
  return () => {
    const nowMs = clock.now()
    if (seen === null || Math.abs(nowMs - seen.atMs) > SEEN_FOR_MS)
      seen = { atMs: nowMs, standing: readStanding(cluster.layout, nowMs) }
    return seen.standing
  }
}

/** Infinitely old where there is none, so that one rule on the age tells of all that is wrong. */
const addMetrics = (registry: Registry, sight: () => Promise<Standing>): void => {
  const add = (name: string, help: string, value: (standing: Standing) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        // A note that cannot be read is told by the start and by doctor.
        const standing = await sight().catch(() => null)
        this.set(standing === null ? Number.NaN : value(standing))
      },
    })
  }
  add(
    'evenkeel_backup_age_seconds',
    'Since the end of the newest whole backup; +Inf where there is none.',
    ({ ageSeconds }) => ageSeconds ?? Number.POSITIVE_INFINITY,
  )
  add(
    'evenkeel_backup_log_waiting_bytes',
    'Of the log, on the way to the folder of backups.',
    ({ waitingBytes }) => waitingBytes,
  )
  add(
    'evenkeel_backup_broken',
    '1 while the folder of backups is out of reach or the chain of the log is broken.',
    ({ problem, broken }) => (problem === null && broken === null ? 0 : 1),
  )
}

export type BackupWatch = {
  /** A line for the banner; null where there is nothing to say. */
  readonly line: string | null
  readonly stop: () => Promise<void>
}

const NO_WATCH: BackupWatch = { line: null, stop: () => Promise.resolve() }

const troubled = (error: unknown): Judged => ({
  found: error instanceof Error ? error.message : String(error),
  wanted: error instanceof SetupProblem ? error.fix : 'a folder within reach',
  why: 'nobody knows how old the newest backup is',
  severity: 'danger',
})

const judgeNow = (sight: () => Promise<Standing>, warnHours: number): Promise<Judged> =>
  sight().then((standing) => judgeBackups(standing, warnHours), troubled)

/** For doctor. Nothing to say about a PostgreSQL of the user's own. */
export const examineBackups = async ({
  cluster,
  clock,
  configuration,
}: Pick<Platform, 'cluster' | 'clock' | 'configuration'>): Promise<readonly Finding[]> => {
  if (cluster === null) return []
  const sight = createSight(cluster, clock)
  return [{ name: 'backup', ...(await judgeNow(sight, configuration.backupWarnHours)) }]
}

/** A server hands its log on to the folder of backups, and says how old the newest one is. */
export const watchBackups = async (
  { cluster, clock, configuration, log }: Pick<Platform, 'cluster' | 'clock' | 'configuration' | 'log'>,
  registry: Registry,
): Promise<BackupWatch> => {
  if (cluster === null) return NO_WATCH
  const sight = createSight(cluster, clock)
  addMetrics(registry, sight)
  const { found, severity } = await judgeNow(sight, configuration.backupWarnHours)
  if (severity === 'danger') log.warn(`Backup: ${found}. See: npx evenkeel doctor`)
  const shipping = startShipping({
    cluster,
    clock,
    log: { info: (words) => log.info(words), warn: (words) => log.warn(words) },
  })
  return { line: severity === 'advice' ? null : found, stop: shipping.stop }
}

/** After PostgreSQL has ended, and written the last of its log. What cannot be shipped now is at the next start. */
export const shipTheRest = async ({ cluster }: Pick<Platform, 'cluster'>): Promise<void> => {
  if (cluster !== null)
    await createShipper()
      .ship(cluster.layout)
      .catch(() => undefined)
}
