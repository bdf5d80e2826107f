import type { Micros, TenantId, Uuid } from '../../kit/index.ts'
import type { DisabledReason } from '../core/endpoint.ts'
import { nextAttempt } from '../core/schedule.ts'
import { disableUnit } from '../disable.ts'
import { UNIT_DEADLINE_MS } from '../limits.ts'
import { type Result, type Succeeded, writeResults } from '../store/results.ts'
import { runFor } from '../store/run.ts'
import { type Attempted, isSuccess } from './lane.ts'
import type { World } from './world.ts'

const GONE = 410

/** What becomes of a delivery after an attempt. */
export const resultOf = (
  { ready, posted, sentMs, requestHeaders }: Attempted,
  nowMicros: Micros,
  chance: number,
): Result => {
  const attempts = ready.attempts + 1
  const { retryAfterS, status, ...rest } = posted
  const base = {
    ...rest,
    status,
    due: ready,
    number: attempts,
    atMicros: nowMicros,
    sentMs,
    requestHeaders,
  }
  if (isSuccess(posted)) return { ...base, state: 'succeeded', dueMicros: null }
  const next = status === GONE ? null : nextAttempt({ attempts, nowMicros, retryAfterS, chance })
  return next === null
    ? { ...base, state: 'failed', dueMicros: null }
    : { ...base, state: 'pending', dueMicros: next }
}

/** It said that it is gone; or nothing has arrived since the first attempt of a delivery that is given up. */
const reasonToDisable = (result: Result, succeeded: readonly Succeeded[]): DisabledReason | null => {
  if (result.status === GONE) return 'gone'
  if (result.state !== 'failed') return null
  const last = succeeded.find(({ endpoint }) => endpoint === result.due.endpoint)?.succeededMicros ?? null
  return last === null || last < result.due.createdMicros ? 'failing' : null
}

const disable = async (
  { options }: World,
  tenant: TenantId,
  id: Uuid,
  reason: DisabledReason,
): Promise<void> => {
  const { commit, clock, log } = options
  try {
    const deadlineMs = clock.now() + UNIT_DEADLINE_MS
    const outcome = await commit.submit(disableUnit({ tenant, id, reason, deadlineMs }))
    if (outcome.kind === 'decided' && outcome.answer)
      log.warn({ tenant, endpoint: id, reason }, 'a webhook endpoint was disabled')
  } catch (error) {
    log.warn({ tenant, endpoint: id, error: String(error) }, 'a webhook endpoint could not be disabled')
  }
}

/** Writes down what came of attempts, together, and disables the endpoints that are beyond hope. */
export const settle = async (world: World, tenant: TenantId, results: readonly Result[]): Promise<void> => {
  const written = await runFor(world.options.connections, tenant, writeResults(tenant, results))
  const succeeded = (written.at(-1) ?? []).map(
    ([endpoint, micros]): Succeeded => ({
      endpoint: endpoint as Uuid,
      succeededMicros: micros as bigint | null,
    }),
  )
  const hopeless = new Map<Uuid, DisabledReason>()
  for (const result of results) {
    const reason = reasonToDisable(result, succeeded)
    if (reason !== null) hopeless.set(result.due.endpoint, reason)
  }
  for (const [id, reason] of hopeless) await disable(world, tenant, id, reason)
}
