import type { Cores, Measurable, Meter } from './meter.ts'
import { WARM_UP_SHARE } from './sizes.ts'
import { median, percentile } from './statistics.ts'

/** What happened while the clock ran. */
export type Round = {
  /** Transfers, or answers where nothing is transferred. */
  readonly count: number
  readonly ms: number
  /** From handing each request in, a batch being one, to its answer. */
  readonly latenciesMs: readonly number[]
}

export type Benchmark = Measurable & {
  readonly key: string
  /** One line for the table. */
  readonly what: string
  readonly roundMs: number
  /** Makes all that a round sends, before its clock runs; the function that it returns is the round. */
  readonly prepare: (roundMs: number) => Promise<() => Promise<Round>>
}

/** A benchmark over all its rounds. */
export type Measured = {
  readonly key: string
  readonly what: string
  /** The median of the rounds. */
  readonly perSecond: number
  /** Over all requests of all rounds. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cores: Cores
  /** Null where it writes nothing. */
  readonly bytesPerTransfer: number | null
  readonly count: number
  /** Per second, round by round. Rounds of benchmarks that ran in turn stand side by side. */
  readonly rounds: readonly number[]
}

type Sample = Round & { readonly cores: Cores; readonly bytes: number }

const measure = async (meter: Meter, benchmark: Benchmark, roundMs: number): Promise<Sample> => {
  const run = await benchmark.prepare(roundMs)
  const stop = await meter(benchmark)
  const round = await run()
  return { ...round, ...(await stop()) }
}

const MILLIS_PER_SECOND = 1_000
const perSecond = ({ count, ms }: Round): number => (count / ms) * MILLIS_PER_SECOND

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const coresOf = (samples: readonly Sample[]): Cores => {
  const middle = (part: keyof Cores): number | null => {
    const known = samples.map(({ cores }) => cores[part]).filter((value) => value !== null)
    return known.length === 0 ? null : median(known)
  }
  return {
    client: middle('client'),
    server: middle('server'),
    database: middle('database'),
    others: middle('others'),
  }
}

const summarize = ({ key, what, writes }: Benchmark, samples: readonly Sample[]): Measured => {
  const latencies = Float64Array.from(samples.flatMap((sample) => sample.latenciesMs)).sort()
  const count = sum(samples.map((sample) => sample.count))
  const rounds = samples.map(perSecond)
  return {
    key,
    what,
    perSecond: median(rounds),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    cores: coresOf(samples),
    bytesPerTransfer: writes === null || count === 0 ? null : sum(samples.map(({ bytes }) => bytes)) / count,
    count,
    rounds,
  }
}

export type Group = {
  readonly benchmarks: readonly Benchmark[]
  readonly rounds: number
  /** However slow the machine is, so many are done. */
  readonly roundsLeast: number
  /** By performance.now(): no further round is begun that would probably end after it. */
  readonly untilMs: number
}

type Tell = (line: string) => void

const whole = (value: number): string => Math.round(value).toLocaleString('en')

/**
 * Runs benchmarks in turn, A B C A B C …, so that whatever else the machine does meets all of them alike, and a
 * ratio compares what ran side by side. A first shorter round of each warms up and does not count.
 */
export const runInTurn = async (meter: Meter, group: Group, tell: Tell): Promise<Measured[]> => {
  const { benchmarks, rounds, roundsLeast, untilMs } = group
  for (const benchmark of benchmarks) {
    tell(`warming up ${benchmark.key}`)
    await (await benchmark.prepare(benchmark.roundMs * WARM_UP_SHARE))()
  }
  const samples = new Map(benchmarks.map((benchmark) => [benchmark, [] as Sample[]]))
  let longestMs = 0
  for (let round = 1; round <= rounds; round += 1) {
    const fromMs = performance.now()
    if (round > roundsLeast && fromMs + longestMs > untilMs) {
      tell(`the time is up after ${round - 1} of ${rounds} rounds`)
      break
    }
    for (const benchmark of benchmarks) {
      const sample = await measure(meter, benchmark, benchmark.roundMs)
      samples.get(benchmark)?.push(sample)
      tell(
        `round ${round} of ${rounds}  ${benchmark.key.padEnd(18)} ${whole(perSecond(sample)).padStart(9)}/s`,
      )
    }
    longestMs = Math.max(longestMs, performance.now() - fromMs)
  }
  return [...samples].map(([benchmark, list]) => summarize(benchmark, list))
}
