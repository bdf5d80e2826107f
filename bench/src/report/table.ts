import type { BookCheck } from '../books.ts'
import type { Machine } from '../machine.ts'
import type { Measured } from '../runner.ts'
import type { Ratios } from './ratios.ts'
import type { Target } from './targets.ts'

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const NOTHING = '–'

/** Three digits that mean something, for milliseconds from microseconds to seconds. */
const milliseconds = (value: number): string => (value >= 100 ? whole(value) : value.toPrecision(3))
const orNothing = (value: number | null, show: (value: number) => string): string =>
  value === null ? NOTHING : show(value)
const cores = (value: number | null): string => orNothing(value, (known) => known.toFixed(2))

const HEADINGS = [
  '',
  'per second',
  'p50 ms',
  'p99 ms',
  'client',
  'server',
  'database',
  'bytes',
  'rounds',
  '',
] as const

const rowOf = (one: Measured): string[] => [
  one.key,
  whole(one.perSecond),
  milliseconds(one.p50Ms),
  milliseconds(one.p99Ms),
  cores(one.cores.client),
  cores(one.cores.server),
  cores(one.cores.database),
  cores(one.cores.others),
  orNothing(one.bytesPerTransfer, whole),
  String(one.rounds.length),
  one.what,
]

/** The first and the last column are words, the others numbers. */
const layOut = (rows: readonly (readonly string[])[]): string => {
  const last = (rows[0]?.length ?? 0) - 1
  const widths = Array.from({ length: last + 1 }, (_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, at) =>
          at === 0 || at === last ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const GIGABYTE = 2 ** 30

export const renderMachine = (machine: Machine): string => {
  const { cores: count, memory_bytes: memory, fsync_ms: fsync, load_before: load } = machine
  return [
    `${count} cores (${machine.cpu}), ${(memory / GIGABYTE).toFixed(1)} GB, ${machine.platform}, Node ${machine.node}, PostgreSQL ${machine.postgres}`,
    `commit ${machine.commit ?? 'unknown'}, a confirmed write takes ${milliseconds(fsync)} ms, load before the run ${load.toFixed(2)}`,
    ...(machine.in_memory
      ? ['The data lie in memory, where a confirmed write is free. Name a folder on a disk with --within.']
      : []),
  ].join('\n')
}

const renderTargets = (targets: readonly Target[]): string =>
  layOut(
    targets.map(({ name, wanted, measured, reached }) => [
      name,
      measured >= 100 ? whole(measured) : measured.toFixed(2),
      wanted,
      reached ? 'reached' : 'MISSED',
    ]),
  )

const renderRatios = (ratios: Ratios, targets: readonly Target[]): string[] => {
  const others = Object.entries(ratios).filter(([name]) => targets.every((target) => target.name !== name))
  return others.length === 0 ? [] : ['', layOut(others.map(([name, ratio]) => [name, ratio.toFixed(2), '']))]
}

/** So many cores, kept busy by somebody else, make figures that do not compare. */
const DISTURBING = 0.2

const disturbance = (measured: readonly Measured[]): string[] => {
  const disturbed = measured.filter(({ cores: { others } }) => others !== null && others > DISTURBING).length
  return disturbed === 0
    ? []
    : [
        `During ${disturbed} of ${measured.length} benchmarks others kept more than ${DISTURBING} cores busy: run it again on a quiet machine.`,
      ]
}

export const renderReport = (report: {
  readonly machine: Machine
  readonly measured: readonly Measured[]
  readonly ratios: Ratios
  readonly targets: readonly Target[]
}): string =>
  [
    '',
    renderMachine(report.machine),
    '',
    layOut([HEADINGS, ...report.measured.map(rowOf)]),
    '',
    'client, server, database, others: cores kept busy; bytes: on disk per transfer, with indexes. See bench/README.md.',
    ...disturbance(report.measured),
    ...(report.targets.length === 0 ? [] : ['', renderTargets(report.targets)]),
    ...renderRatios(report.ratios, report.targets),
    '',
  ].join('\n')

export const renderBooks = (checks: readonly BookCheck[]): string =>
  [
    ...checks.map(({ name, ok, found }) => `${ok ? '✔' : '✖'} ${name}: ${found}`),
    checks.every(({ ok }) => ok)
      ? 'The books verify: debits equal credits, and all that was answered is there once.'
      : 'THE BOOKS DO NOT VERIFY.',
    '',
  ].join('\n')
