import type { Tally } from './runs/run.ts'

const HEADINGS = [
  'fault',
  'times',
  'requests',
  'acknowledged',
  'refused',
  'unknown',
  'lost',
  'doubled',
  'unclassified',
  '95 % bound',
]

const FEW = 10

/** Nothing in n trials bounds the rate at 3 / n, with 95 % confidence; a few trials say little. */
const boundOf = ({ times, problems }: Tally): string => {
  if (problems.length > 0) return 'failed'
  return times < FEW ? 'too few' : `< ${((3 / times) * 100).toPrecision(2)} % each`
}

const cellsOf = (tally: Tally): string[] => [
  tally.name,
  ...[tally.times, tally.requests, tally.acknowledged, tally.refused, tally.unknown].map(String),
  ...[tally.lost, tally.doubled, tally.unclassified].map(String),
  boundOf(tally),
]

const sumOf = (tallies: readonly Tally[], pick: (tally: Tally) => number): number =>
  tallies.reduce((sum, tally) => sum + pick(tally), 0)

/** What was done and found, one line for each fault. */
export const tableOf = (tallies: readonly Tally[]): string => {
  const rows = [HEADINGS, ...tallies.map(cellsOf)]
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  )
  const acknowledged = sumOf(tallies, (tally) => tally.acknowledged)
  const lost = sumOf(tallies, (tally) => tally.lost + tally.doubled)
  const bound =
    lost === 0 && acknowledged > 0 ? `, which bounds the rate at ${(3 / acknowledged).toExponential(1)}` : ''
  return [
    ...lines,
    '',
    `${acknowledged} transfers acknowledged, ${lost} of them lost or doubled${bound} (3 / n, 95 % confidence)`,
    ...tallies.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`)),
    ...tallies.flatMap(({ name, problems }) => problems.map((problem) => `FAILED ${name}: ${problem}`)),
  ].join('\n')
}
