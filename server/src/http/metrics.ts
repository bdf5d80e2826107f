import { collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client'

/** Seconds. Fine where most answers are, coarse beyond a second. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The process's one registry of metrics: main makes it and hands it to whoever has something to count. */
export const createRegistry = (): Registry => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

export type RequestMetrics = {
  /** The histogram's count is the count of requests by method, route and status. */
  readonly observe: (method: string, route: string, status: number, ms: number) => void
}

export const createRequestMetrics = (registry: Registry, inFlight: () => number): RequestMetrics => {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests by method, route and status: how many, and how long until the answer was handed to the socket.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_S,
    registers: [registry],
  })
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests that have arrived and are not answered.',
    registers: [registry],
    collect() {
      this.set(inFlight())
    },
  })
  return {
    observe: (method, route, status, ms) => durations.observe({ method, route, status }, ms / 1_000),
  }
}
