import { classifyError } from '../../database/index.ts'
import { Fault, type TenantId } from '../../kit/index.ts'
import { BATCH_ORDERS_MOST, WAITING_ORDERS_MOST } from './limits.ts'
import type { Heard, Work } from './work.ts'

type Waiting = {
  readonly work: Work
  readonly resolve: (heard: Heard) => void
  readonly reject: (error: unknown) => void
}

type Lane = { readonly waiting: Waiting[]; isRunning: boolean }

export type Queue = {
  readonly send: (tenant: TenantId, work: Work) => Promise<Heard>
  /** Waits until everything that was sent is done. */
  readonly settle: () => Promise<void>
}

/**
 * The next batch: in the order of arrival, each reference once. A second order of the same reference waits for the next
 * one, where the first is there to be found.
 */
const takeBatch = (waiting: Waiting[]): Waiting[] => {
  const batch: Waiting[] = []
  const later: Waiting[] = []
  const references = new Set<string>()
  for (const one of waiting.splice(0, BATCH_ORDERS_MOST)) {
    const { reference } = one.work.order
    if (references.has(reference)) later.push(one)
    else batch.push(one)
    references.add(reference)
  }
  waiting.unshift(...later)
  return batch
}

/**
 * Gathers the orders that are sent at the same time, and hands them on together: while one batch of a tenant is written,
 * the next one waits and grows. A payment has two commits of ours, and the acquirer should not cost a third one each.
 */
export const createQueue = (
  flush: (tenant: TenantId, works: readonly Work[]) => Promise<readonly Heard[]>,
): Queue => {
  const lanes = new Map<TenantId, Lane>()
  const running = new Set<Promise<void>>()

  const runBatch = async (tenant: TenantId, batch: readonly Waiting[]): Promise<void> => {
    try {
      const heard = await flush(
        tenant,
        batch.map(({ work }) => work),
      )
      for (const [index, one] of batch.entries()) {
        const answer = heard[index]
        if (answer !== undefined) one.resolve(answer)
      }
    } catch (error) {
      // One order that the database cannot take must not cost the others theirs.
      if (batch.length > 1 && classifyError(error) !== 'transient')
        for (const one of batch) await runBatch(tenant, [one])
      else for (const one of batch) one.reject(error)
    }
  }

  const runLane = async (tenant: TenantId, lane: Lane): Promise<void> => {
    // Whoever sends in the same turn of the event loop comes along.
    await new Promise((resolve) => setImmediate(resolve))
    while (lane.waiting.length > 0) await runBatch(tenant, takeBatch(lane.waiting))
    lane.isRunning = false
    lanes.delete(tenant)
  }

  const start = (tenant: TenantId, lane: Lane): void => {
    lane.isRunning = true
    const run = runLane(tenant, lane)
    running.add(run)
    void run.finally(() => running.delete(run))
  }

  return {
    send: (tenant, work) => {
      const lane = lanes.get(tenant) ?? { waiting: [], isRunning: false }
      lanes.set(tenant, lane)
      if (lane.waiting.length >= WAITING_ORDERS_MOST) {
        throw new Fault('Too many orders wait for the sandbox’s acquirer.', {
          kind: 'exhausted',
          code: 'queue_full',
          retryAfterS: 1,
        })
      }
      const { promise, resolve, reject } = Promise.withResolvers<Heard>()
      lane.waiting.push({ work, resolve, reject })
      if (!lane.isRunning) start(tenant, lane)
      return promise
    },
    settle: async () => {
      await Promise.all(running)
    },
  }
}
