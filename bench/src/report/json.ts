import type { BookCheck } from '../books.ts'
import type { Machine } from '../machine.ts'
import type { Measured } from '../runner.ts'
import type { Ratios } from './ratios.ts'
import type { Target } from './targets.ts'

export type Report = {
  readonly machine: Machine
  readonly measured: readonly Measured[]
  readonly ratios: Ratios
  readonly targets: readonly Target[]
  readonly books: readonly BookCheck[]
}

const resultOf = (one: Measured) => ({
  per_second: one.perSecond,
  p50_ms: one.p50Ms,
  p99_ms: one.p99Ms,
  cores: one.cores,
  bytes_per_transfer: one.bytesPerTransfer,
  count: one.count,
  rounds_per_second: one.rounds,
})

/** The report for programs: each benchmark under its key. Keys stay; new ones may come beside them. */
export const jsonOf = ({ machine, measured, ratios, targets, books }: Report): string =>
  `${JSON.stringify(
    {
      machine,
      ...Object.fromEntries(measured.map((one) => [one.key, resultOf(one)])),
      ratios,
      targets,
      books: { verified: books.every(({ ok }) => ok), checks: books },
    },
    null,
    2,
  )}\n`
