import type { Measured } from '../runner.ts'
import { medianRatio } from '../statistics.ts'

/** One benchmark against another that ran in turn with it. */
type Comparison = { readonly of: string; readonly to: string }

const COMPARISONS: readonly Comparison[] = [
  { of: 'batch_uniform', to: 'bare_insert' },
  { of: 'batch_hot', to: 'batch_uniform' },
  { of: 'batch_one', to: 'batch_uniform' },
  { of: 'batch_uniform', to: 'row_locks_uniform' },
  { of: 'batch_hot', to: 'row_locks_hot' },
  { of: 'http_256', to: 'empty_256' },
  { of: 'http_32', to: 'empty_32' },
  { of: 'http_1', to: 'empty_1' },
  { of: 'payments_64', to: 'empty_payments' },
  { of: 'payments_hot', to: 'payments_64' },
  { of: 'launches_1', to: 'launches_0' },
  { of: 'launches_100', to: 'launches_0' },
  { of: 'growth_1m', to: 'growth_0_beside_1m' },
  { of: 'growth_10m', to: 'growth_0' },
]

export type Ratios = Readonly<Record<string, number>>

export const nameOfRatio = ({ of, to }: Comparison): string => `${of} / ${to}`

/** The median, over the rounds, of what one did against what the other did in the same round. */
export const ratiosOf = (measured: readonly Measured[]): Ratios => {
  const byKey = new Map(measured.map((one) => [one.key, one]))
  return Object.fromEntries(
    COMPARISONS.flatMap((comparison) => {
      const [value, limit] = [byKey.get(comparison.of), byKey.get(comparison.to)]
      if (value === undefined || limit === undefined) return []
      return [[nameOfRatio(comparison), medianRatio(value.rounds, limit.rounds)]]
    }),
  )
}
