import {
  collectDefaultMetrics,
  Gauge,
  type Histogram,
  type MetricValueWithName,
  Registry,
} from '@prometheus-io/client'

/** Seconds. Fine where most answers are, coarse beyond a second. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The process's one registry of metrics: main makes it and hands it to whoever has something to count. */
export const createRegistry = (): Registry => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

const NAME = 'http_request_duration_seconds'
const HELP =
  'Requests by method, route and status: how many, and how long until the answer was handed to the socket.'

type Label = 'method' | 'route' | 'status' | 'le'
type Value = MetricValueWithName<Label>

/** Requests of one method, route and status: how many in each bucket, the last one being beyond all bounds. */
type Series = {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly counts: number[]
  sum: number
}

const bucketOf = (seconds: number): number => {
  let bucket = 0
  while (bucket < BUCKETS_S.length && seconds > (BUCKETS_S[bucket] ?? 0)) bucket++
  return bucket
}

const shown = (series: Series): Value[] => {
  const labels = { method: series.method, route: series.route, status: series.status }
  let count = 0
  const buckets = series.counts.map((inBucket, index): Value => {
    count += inBucket
    return {
      metricName: `${NAME}_bucket`,
      labels: { ...labels, le: BUCKETS_S[index] ?? '+Inf' },
      value: count,
    }
  })
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels, value: series.sum },
    { metricName: `${NAME}_count`, labels, value: count },
  ]
}

export type RequestMetrics = {
  /** The histogram's count is the count of requests by method, route and status. */
  readonly observe: (method: string, route: string, status: number, ms: number) => void
}

/**
 * Counts requests in a histogram of our own, which the registry shows like any other: the library's takes a text of all
 * labels for each observation, which at full load is several per cent of what a request costs.
 */
export const createRequestMetrics = (registry: Registry, inFlight: () => number): RequestMetrics => {
  const byRoute = new Map<string, Map<number, Series>>()
  const add = (method: string, route: string, status: number): Series => {
    const series = { method, route, status, counts: new Array<number>(BUCKETS_S.length + 1).fill(0), sum: 0 }
    const name = `${method} ${route}`
    const ofRoute = byRoute.get(name) ?? new Map<number, Series>()
    byRoute.set(name, ofRoute.set(status, series))
    return series
  }
  const get = async () => ({
    name: NAME,
    help: HELP,
    type: 'histogram',
    aggregator: 'sum',
    values: [...byRoute.values()].flatMap((ofRoute) => [...ofRoute.values()].flatMap(shown)),
  })
  // The registry asks a metric for nothing but these; its type only knows the library's own classes.
  registry.registerMetric({ name: NAME, help: HELP, type: 'histogram', get } as unknown as Histogram<Label>)
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests that have arrived and are not answered.',
    registers: [registry],
    collect() {
      this.set(inFlight())
    },
  })
  return {
    observe: (method, route, status, ms) => {
      const series = byRoute.get(`${method} ${route}`)?.get(status) ?? add(method, route, status)
      const seconds = ms / 1_000
      const bucket = bucketOf(seconds)
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
      series.sum += seconds
    },
  }
}
