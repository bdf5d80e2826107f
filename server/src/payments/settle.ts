import {
  attachInDraft,
  type PaymentMethod,
  paymentMethods,
  showPaymentMethod,
  spendInDraft,
} from '../customers/index.ts'
import { type Draft, type Round, setTimer } from '../database/index.ts'
import { assert, MICROS_PER_DAY } from '../kit/index.ts'
import type { ActionRequired, Declined, Succeeded } from '../rails/index.ts'
import { actionUrl } from './action-url.ts'
import { isToBeSaved } from './core/change-intent.ts'
import { captured } from './core/charges.ts'
import { AUTHENTICATION_REQUIRED, declineError } from './core/declines.ts'
import { isOpen } from './core/machine.ts'
import type { Attempt, Charge, Intent, Json, PaymentError } from './core/model.ts'
import { afterDecline, afterSuccess, latencyOf, NO_FACTS, newCharge } from './core/settle.ts'
import { declareGivingBack, givenBack } from './give-back.ts'
import { HEAL_PAUSES_MS, HOLD_DAYS } from './limits.ts'
import { declareHold, declareTaking, postHold, takeMoney } from './postings.ts'
import type { Settling } from './settling.ts'
import { attempts, charges, intents } from './store/tables.ts'
import {
  EXPIRY_TIMER,
  healLater,
  healNoMore,
  putAttempt,
  putIntent,
  requestOf,
  tellCharge,
  tellIntent,
} from './world.ts'

type Rows = {
  readonly intent: Intent
  readonly attempt: Attempt
  readonly charge: Charge | undefined
  readonly method: PaymentMethod
}

export const rowsOf = (draft: Draft, of: Attempt): Rows => {
  const intent = draft.get(intents.table, of.intent)
  const attempt = draft.get(attempts.table, of.id)
  const method = draft.get(paymentMethods.table, of.paymentMethod)
  assert(intent !== undefined && attempt !== undefined && method !== undefined, 'an attempt has its rows')
  return { intent, attempt, method, charge: draft.get(charges.table, of.charge) }
}

/** The charge as it stood, or a new one; the rows are the same whichever answer makes it. */
const chargeOf = (
  draft: Draft,
  { intent, attempt, charge, method }: Rows,
  facts: Parameters<typeof newCharge>[0]['facts'],
): Charge => {
  return newCharge({
    id: attempt.charge,
    createdMicros: charge?.createdMicros ?? draft.nextTime(),
    attempt,
    intent,
    method,
    facts,
  })
}

const putCharge = (draft: Draft, charge: Charge): Charge => {
  draft.put(charges.table, charge.id, charge)
  return charge
}

const hold = (draft: Draft, charge: Charge, attempt: Attempt): Charge => {
  postHold(draft, attempt, charge.amount)
  const dueMicros = draft.now + BigInt(HOLD_DAYS) * MICROS_PER_DAY
  setTimer(draft, { kind: EXPIRY_TIMER, subject: charge.id, dueMicros })
  return { ...charge, status: 'succeeded', hold: attempt.id, captureBeforeMicros: Number(dueMicros) }
}

const succeed = (draft: Draft, { world, ids }: Settling, rows: Rows, answer: Succeeded): Intent => {
  const { attempt, method } = rows
  const request = requestOf(attempt)
  const { level, score } = answer.risk
  const { availableAtOnce } = answer
  const railLatencyMs = latencyOf(attempt, draft.wallMs)
  const made = { ...chargeOf(draft, rows, answer), risk: { level, score }, availableAtOnce, railLatencyMs }
  const isHeld = attempt.capture === 'manual'
  const charge = isHeld
    ? hold(draft, made, attempt)
    : captured(
        made,
        made.amount,
        takeMoney(draft, {
          of: attempt,
          ids,
          charge: made,
          amount: made.amount,
          isHeld: false,
          settings: world.settings,
        }),
      )
  putCharge(draft, charge)
  putAttempt(draft, { ...attempt, state: 'succeeded' })
  const intent = putIntent(draft, afterSuccess(rows.intent, charge))
  const doing = { request, livemode: world.livemode }
  if (intent.customer !== null && isToBeSaved(intent) && method.customer === null) {
    attachInDraft(draft, method, intent.customer, doing)
  } else spendInDraft(draft, method)
  tellCharge(draft, world, 'succeeded', charge, request)
  tellIntent(draft, world, isHeld ? 'amount_capturable_updated' : 'succeeded', intent, request)
  return intent
}

export type Refusing = Settling & { readonly answer: Declined }

/** The attempt ends as declined, its charge as failed; whatever it held of a launch's caps is free again. */
export const failAttempt = (
  draft: Draft,
  { world, answer }: Refusing,
  rows: Rows,
): { readonly attempt: Attempt; readonly error: PaymentError } => {
  const { method } = rows
  const facts = { ...NO_FACTS, checks: answer.checks }
  const error = declineError(answer, { charge: rows.attempt.charge, paymentMethod: method.id })
  const charge = putCharge(draft, {
    ...chargeOf(draft, rows, facts),
    status: 'failed',
    failure: error,
    isBlocked: answer.isBlocked,
    railLatencyMs: latencyOf(rows.attempt, draft.wallMs),
  })
  const attempt = putAttempt(draft, { ...givenBack(draft, rows.attempt), state: 'declined' })
  tellCharge(draft, world, 'failed', charge, requestOf(attempt))
  return { attempt, error }
}

const decline = (draft: Draft, refusing: Refusing, rows: Rows): Intent => {
  const { world } = refusing
  const { attempt, error } = failAttempt(draft, refusing, rows)
  const shown = showPaymentMethod(rows.method, world.livemode) as Json
  const intent = putIntent(draft, afterDecline(rows.intent, error, shown))
  tellIntent(draft, world, 'payment_failed', intent, requestOf(attempt))
  return intent
}

/** The caller will not wait for the customer: no charge was made, and none is shown. */
const refuseAction = (draft: Draft, { world }: Settling, rows: Rows): Intent => {
  const { attempt, method } = rows
  const error = declineError(AUTHENTICATION_REQUIRED, { charge: null, paymentMethod: method.id })
  putAttempt(draft, { ...givenBack(draft, attempt), state: 'declined' })
  const shown = showPaymentMethod(method, world.livemode) as Json
  const intent = putIntent(draft, afterDecline(rows.intent, error, shown))
  tellIntent(draft, world, 'payment_failed', intent, requestOf(attempt))
  return intent
}

const requireAction = (draft: Draft, { world }: Settling, rows: Rows, answer: ActionRequired): Intent => {
  const { attempt } = rows
  const { authentication } = answer
  putAttempt(draft, { ...attempt, state: 'requires_action', authentication })
  const url = actionUrl(world, rows.intent, answer.url)
  const intent = putIntent(draft, {
    ...rows.intent,
    status: 'requires_action',
    nextAction: { authentication, url },
    lastError: null,
    lastErrorMethod: null,
  })
  tellIntent(draft, world, 'requires_action', intent, requestOf(attempt))
  return intent
}

/** The rail has taken it in and tells later: the charge is there, and pending. */
const noteTaken = (draft: Draft, { world }: Settling, rows: Rows): Intent => {
  const charge = putCharge(draft, chargeOf(draft, rows, NO_FACTS))
  tellCharge(draft, world, 'pending', charge, requestOf(rows.attempt))
  return { ...rows.intent, latestCharge: charge.id }
}

/** The rail tells later, or nobody knows: the payment is processing, and the timer asks again. */
const wait = (draft: Draft, settling: Settling, rows: Rows, answer: 'pending' | 'unknown'): Intent => {
  const { attempt } = rows
  const { enquiries } = attempt
  const state = attempt.state === 'pending' ? 'pending' : answer
  putAttempt(draft, { ...attempt, state, enquiries: enquiries + 1 })
  healLater(draft, attempt, HEAL_PAUSES_MS[Math.min(enquiries, HEAL_PAUSES_MS.length - 1)])
  const isTaken = answer === 'pending' && rows.charge === undefined
  const before = isTaken ? noteTaken(draft, settling, rows) : rows.intent
  const intent = putIntent(draft, { ...before, status: 'processing' })
  if (attempt.state === 'sent') tellIntent(draft, settling.world, 'processing', intent, requestOf(attempt))
  return intent
}

/** Takes the rail's answer in. An answer that is late, or comes twice, changes nothing. */
export const settleInDraft = (draft: Draft, settling: Settling): Intent => {
  const rows = rowsOf(draft, settling.attempt)
  const { answer } = settling
  if (!isOpen(rows.attempt.state)) return rows.intent
  if (answer.kind !== 'unknown' && answer.kind !== 'pending') healNoMore(draft, rows.attempt)
  switch (answer.kind) {
    case 'succeeded':
      return succeed(draft, settling, rows, answer)
    case 'declined':
      return decline(draft, { ...settling, answer }, rows)
    case 'requires_action':
      return rows.attempt.errorOnAction
        ? refuseAction(draft, settling, rows)
        : requireAction(draft, settling, rows, answer)
    case 'pending':
    case 'unknown':
      return wait(draft, settling, rows, answer.kind)
  }
}

export const settleReads = ({ attempt, answer, ids }: Settling): Round[] => [
  (declare) => {
    declare(intents.table, attempt.intent)
    declare(attempts.table, attempt.id)
    declare(charges.table, attempt.charge)
    declare(paymentMethods.table, attempt.paymentMethod)
    declareGivingBack(declare, attempt)
    if (answer.kind !== 'succeeded') return
    if (attempt.capture === 'manual') declareHold(declare, attempt)
    else declareTaking(declare, attempt, ids, false)
  },
]
