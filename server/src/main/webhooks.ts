import type { Drain } from '../clock/index.ts'
import { startWebhooks, type Webhooks } from '../events/index.ts'
import type { Platform } from './platform.ts'

/** Delivers events; each batch of the commit may hold some. */
export const startDelivering = (platform: Platform): Webhooks => {
  const { connections, commit, vault, clock, reachable, log } = platform
  const webhooks = startWebhooks({
    connections,
    commit,
    vault,
    clock,
    reachable,
    log,
    chance: Math.random,
  })
  commit.observe(({ tenant }) => webhooks.kick(tenant))
  return webhooks
}

/** At each of its stops a clock that is moved on waits for an attempt of what is due there. */
export const webhookDrain = (webhooks: Webhooks): Drain => ({
  run: async (tenant, untilMicros) => {
    const { succeeded, failed } = await webhooks.deliverDue(tenant, untilMicros)
    return { webhooks_delivered: succeeded, webhooks_failed: failed }
  },
  nextDue: webhooks.nextDue,
})
