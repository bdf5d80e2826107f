import { setTimeout as pause } from 'node:timers/promises'
import type { TenantId } from '../kit/index.ts'
import type { Authorised, FollowUp, NotFound, Rail, RailOutcome } from '../rails/index.ts'
import type { Attempt } from './core/model.ts'
import { ANSWER_BUDGET_MS, ENQUIRY_PAUSES_MS } from './limits.ts'

const unknown = (reason: unknown): Authorised => ({ kind: 'unknown', reason: String(reason) })

/** A rail that throws is one that nobody knows anything of. */
export const careful = async <Answer>(ask: () => Promise<Answer>): Promise<Answer | Authorised> => {
  try {
    return await ask()
  } catch (error) {
    return unknown(error)
  }
}

/** An answer that does not come in time is unknown; should it come later, enquiry or a notification tells the same. */
export const within = async (answer: Promise<Authorised>, budgetMs: number): Promise<Authorised> => {
  const over = new AbortController()
  const late = pause(budgetMs, unknown('no answer in time'), { signal: over.signal }).catch(() =>
    unknown('no answer in time'),
  )
  try {
    return await Promise.race([answer, late])
  } finally {
    over.abort()
  }
}

const followUpOf = (tenant: TenantId, attempt: Attempt): FollowUp => ({
  tenant,
  reference: attempt.id,
  of: attempt.authorisation,
  amount: attempt.amount,
  currency: attempt.currency,
})

const send = (rail: Rail, tenant: TenantId, attempt: Attempt): Promise<Authorised> => {
  switch (attempt.order) {
    case 'authorise':
      return rail.authorise({
        tenant,
        reference: attempt.id,
        token: attempt.token,
        amount: attempt.amount,
        currency: attempt.currency,
        capture: attempt.capture,
        offSession: attempt.offSession,
        authentication: attempt.authenticatedBy,
        threeDSecure: attempt.threeDSecure,
        statementDescriptor: attempt.statementDescriptor,
        isVerification: false,
      })
    case 'capture':
      return rail.capture(followUpOf(tenant, attempt)) as Promise<RailOutcome>
    case 'void':
      return rail.void(followUpOf(tenant, attempt)) as Promise<RailOutcome>
  }
}

/**
 * Whether the rail has not got this order yet: it never got anything under the reference, or only the order before the
 * customer was authenticated.
 */
const isUnsent = (attempt: Attempt, answer: Authorised | NotFound): boolean =>
  answer.kind === 'not_found' || (answer.kind === 'requires_action' && attempt.authenticatedBy !== null)

/** Asks what became of an order that may have been sent, and sends it where it was not. */
export const enquireOrSend = async (rail: Rail, tenant: TenantId, attempt: Attempt): Promise<Authorised> => {
  const told = await careful(() => rail.enquire(tenant, attempt.id))
  if (isUnsent(attempt, told)) return await careful(() => send(rail, tenant, attempt))
  return told.kind === 'not_found' ? unknown('not found') : told
}

/**
 * The rail's answer to an order, or `unknown` when the time that a request may wait is over. An order that somebody may
 * have sent before is asked about first.
 */
export const askRail = async (
  rail: Rail,
  tenant: TenantId,
  attempt: Attempt,
  {
    isResumed,
    nowMs,
    budgetMs = ANSWER_BUDGET_MS,
  }: { readonly isResumed: boolean; readonly nowMs: () => number; readonly budgetMs?: number },
): Promise<Authorised> => {
  const untilMs = nowMs() + budgetMs
  const left = (): number => Math.max(0, untilMs - nowMs())
  const first = isResumed ? enquireOrSend(rail, tenant, attempt) : careful(() => send(rail, tenant, attempt))
  let answer = await within(first, left())
  for (const pauseMs of ENQUIRY_PAUSES_MS) {
    if (answer.kind !== 'unknown' || left() <= pauseMs) break
    await pause(pauseMs)
    answer = await within(enquireOrSend(rail, tenant, attempt), left())
  }
  return answer
}
