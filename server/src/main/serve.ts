import { Gauge, Histogram, type Registry } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'
import { routesOf as auditRoutes, openAnchors } from '../audit/index.ts'
import { clockErrors, routesOf as clockRoutes } from '../clock/index.ts'
import { customersErrors, routesOf as customersRoutes } from '../customers/index.ts'
import { eventsErrors, routesOf as eventsRoutes } from '../events/index.ts'
import { exposureErrors, routesOf as exposureRoutes } from '../exposure/index.ts'
import { buildServer, createRegistry, doorReasons, type Route } from '../http/index.ts'
import { SetupProblem } from '../kit/index.ts'
import {
  boardRoute,
  launchErrors,
  recordRoutes as launchRoutes,
  levelRoutes,
  verdictRoutes,
} from '../launches/index.ts'
import { ledgerErrors, routesOf } from '../ledger/index.ts'
import { paymentsErrors, routesOf as paymentsRoutes } from '../payments/index.ts'
import { routesOf as peopleRoutes } from '../people/index.ts'
import { RAILS_REASONS } from '../rails/index.ts'
import { requestRoutes } from '../requests/index.ts'
import { routingErrors, routesOf as routingRoutes } from '../routing/index.ts'
import { anchorPlaceOf } from './anchor-place.ts'
import { watchBackups } from './backup-watch.ts'
import { customersDoorOf } from './customers-door.ts'
import { createFaultOf } from './database-trouble.ts'
import { FAULT_REASONS, SHARED_REASONS } from './fault-reasons.ts'
import { launchesDoorOf } from './launches-door.ts'
import { paymentsDoorOf, railNamesOf, startHearing } from './payments-door.ts'
import type { Platform } from './platform.ts'
import { watchReadiness } from './readiness.ts'
import { recordSettings } from './record-settings.ts'
import { RELEASE } from './release.ts'
import { createLeaving, type Leaving } from './stopping.ts'
import { startTimers } from './timers.ts'
import { startDelivering } from './webhooks.ts'

/** What the API says about itself in the OpenAPI document. */
export const API_INFO = {
  title: 'Evenkeel',
  version: RELEASE,
  description: 'Payments with a safety system built in, in Stripe’s wire conventions.',
  faults: FAULT_REASONS,
} as const

/** The tables of docs/ERRORS.md. */
export const ERROR_TABLES = {
  'The door': doorReasons,
  'Any resource': SHARED_REASONS,
  Faults: FAULT_REASONS,
  ...ledgerErrors,
  ...clockErrors,
  ...eventsErrors,
  ...customersErrors,
  ...paymentsErrors,
  ...launchErrors,
  ...routingErrors,
  ...exposureErrors,
  'Sandbox acquirer': RAILS_REASONS,
} as const

/** What routes stand on. */
export type RouteGround = Pick<
  Platform,
  | 'commit'
  | 'read'
  | 'clock'
  | 'vault'
  | 'connections'
  | 'reachable'
  | 'capacity'
  | 'sandboxCard'
  | 'publicUrl'
  | 'sealsAnswers'
  | 'paymentSettings'
>

export const allRoutes = (platform: RouteGround): Route[] => {
  const { commit, read, clock, vault, connections, reachable } = platform
  const door = { commit, read, clock }
  return [
    ...routesOf(door),
    ...clockRoutes(door),
    ...eventsRoutes({ ...door, vault, connections, reachable }),
    ...customersRoutes(customersDoorOf(platform)),
    ...paymentsRoutes(paymentsDoorOf(platform)),
    ...exposureRoutes(door),
    ...routingRoutes({ ...door, railNames: railNamesOf(platform) }),
    ...peopleRoutes(door),
    ...auditRoutes(door),
    ...launchRoutes(launchesDoorOf(platform)),
    boardRoute({ ...launchesDoorOf(platform), capacity: platform.capacity }),
    ...verdictRoutes(door),
    ...levelRoutes(door),
    ...requestRoutes(door),
    ...platform.sandboxCard.routes,
  ]
}

const addMetrics = (registry: Registry, platform: Platform): void => {
  new Gauge({
    name: 'evenkeel_commit_waiting_units',
    help: 'Units that wait for their commit or are being committed.',
    registers: [registry],
    collect() {
      this.set(platform.commit.waiting())
    },
  })
  const durations = new Histogram({
    name: 'evenkeel_commit_batch_seconds',
    help: 'Batches of the commit: how many, and how long from taking the units to answering them.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  const sizes = new Histogram({
    name: 'evenkeel_commit_batch_units',
    help: 'Units in a batch of the commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048],
    registers: [registry],
  })
  platform.commit.observe(({ units, ms }) => {
    durations.observe(ms / 1_000)
    sizes.observe(units)
  })
}

export type Running = {
  readonly address: string
  readonly app: FastifyInstance
  readonly leaving: Leaving
  /** How old the newest backup is; null where no folder was chosen. */
  readonly backups: string | null
  readonly stop: () => Promise<void>
}

const listen = async (
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<string> => {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') {
      throw new SetupProblem(
        `Port ${port} of ${host} is in use`,
        'Stop what uses it, or set PORT to another number.',
        { cause: error },
      )
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new SetupProblem(
        `The server cannot listen on ${host}:${port} (${code})`,
        'Set HOST and PORT to an address of this machine.',
        { cause: error },
      )
    }
    throw error
  }
}

const HOUSEKEEPING_MS = 3_600_000

/** A server may be up for months: partitions are made ahead and dropped by age while it runs, not only when it starts. */
const startHousekeeping = (platform: Platform): NodeJS.Timeout => {
  const keep = (): void => {
    platform.housekeep().catch((error: unknown) => {
      platform.log.warn(
        { error: String(error) },
        'partitions could not be seen to; it is tried again within the hour',
      )
    })
  }
  return setInterval(keep, HOUSEKEEPING_MS).unref()
}

const USES_EVERY_MS = 60_000

const recordUses = (platform: Platform): Promise<void> =>
  platform.tenants.recordUses().catch((error: unknown) => {
    platform.log.warn({ error: String(error) }, 'when keys were last used could not be written down')
  })

/** Serves the API over an open platform. */
export const serve = async (platform: Platform): Promise<Running> => {
  const { configuration, log } = platform
  // Refused before anything has begun to work, where the key that signs the audit log is lost.
  openAnchors(anchorPlaceOf(configuration), platform.clock)
  await recordSettings(platform).catch((error: unknown) => {
    log.error({ error: String(error) }, 'with which settings this server starts could not be recorded')
  })
  const registry = createRegistry()
  addMetrics(registry, platform)
  const readiness = watchReadiness(platform)
  const leaving = createLeaving()
  const app = buildServer({
    routes: allRoutes(platform),
    pages: platform.sandboxCard.pages,
    authenticate: platform.tenants.authenticate,
    faultOf: createFaultOf(log),
    wall: platform.clock,
    log,
    registry,
    metricsKey: configuration.metricsKey ?? null,
    ready: readiness.ready,
    leaving: leaving.isLeaving,
    info: API_INFO,
    errors: ERROR_TABLES,
    checkAnswers: process.env['EVENKEEL_TEST_CHECK_ANSWERS'] === '1',
  })
  const webhooks = startDelivering(platform)
  const timers = startTimers(platform, webhooks)
  const hearing = startHearing(platform, (error) =>
    log.warn({ error: String(error) }, 'what a rail told could not be taken in; it is told again'),
  )
  const backups = await watchBackups(platform, registry)
  const housekeeping = startHousekeeping(platform)
  const uses = setInterval(() => void recordUses(platform), USES_EVERY_MS).unref()
  try {
    const address = await listen(app, configuration)
    platform.publicUrl.set(address)
    return {
      address,
      app,
      leaving,
      backups: backups.line,
      stop: async () => {
        readiness.stop()
        clearInterval(housekeeping)
        clearInterval(uses)
        await app.close()
        await recordUses(platform)
        await timers.stop()
        await hearing.stop()
        await webhooks.stop()
        await backups.stop()
      },
    }
  } catch (error) {
    readiness.stop()
    clearInterval(housekeeping)
    clearInterval(uses)
    await timers.stop()
    await hearing.stop()
    await webhooks.stop()
    await backups.stop()
    await app.close()
    throw error
  }
}
