import type { Machine } from './machine.ts'

/** One line of the configuration that we write for our own cluster. */
export type ConfLine = { readonly name: string; readonly value: string; readonly why: string }

export type ConfOptions = {
  readonly port: number
  readonly walCompression: string
  /** Tests only: gives durability up for speed. */
  readonly unsafe: boolean
}

const MEGABYTE = 1_048_576
const GIGABYTE = 1_024 * MEGABYTE

const between = (low: number, value: number, high: number): number => Math.min(Math.max(value, low), high)
const megabytes = (bytes: number): string => `${Math.floor(bytes / MEGABYTE)}MB`

const durability = ({ unsafe }: ConfOptions, { platform }: Machine): readonly ConfLine[] => {
  const safe = unsafe ? 'off' : 'on'
  const why = unsafe ? 'tests only' : 'what was answered stays, whatever happens to the machine'
  const lines = ['fsync', 'full_page_writes', 'synchronous_commit'].map((name) => ({
    name,
    value: safe,
    why,
  }))
  if (platform === 'darwin')
    lines.push({
      name: 'wal_sync_method',
      value: 'fsync_writethrough',
      why: 'macOS keeps a plain fsync in the drive',
    })
  return [...lines, { name: 'data_sync_retry', value: 'off', why: 'a failed fsync is not asked again' }]
}

const network = ({ port }: ConfOptions): readonly ConfLine[] => [
  { name: 'listen_addresses', value: '127.0.0.1', why: 'nobody outside this machine' },
  { name: 'port', value: String(port), why: 'kept in cluster.json' },
  { name: 'unix_socket_directories', value: '', why: 'their paths are limited to 107 bytes' },
  { name: 'password_encryption', value: 'scram-sha-256', why: 'passwords stay with their owners' },
  { name: 'max_connections', value: '100', why: 'the pools of a few processes' },
  { name: 'superuser_reserved_connections', value: '5', why: 'a full pool keeps nobody from looking' },
]

const memory = ({ memoryBytes }: Machine): readonly ConfLine[] => {
  const buffers = between(128 * MEGABYTE, memoryBytes / 4, 8 * GIGABYTE)
  return [
    { name: 'shared_buffers', value: megabytes(buffers), why: 'a quarter of the memory, 128 MB to 8 GB' },
    {
      name: 'effective_cache_size',
      value: megabytes(between(buffers, memoryBytes * 0.6, 1_024 * GIGABYTE)),
      why: 'buffers and page cache',
    },
    {
      name: 'maintenance_work_mem',
      value: megabytes(between(64 * MEGABYTE, memoryBytes / 32, 512 * MEGABYTE)),
      why: 'index builds and vacuum',
    },
    {
      name: 'work_mem',
      value: memoryBytes < 2 * GIGABYTE ? '4MB' : '16MB',
      why: 'per sort or hash of a query',
    },
    {
      name: 'wal_buffers',
      value: memoryBytes < 2 * GIGABYTE ? '16MB' : '64MB',
      why: 'a large batch is one write',
    },
  ]
}

/** Frequent checkpoints write every touched page once more to the log; rare ones make a crash slower to recover. */
const log = ({ diskBytes }: Machine, { walCompression }: ConfOptions): readonly ConfLine[] => {
  const most = between(512 * MEGABYTE, diskBytes / 4, 24 * GIGABYTE)
  return [
    { name: 'max_wal_size', value: megabytes(most), why: 'a quarter of the free disk, at most 24 GB' },
    {
      name: 'min_wal_size',
      value: megabytes(Math.min(most / 4, 2 * GIGABYTE)),
      why: 'segments that are reused instead of made',
    },
    { name: 'wal_compression', value: walCompression, why: 'page images are most of the log under load' },
    {
      name: 'default_toast_compression',
      value: walCompression === 'lz4' ? 'lz4' : 'pglz',
      why: 'events and stored answers are large texts, and pglz takes several times as long',
    },
    { name: 'checkpoint_timeout', value: '15min', why: 'fewer page images' },
    { name: 'checkpoint_completion_target', value: '0.9', why: 'spread over the interval' },
  ]
}

const planner = ({ cores }: Machine): readonly ConfLine[] => [
  { name: 'random_page_cost', value: '1.1', why: 'solid state disks' },
  { name: 'jit', value: 'off', why: 'short statements' },
  { name: 'max_parallel_workers_per_gather', value: cores <= 2 ? '0' : '2', why: 'the commit keeps a core' },
]

/** Ledgers insert without end and update a few rows for ever: vacuum little and often, and early after inserts. */
const vacuum = ({ cores }: Machine): readonly ConfLine[] => [
  { name: 'autovacuum', value: 'on', why: 'tables do not clean themselves' },
  { name: 'autovacuum_max_workers', value: cores <= 4 ? '2' : '3', why: 'leaves cores to the work' },
  { name: 'autovacuum_naptime', value: '20s', why: 'updated rows die quickly' },
  {
    name: 'autovacuum_vacuum_scale_factor',
    value: '0.05',
    why: 'before a large table has grown by its dead rows',
  },
  { name: 'autovacuum_vacuum_insert_scale_factor', value: '0.1', why: 'keeps index-only scans possible' },
  { name: 'autovacuum_analyze_scale_factor', value: '0.02', why: 'new accounts are known to the planner' },
  { name: 'autovacuum_vacuum_cost_limit', value: '1000', why: 'the default is of the age of spinning disks' },
]

/**
 * Turning archive_mode takes a restart, so it is always on; whether the log is kept is said in a file of its own, which
 * a running PostgreSQL reads again.
 */
const archive = (): readonly ConfLine[] => [
  { name: 'archive_mode', value: 'on', why: 'a backup may begin at any time' },
]

export const ARCHIVE_CONF_FILE = 'postgresql.evenkeel-archive.conf'

const ARCHIVE_TIMEOUT = '60s'

/** Where the log goes: into an outbox that PostgreSQL's user can reach, and from there to the folder of backups. */
export const archiveLines = (outbox: string | null): readonly ConfLine[] =>
  outbox === null
    ? [{ name: 'archive_command', value: 'exit 0', why: 'no folder of backups is set' }]
    : [
        { name: 'archive_command', value: '', why: 'the library takes its place' },
        { name: 'archive_library', value: 'basic_archive', why: 'writes, syncs and renames each segment' },
        { name: 'basic_archive.archive_directory', value: outbox, why: 'from there it is shipped' },
        {
          name: 'archive_timeout',
          value: ARCHIVE_TIMEOUT,
          why: 'no more than that is lost with the machine',
        },
      ]

const words = (): readonly ConfLine[] => [
  { name: 'timezone', value: 'UTC', why: 'a tenant has a time zone, the database has none' },
  { name: 'log_timezone', value: 'UTC', why: 'as the server logs' },
  { name: 'log_line_prefix', value: '%m [%p] %q%a ', why: 'who said it' },
  { name: 'log_lock_waits', value: 'on', why: 'the commit takes one lock; a wait is news' },
  { name: 'log_error_verbosity', value: 'terse', why: 'details quote the rows that they are about' },
  { name: 'log_min_error_statement', value: 'panic', why: 'statements may hold what logs must not' },
]

/** Everything that we decide for the embedded cluster, with the reason of each line. */
export const confLines = (machine: Machine, options: ConfOptions): readonly ConfLine[] => [
  ...durability(options, machine),
  ...network(options),
  ...memory(machine),
  ...log(machine, options),
  ...planner(machine),
  ...vacuum(machine),
  ...archive(),
  ...words(),
]

const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`

const render = ({ name, value, why }: ConfLine): string => `${name} = ${quote(value)} # ${why}`

export const renderConf = (lines: readonly ConfLine[]): string =>
  [
    '# Written by Evenkeel at each start from the size of this machine. What you change here is lost;',
    '# a setting of your own goes into postgresql.conf, below the include of this file.',
    ...lines.map(render),
    `include_if_exists = '${ARCHIVE_CONF_FILE}'`,
    '',
  ].join('\n')

export const renderArchiveConf = (lines: readonly ConfLine[]): string =>
  [
    '# Written by Evenkeel when a folder of backups is set. What you change here is lost.',
    ...lines.map(render),
    '',
  ].join('\n')

/** Only this machine, only with a password; the same for the databases of tests. */
export const HBA = ['# Written by Evenkeel.', 'host all all 127.0.0.1/32 scram-sha-256', ''].join('\n')
