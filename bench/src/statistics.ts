/** The value in the middle; of an even number of values, the mean of the two there. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The smallest value that is not exceeded by this share of all: 0.99 of 100 values is the 99th. */
export const percentile = (sorted: Float64Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN

/**
 * Between which two of the values the median of what they are drawn from lies, with 95 %: order statistics, so nothing is
 * assumed of how they are spread. Fewer than six values cannot say so much; then it is all of them.
 */
export const medianInterval = (values: readonly number[]): readonly [number, number] => {
  const sorted = values.toSorted((a, b) => a - b)
  const { length } = sorted
  // How probable it is that fewer than `rank` of the values lie below the median.
  let probability = 0
  let ways = 1
  let rank = 0
  for (let below = 0; below < length / 2; below += 1) {
    probability += ways / 2 ** length
    if (probability > 0.025) break
    rank = below + 1
    ways = (ways * (length - below)) / (below + 1)
  }
  const least = Math.max(rank, 1)
  return [sorted[least - 1] ?? Number.NaN, sorted[length - least] ?? Number.NaN]
}

/** Of lists of equal length, one value against the other of the same round. */
export const ratiosByRound = (values: readonly number[], limits: readonly number[]): number[] =>
  values.slice(0, limits.length).map((value, round) => value / (limits[round] ?? Number.NaN))

/** Of lists of equal length, one value against the other of the same round; the median over the rounds. */
export const medianRatio = (values: readonly number[], limits: readonly number[]): number =>
  median(ratiosByRound(values, limits))
