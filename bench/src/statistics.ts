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

/** Of lists of equal length, one value against the other of the same round; the median over the rounds. */
export const medianRatio = (values: readonly number[], limits: readonly number[]): number =>
  median(values.slice(0, limits.length).map((value, round) => value / (limits[round] ?? Number.NaN)))
