import type { Drain } from '../clock/index.ts'
import { type Reachable, startWebhooks, type Webhooks } from '../events/index.ts'
import type { Configuration } from './configuration.ts'
import type { Platform } from './platform.ts'

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i

/** A server that listens on loopback is somebody's own, and so are the programs beside it. */
export const reachableOf = ({ host, webhookAllowPrivate }: Configuration): Reachable => ({
  allowPrivate: webhookAllowPrivate,
  isLocal: LOOPBACK.test(host),
})

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
