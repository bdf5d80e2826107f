import type { Measured } from '../runner.ts'
import { nameOfRatio, type Ratios } from './ratios.ts'

/** What is to be reached, and what was. */
export type Target = {
  readonly name: string
  readonly wanted: string
  readonly measured: number
  readonly reached: boolean
}

const RATIOS: readonly { readonly of: string; readonly to: string; readonly least: number }[] = [
  { of: 'batch_uniform', to: 'bare_insert', least: 0.6 },
  { of: 'batch_hot', to: 'batch_uniform', least: 1.5 },
  { of: 'batch_one', to: 'batch_uniform', least: 1.5 },
  { of: 'batch_uniform', to: 'row_locks_uniform', least: 10 },
  { of: 'batch_hot', to: 'row_locks_hot', least: 30 },
  { of: 'http_256', to: 'empty_256', least: 0.4 },
  { of: 'payments_hot', to: 'payments_64', least: 0.9 },
  { of: 'launches_1', to: 'launches_0', least: 0.98 },
  { of: 'launches_100', to: 'launches_0', least: 0.95 },
  { of: 'growth_10m', to: 'growth_0', least: 0.8 },
]

const P99_MS: readonly { readonly key: string; readonly mostMs: number }[] = [
  { key: 'http_256', mostMs: 100 },
  { key: 'entries_page_10m', mostMs: 5 },
  { key: 'payments_64', mostMs: 250 },
  // A backlog of at most two seconds of traffic.
  { key: 'webhooks', mostMs: 2_000 },
]

const PER_SECOND: readonly { readonly key: string; readonly least: number }[] = [
  { key: 'payments_64', least: 1_000 },
]

/** The targets that this run can say something about. */
export const targetsOf = (measured: readonly Measured[], ratios: Ratios): Target[] => [
  ...RATIOS.flatMap(({ of, to, least }) => {
    const name = nameOfRatio({ of, to })
    const ratio = ratios[name]
    return ratio === undefined
      ? []
      : [{ name, wanted: `≥ ${least}`, measured: ratio, reached: ratio >= least }]
  }),
  ...PER_SECOND.flatMap(({ key, least }) => {
    const one = measured.find((candidate) => candidate.key === key)
    if (one === undefined) return []
    const reached = one.perSecond >= least
    return [{ name: `${key} per second`, wanted: `≥ ${least}`, measured: one.perSecond, reached }]
  }),
  ...P99_MS.flatMap(({ key, mostMs }) => {
    const one = measured.find((candidate) => candidate.key === key)
    if (one === undefined) return []
    return [
      { name: `${key} p99 ms`, wanted: `≤ ${mostMs}`, measured: one.p99Ms, reached: one.p99Ms <= mostMs },
    ]
  }),
]
