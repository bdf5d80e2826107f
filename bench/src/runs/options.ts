import type { Benchmark } from '../runner.ts'
import type { Sizes } from '../sizes.ts'

export type RunOptions = {
  readonly sizes: Sizes
  /** The keys of the benchmarks that are wanted; null for all. */
  readonly only: readonly string[] | null
  /** Where the temporary folder is made. */
  readonly within: string | undefined
  /** Says what is being done, to people who wait. */
  readonly tell: (line: string) => void
  /** By performance.now(): the bounds of time count from here. */
  readonly startedMs: number
}

export const isWanted = ({ only }: RunOptions, key: string): boolean => only === null || only.includes(key)

export const chosen = (options: RunOptions, benchmarks: readonly Benchmark[]): Benchmark[] =>
  benchmarks.filter(({ key }) => isWanted(options, key))

/** So many of a list, at equal distances: neighbours would share their pages. */
export const spread = <Item>(items: readonly Item[], count: number): Item[] => {
  const step = Math.max(1, Math.floor(items.length / count))
  return items.filter((_, at) => at % step === 0).slice(0, count)
}
