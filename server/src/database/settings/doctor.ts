import { statfsSync } from 'node:fs'
import type { Finding, Severity } from './finding.ts'
import {
  CHECKPOINT_TIMEOUT_S,
  FREE_DISK_BYTES,
  MAX_CONNECTIONS,
  MAX_WAL_BYTES,
  OLDEST_MAJOR,
  SHARED_BUFFERS_BYTES,
} from './limits.ts'
import { type Asked, readSettings, type Settings } from './read-settings.ts'
import { examineStandbys } from './standbys.ts'

export type { Finding, Severity } from './finding.ts'

type Check = {
  readonly name: string
  readonly wanted: string
  readonly why: string
  readonly otherwise: Exclude<Severity, 'fine'>
  readonly isFine: (value: string, settings: Settings) => boolean
  readonly show?: (value: string) => string
}

const isOn = (value: string): boolean => value !== 'off'
const atLeast =
  (least: number) =>
  (value: string): boolean =>
    Number(value) >= least
const inMegabytes = (value: string): string => `${Math.round(Number(value) / 1_048_576)} MB`
const inGigabytes = (bytes: number): string => `${Math.round(bytes / 1_073_741_824)} GB`
const inMinutes = (value: string): string => `${Number(value) / 60} min`

const showVersion = (value: string): string =>
  `${Math.floor(Number(value) / 10_000)}.${Number(value) % 10_000}`

const SAFETY: readonly Check[] = [
  {
    name: 'fsync',
    wanted: 'on',
    why: 'without it a power cut destroys the database',
    otherwise: 'danger',
    isFine: isOn,
  },
  {
    name: 'full_page_writes',
    wanted: 'on',
    why: 'without it a crash can leave half-written pages',
    otherwise: 'danger',
    isFine: isOn,
  },
  {
    name: 'synchronous_commit',
    wanted: 'on',
    why: 'without it confirmed payments are lost in a crash',
    otherwise: 'danger',
    isFine: isOn,
  },
  {
    name: 'data_checksums',
    wanted: 'on',
    why: 'a damaged page is noticed (pg_checksums --enable, with the server stopped)',
    otherwise: 'advice',
    isFine: isOn,
  },
  {
    name: 'autovacuum',
    wanted: 'on',
    why: 'without it tables and their indexes grow without end',
    otherwise: 'danger',
    isFine: isOn,
  },
  {
    name: 'server_encoding',
    wanted: 'UTF8',
    why: 'names and references are in any language',
    otherwise: 'danger',
    isFine: (value) => value === 'UTF8',
  },
  {
    name: 'server_version_num',
    wanted: `${OLDEST_MAJOR}, better 18`,
    why: 'the releases that Evenkeel is tested on',
    otherwise: 'danger',
    isFine: atLeast(OLDEST_MAJOR * 10_000),
    show: showVersion,
  },
]

const SPEED: readonly Check[] = [
  {
    name: 'shared_buffers',
    wanted: 'a quarter of the memory',
    why: 'indexes are found in memory; at 10 million transfers the default costs half the rate',
    otherwise: 'advice',
    isFine: atLeast(SHARED_BUFFERS_BYTES),
    show: inMegabytes,
  },
  {
    name: 'max_wal_size',
    wanted: '4096 MB or more, up to 24 GB',
    why: 'frequent checkpoints write every touched page to the log once more',
    otherwise: 'advice',
    isFine: atLeast(MAX_WAL_BYTES),
    show: inMegabytes,
  },
  {
    name: 'wal_compression',
    wanted: 'lz4',
    why: 'page images are most of the log under load',
    otherwise: 'advice',
    isFine: isOn,
  },
  {
    name: 'checkpoint_timeout',
    wanted: '15 min',
    why: 'fewer page images',
    otherwise: 'advice',
    isFine: atLeast(CHECKPOINT_TIMEOUT_S),
    show: inMinutes,
  },
  {
    name: 'random_page_cost',
    wanted: '1.1',
    why: 'solid state disks',
    otherwise: 'advice',
    isFine: (value) => Number(value) <= 2,
  },
  {
    name: 'jit',
    wanted: 'off',
    why: 'short statements take longer to compile than to run',
    otherwise: 'advice',
    isFine: (value) => value === 'off',
  },
]

const COMFORT: readonly Check[] = [
  {
    name: 'max_connections',
    wanted: `${MAX_CONNECTIONS} or more`,
    why: 'one server process takes up to 24',
    otherwise: 'advice',
    isFine: atLeast(MAX_CONNECTIONS),
  },
  {
    name: 'TimeZone',
    wanted: 'UTC',
    why: 'people who look into the tables see the times that Evenkeel logs',
    otherwise: 'advice',
    isFine: (value) => /^(UTC|Etc\/UTC|GMT)$/.test(value),
  },
  {
    name: 'data_sync_retry',
    wanted: 'off',
    why: 'a failed fsync that is asked again may lie',
    otherwise: 'danger',
    isFine: (value) => value === 'off',
  },
  {
    name: 'ssl',
    wanted: 'on',
    why: 'passwords and rows cross the network',
    otherwise: 'danger',
    isFine: (value, settings) => isOn(value) || settings.get(IS_LOCAL) === 'yes',
  },
]

/** Not a setting, but stands among them: whether the connection stays on one machine. */
export const IS_LOCAL = 'is_local'

const CHECKS = [...SAFETY, ...SPEED, ...COMFORT]

const judge = (check: Check, settings: Settings): Finding[] => {
  const value = settings.get(check.name)
  if (value === undefined) return []
  const { name, wanted, why, show } = check
  const severity = check.isFine(value, settings) ? 'fine' : check.otherwise
  return [{ name, found: show?.(value) ?? value, wanted, why, severity }]
}

const ORDER: readonly Severity[] = ['danger', 'advice', 'fine']

const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity))

/** What doctor would change in a database, the dangers first. Pure, so that a table can test it. */
export const judgeSettings = (settings: Settings): readonly Finding[] =>
  inOrder(CHECKS.flatMap((check) => judge(check, settings)))

const LOCAL = `select inet_server_addr() is null or inet_server_addr() << '127.0.0.0/8' or inet_server_addr() = '::1' as local`

/** Asks a database of the user's own. Any role may read its settings. */
export const examine = async (asked: Asked): Promise<readonly Finding[]> => {
  const settings = await readSettings(
    asked,
    CHECKS.map(({ name }) => name),
  )
  const { rows } = await asked.query<{ local: boolean }>(LOCAL)
  const judged = judgeSettings(new Map([...settings, [IS_LOCAL, rows[0]?.local === true ? 'yes' : 'no']]))
  return inOrder([...(await examineStandbys(asked)), ...judged])
}

/** The disk of the embedded database; that of another machine cannot be asked. */
export const examineDisk = (dataFolder: string): Finding => {
  const { bavail, bsize, blocks } = statfsSync(dataFolder)
  const free = bavail * bsize
  const isFine = free >= FREE_DISK_BYTES
  return {
    name: 'free disk',
    found: `${inGigabytes(free)} of ${inGigabytes(blocks * bsize)}`,
    wanted: `${inGigabytes(FREE_DISK_BYTES)} or more`,
    why: 'a full disk stops every payment',
    severity: isFine ? 'fine' : 'danger',
  }
}
