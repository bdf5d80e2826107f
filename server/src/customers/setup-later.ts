import type { Draft, Round, TimerHandler, Unit } from '../database/index.ts'
import type { TenantId, Uuid } from '../kit/index.ts'
import type { Authorised, Notification, Rail } from '../rails/index.ts'
import { nextSetupStatus } from './core/setup-machine.ts'
import type { CustomersDoor } from './door.ts'
import { WORK_DEADLINE_MS } from './limits.ts'
import { addressOn } from './setup-address.ts'
import { awaitAnswer, HEAL_TIMER, noLongerAwait } from './setup-begin.ts'
import {
  applyOutcome,
  declareFinish,
  declareFinishOwners,
  finishAttempt,
  readPair,
  type SetupStep,
} from './setup-finish.ts'
import { attemptOfAuthentication, readAttemptIds } from './store/queries.ts'
import { paymentMethods, setupAttempts, setupIntents } from './store/tables.ts'
import { type Verification, verify } from './verifying.ts'
import { showPaymentMethod } from './views.ts'

/* What becomes of a SetupIntent by itself: the rail's notification, and the enquiry after an answer that did not come. */

type Work = { readonly door: CustomersDoor; readonly tenant: TenantId; readonly step: SetupStep }

const workUnit = <Answer>(
  { door, tenant, step }: Work,
  name: string,
  decide: (draft: Draft) => Answer,
): Unit<Answer> => {
  const reads: Round[] = [
    (declare) => declareFinish(declare, step),
    (declare, found) => declareFinishOwners(declare, found, step),
  ]
  return {
    tenant,
    name,
    items: 1,
    bytes: 0,
    deadlineMs: door.clock.now() + WORK_DEADLINE_MS,
    claim: null,
    duringAdvance: true,
    reads,
    decide: (draft) => ({ kind: 'answer', answer: decide(draft), reply: null }),
  }
}

const submit = async <Answer>(
  work: Work,
  name: string,
  decide: (draft: Draft) => Answer,
): Promise<Answer> => {
  const outcome = await work.door.commit.submit(workUnit(work, name, decide))
  if (outcome.kind !== 'decided') throw new Error(`${name} was not decided`)
  return outcome.answer
}

const finish = (work: Work, rail: Rail, answer: Authorised): Promise<unknown> =>
  submit(work, 'customers.setup_attempts.finish', (draft) =>
    finishAttempt(draft, work.step, answer, {
      request: null,
      livemode: rail.isLive,
      address: addressOn(work.door),
    }),
  )

const FAILED = {
  type: 'card_error',
  code: 'setup_intent_authentication_failure',
  declineCode: null,
  message:
    'The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to attempt to fulfill this SetupIntent again.',
  adviceCode: null,
  networkDeclineCode: null,
} as const

const notAuthenticated = (draft: Draft, { step }: Work, livemode: boolean): void => {
  const pair = readPair(draft, step)
  const method = pair === null ? undefined : draft.get(paymentMethods.table, pair.attempt.paymentMethod)
  if (pair === null || method === undefined) return
  const error = { ...FAILED, paymentMethod: showPaymentMethod(method, livemode) }
  applyOutcome(draft, pair, method, { kind: 'not_authenticated', error }, { request: null, livemode })
}

/** Notes that the customer was authenticated, before the rail is asked once more: what to ask it, or nothing. */
const noteAuthenticated = (draft: Draft, { tenant, step }: Work): Verification | null => {
  const pair = readPair(draft, step)
  if (pair === null || pair.intent.latestAttempt !== pair.attempt.id) return null
  const { intent, attempt } = pair
  const { id: reference, authentication, requestThreeDSecure: threeDSecure } = attempt
  const verification = { tenant, reference, token: attempt.card.token, authentication, threeDSecure }
  if (attempt.state === 'processing' && attempt.isAuthenticated) return verification
  const status = nextSetupStatus(intent.status, 'authenticated')
  if (attempt.state !== 'requires_action' || status === null) return null
  const noted = { ...attempt, state: 'processing' as const, isAuthenticated: true }
  draft.put(setupAttempts.table, attempt.id, noted)
  draft.put(setupIntents.table, intent.id, { ...intent, status, nextAction: null })
  awaitAnswer(draft, noted)
  return verification
}

/**
 * The rail's notification that a customer was authenticated, or was not. It may come twice, and is handed on by whoever
 * keeps it until this has returned. False: the authentication is not of a SetupIntent.
 */
export const onAuthentication = async (
  door: CustomersDoor,
  rail: Rail,
  notification: Extract<Notification, { type: 'authentication' }>,
): Promise<boolean> => {
  const { tenant, authentication, result } = notification
  const [rows = []] = await door.read(tenant, [attemptOfAuthentication(tenant, authentication)])
  if (rows[0] === undefined) return false
  const work = { door, tenant, step: readAttemptIds(rows[0]) }
  if (result === 'failed') {
    await submit(work, 'customers.setup_intents.not_authenticated', (draft) =>
      notAuthenticated(draft, work, rail.isLive),
    )
    return true
  }
  const verification = await submit(work, 'customers.setup_intents.authenticated', (draft) =>
    noteAuthenticated(draft, work),
  )
  if (verification !== null) await finish(work, rail, await verify(rail, verification, true))
  return true
}

const railNamed = (door: CustomersDoor, name: string): Rail | null =>
  [door.railOf('test'), door.railOf('live')].find((rail) => rail?.name === name) ?? null

/** Asks the rail what became of an attempt that is still processing, and sends the order where it never got it. */
const heal = async (door: CustomersDoor, tenant: TenantId, id: Uuid): Promise<void> => {
  const [rows = []] = await door.read(tenant, [setupAttempts.find(tenant, [id])])
  const attempt = rows[0] === undefined ? null : setupAttempts.read(rows[0])
  const rail = attempt === null ? null : railNamed(door, attempt.rail)
  if (attempt === null || rail === null) return
  const work = { door, tenant, step: { intent: attempt.setupIntent, attempt: id } }
  if (attempt.state !== 'processing') {
    await submit(work, 'customers.setup_attempts.rest', (draft) => noLongerAwait(draft, id))
    return
  }
  const verification = {
    tenant,
    reference: id,
    token: attempt.card.token,
    authentication: attempt.isAuthenticated ? attempt.authentication : null,
    threeDSecure: attempt.requestThreeDSecure,
  }
  await finish(work, rail, await verify(rail, verification, true))
}

/** What main hands to the timers. */
export const customersTimers = (door: CustomersDoor): Readonly<Record<string, TimerHandler>> => ({
  [HEAL_TIMER]: async (tenant, ids) => {
    for (const id of ids) await heal(door, tenant, id)
  },
})
