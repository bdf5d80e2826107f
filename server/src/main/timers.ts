import { anchorTimers, openAnchors } from '../audit/index.ts'
import { createClockWorker, type Drain } from '../clock/index.ts'
import { customersTimers } from '../customers/index.ts'
import { connectionsOf, startTimerWorker, type TimerHandler, type TimerWorker } from '../database/index.ts'
import type { Webhooks } from '../events/index.ts'
import { controllerTimers, recordTimers } from '../launches/index.ts'
import { closingTimers, EXPIRY_TIMER, expireUnit } from '../ledger/index.ts'
import { paymentTimers } from '../payments/index.ts'
import { anchorPlaceOf } from './anchor-place.ts'
import { customersDoorOf } from './customers-door.ts'
import { controllerDoorOf, launchDrain } from './launches-door.ts'
import { paymentsDoorOf, railDrain } from './payments-door.ts'
import type { Platform } from './platform.ts'
import { webhookDrain } from './webhooks.ts'

/** How long background work may wait for its commit. */
const WORK_DEADLINE_MS = 30_000

/**
 * What is done when its timer is due, by the timer's kind. Units of these say duringAdvance: they are what a clock that
 * is moved on waits for.
 */
const handlersOf = (platform: Platform): Readonly<Record<string, TimerHandler>> => ({
  [EXPIRY_TIMER]: (tenant, ids) => {
    const deadlineMs = platform.clock.now() + WORK_DEADLINE_MS
    const unit = expireUnit({ tenant, bytes: 0, deadlineMs, claim: null, reply: null }, ids)
    return platform.commit.submit({ ...unit, duringAdvance: true })
  },
  ...closingTimers(platform),
  ...customersTimers(customersDoorOf(platform)),
  ...paymentTimers(paymentsDoorOf(platform)),
  ...controllerTimers(controllerDoorOf(platform)),
  ...recordTimers(platform),
  ...anchorTimers({
    ...platform,
    anchors: openAnchors(anchorPlaceOf(platform.configuration), platform.clock),
  }),
})

/** Work by the tenant's clock that is no timer, and that a clock waits for at each of its stops. */
const drainsOf = (platform: Platform, webhooks: Webhooks | null): readonly Drain[] => [
  railDrain(platform),
  launchDrain(platform),
  ...(webhooks === null ? [] : [webhookDrain(webhooks)]),
]

/** Does what falls due, and moves on the clocks of sandboxes. */
export const startTimers = (platform: Platform, webhooks: Webhooks | null = null): TimerWorker => {
  const onError = (error: unknown): void =>
    platform.log.warn({ error: String(error) }, 'due work could not be done; it is tried again')
  const { commit, read, clock } = platform
  const clocks = createClockWorker({
    door: { commit, read, clock },
    drains: drainsOf(platform, webhooks),
    fireReached: (tenant) => timers.fireReached(tenant),
    onError,
  })
  const timers = startTimerWorker({
    connections: connectionsOf(platform.pools.hot),
    handlers: { ...handlersOf(platform), ...clocks.timers },
    onError,
  })
  return {
    ...timers,
    stop: async () => {
      await timers.stop()
      await clocks.stop()
    },
  }
}
