import type { KeyObject } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { PageRoute, Route } from '../../http/index.ts'
import { assert, type Micros, type TenantId, type WallClock } from '../../kit/index.ts'
import type { Authorised, DisputeTaken, NotFound, Rail, RailOutcome, Unknown } from '../port/index.ts'
import { createAuthentications } from './authentications.ts'
import { createDeliveries, type Delivered } from './deliver.ts'
import { answerCase } from './disputes.ts'
import { flush } from './flush.ts'
import { namesOver } from './names.ts'
import { authenticationPages } from './page.ts'
import { createQueue, type Queue } from './queue.ts'
import { sandboxRoutes } from './routes.ts'
import { FIRST_RAIL, keyOf, SANDBOX_RAILS, type SandboxRail } from './sandbox-rails.ts'
import { tokenise } from './tokenise.ts'
import { inTransaction } from './transaction.ts'
import { receiveOver } from './wire.ts'
import type { Work } from './work.ts'
import { type AcquirerWorker, nextDue, startAcquirerWorker, type WorkerOptions } from './worker.ts'

export type SandboxCardOptions = {
  /** The app's pool that is not in pipeline mode. */
  readonly pool: pg.Pool
  readonly clock: WallClock
  /** For fingerprints of card numbers. */
  readonly fingerprintKey: KeyObject
  /** Signs what the acquirer tells, and what it calls things. */
  readonly notificationSecret: KeyObject
  /** Before the paths of its pages; empty for the server's own address. */
  readonly baseUrl: string
}

export type SandboxCard = {
  /** The first of `rails`: where payments go that nobody routes. */
  readonly rail: Rail
  /** All of them: they share cards, tables and worker, and no order. */
  readonly rails: readonly Rail[]
  readonly routes: readonly Route[]
  readonly pages: readonly PageRoute[]
  /** Tells what falls due, by the tenants' clocks, until it is stopped. */
  readonly startWorker: (options: WorkerOptions) => AcquirerWorker
  /** Tells everything that is due until then, for a clock that is being moved. */
  readonly deliverDue: (tenant: TenantId, untilMicros?: Micros | null) => Promise<Delivered>
  /** When it has something to tell next, by the tenant's clock; null where it has nothing. */
  readonly nextDue: (tenant: TenantId) => Promise<Micros | null>
  /** Waits for the orders that were sent. */
  readonly settle: () => Promise<void>
}

const SILENCE: Unknown = { kind: 'unknown', reason: 'the acquirer could not be reached' }

type Send = (tenant: TenantId, work: Work) => Promise<Authorised | NotFound>

/** Our references, as the orders of the rail stand under them. */
const keyed = <Order extends { readonly reference: string; readonly of?: string }>(
  rail: SandboxRail,
  order: Order,
): Order => ({
  ...order,
  reference: keyOf(rail, order.reference),
  ...(order.of === undefined ? {} : { of: keyOf(rail, order.of) }),
})

/** An order and its answer, as over a network: after a while, and perhaps none. */
const sendOver =
  (rail: SandboxRail, queue: Queue): Send =>
  async (tenant, work) => {
    try {
      const { outcome, latencyMs } = await queue.send(tenant, {
        ...work,
        order: keyed(rail, work.order),
      } as Work)
      if (latencyMs > 0) await pause(latencyMs)
      return outcome
    } catch {
      // Whether it was done is not known here; whoever asks is told by enquiry.
      return SILENCE
    }
  }

const isAnswer = (outcome: Authorised | NotFound): outcome is Authorised => outcome.kind !== 'not_found'

const authorisedOf = (outcome: Authorised | NotFound): Authorised => (isAnswer(outcome) ? outcome : SILENCE)

/** A later order never asks the customer for anything. */
const outcomeOf = (outcome: Authorised | NotFound): RailOutcome =>
  isAnswer(outcome) && outcome.kind !== 'requires_action' ? outcome : SILENCE

const railOver = (options: SandboxCardOptions, name: SandboxRail, queue: Queue): Rail => {
  const { pool, clock, fingerprintKey, notificationSecret: secret } = options
  const send = sendOver(name, queue)
  const answer = async (tenant: TenantId, dispute: string, text: string | null): Promise<DisputeTaken> => {
    try {
      return await inTransaction(pool, tenant, (transaction) => answerCase(transaction, name, dispute, text))
    } catch {
      return SILENCE
    }
  }
  return {
    name,
    isLive: false,
    tokenise: tokenise({ clock, fingerprintKey }),
    authorise: async (order) => authorisedOf(await send(order.tenant, { kind: 'authorise', order })),
    capture: async (order) => outcomeOf(await send(order.tenant, { kind: 'capture', order })),
    void: async (order) => outcomeOf(await send(order.tenant, { kind: 'void', order })),
    refund: async (order) => outcomeOf(await send(order.tenant, { kind: 'refund', order })),
    payOut: async (order) => outcomeOf(await send(order.tenant, { kind: 'pay_out', order })),
    enquire: (tenant, reference) => send(tenant, { kind: 'enquire', order: { reference } }),
    receive: receiveOver({ rail: name, secret, clock }),
    disputes: {
      submitEvidence: ({ tenant, dispute, text }) => answer(tenant, dispute, text),
      acceptDispute: ({ tenant, dispute }) => answer(tenant, dispute, null),
    },
  }
}

/** Card acquirers for sandboxes that can be asked later what happened, and made to fail in every documented way. */
export const createSandboxCard = (options: SandboxCardOptions): SandboxCard => {
  const { pool, clock, notificationSecret, baseUrl } = options
  const names = namesOver(notificationSecret, baseUrl)
  const queues = SANDBOX_RAILS.map((name) => ({
    name,
    queue: createQueue((tenant, works) => flush({ pool, rail: name, names }, tenant, works)),
  }))
  const rails = queues.map(({ name, queue }) => railOver(options, name, queue))
  const [rail] = rails
  assert(rail?.name === FIRST_RAIL, 'the first rail is the one that had the tables to itself')
  const deliveries = createDeliveries({ pool, clock, secret: notificationSecret })
  const authentications = createAuthentications(pool, deliveries)
  return {
    rail,
    rails,
    routes: sandboxRoutes({ pool, authentications }),
    pages: authenticationPages(authentications),
    startWorker: (worker) => startAcquirerWorker(pool, deliveries, worker),
    deliverDue: deliveries.deliverDue,
    nextDue: (tenant) => nextDue(pool, tenant),
    settle: async () => {
      await Promise.all(queues.map(({ queue }) => queue.settle()))
    },
  }
}
