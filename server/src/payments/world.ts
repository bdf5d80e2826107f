import { type Draft, setTimer } from '../database/index.ts'
import type { EventRequest } from '../events/index.ts'
import { recordEvent } from '../events/index.ts'
import { type RefusalText, refusalReply } from '../http/index.ts'
import type { Reply, TenantId } from '../kit/index.ts'
import { objectReply } from '../requests/index.ts'
import { PARAM_OF_DECLINE } from './core/declines.ts'
import type { Attempt, Charge, Intent } from './core/model.ts'
import type { Refused } from './core/refused.ts'
import type { PaymentsDoor } from './door.ts'
import { HEAL_AFTER_MS } from './limits.ts'
import { attempts, intents } from './store/tables.ts'
import { showCharge, showError, showIntent, showIntentToClient } from './views.ts'

/** Whose payments they are, and who looks at them: what every decision and every view needs. */
export type World = Pick<PaymentsDoor, 'secrets' | 'settings' | 'publicUrl'> & {
  readonly tenant: TenantId
  readonly livemode: boolean
  /** The caller has a publishable key: he sees the narrow set of fields. */
  readonly byClient: boolean
}

export const shownIntent = (world: World, row: Intent) =>
  showIntent(row, { livemode: world.livemode, clientSecret: world.secrets.of(world.tenant, row.id) })

export const shownForCaller = (world: World, row: Intent): { readonly id: string } => {
  const view = { livemode: world.livemode, clientSecret: world.secrets.of(world.tenant, row.id) }
  return world.byClient ? showIntentToClient(row, view) : showIntent(row, view)
}

export const intentReply = (world: World, row: Intent): Reply => objectReply(shownForCaller(world, row))

/** A refusal that is about a payment shows it as it stands. */
export const refusedReply = (world: World, refused: Refused, row: Intent | null = null): Reply => {
  const text: RefusalText = refused
  if (row === null || refused.code !== 'payment_intent_unexpected_state') return refusalReply(text)
  return refusalReply({ ...text, extra: { payment_intent: shownForCaller(world, row) } })
}

/** The answer of a request whose payment did not go through: what went wrong, and the payment as it stands after it. */
export const declinedReply = (world: World, row: Intent): Reply => {
  const { lastError, lastErrorMethod } = row
  if (lastError === null) return intentReply(world, row)
  const { code, message, type: _type, doc_url: _url, ...extra } = showError(lastError, lastErrorMethod)
  const param = PARAM_OF_DECLINE[lastError.code]
  const reply = refusalReply({
    kind: lastError.type === 'card_error' ? 'declined' : 'precondition',
    code: lastError.code,
    message: lastError.message,
    ...(param === undefined ? {} : { param }),
    extra: { ...extra, payment_intent: shownForCaller(world, row) },
  })
  return { ...reply, objectId: shownForCaller(world, row).id }
}

export const requestOf = (attempt: Pick<Attempt, 'claim' | 'requestId'>): EventRequest | null =>
  attempt.requestId === null ? null : { id: attempt.requestId, idempotencyKey: attempt.claim?.key ?? null }

export const tellIntent = (
  draft: Draft,
  world: World,
  type: string,
  row: Intent,
  request: EventRequest | null,
): void => recordEvent(draft, { type: `payment_intent.${type}`, object: shownIntent(world, row), request })

export const tellCharge = (
  draft: Draft,
  world: World,
  type: string,
  row: Charge,
  request: EventRequest | null,
): void => recordEvent(draft, { type: `charge.${type}`, object: showCharge(row, world.livemode), request })

/** Asks what became of an order that nobody has finished. */
export const ATTEMPT_TIMER = 'payments.attempt'
/** Ends an authorisation that was not captured; its subject is the charge. */
export const EXPIRY_TIMER = 'payments.expiry'

const MICROS_PER_MS = 1_000

/** By the wall clock: a rail that does not answer is machinery. */
export const healLater = (draft: Draft, attempt: Attempt, afterMs = HEAL_AFTER_MS): void =>
  setTimer(draft, {
    kind: ATTEMPT_TIMER,
    subject: attempt.id,
    dueMicros: BigInt((draft.wallMs + afterMs) * MICROS_PER_MS),
    clock: 'wall',
  })

export const healNoMore = (draft: Draft, attempt: Pick<Attempt, 'id'>): void =>
  setTimer(draft, { kind: ATTEMPT_TIMER, subject: attempt.id, dueMicros: null, clock: 'wall' })

export const putIntent = (draft: Draft, row: Intent): Intent => {
  draft.put(intents.table, row.id, row)
  return row
}

export const putAttempt = (draft: Draft, row: Attempt): Attempt => {
  draft.put(attempts.table, row.id, row)
  return row
}
