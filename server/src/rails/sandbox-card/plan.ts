import { createHash } from 'node:crypto'
import type { Micros } from '../../kit/index.ts'
import type { Authorised, Notification, RailOutcome } from '../port/index.ts'
import type { Behaviour } from './behaviour.ts'
import { succeededAs } from './decide-follow-up.ts'
import {
  DISPUTE_DELAY_MICROS,
  EVIDENCE_TIME_MICROS,
  PENDING_DELAY_MICROS,
  REFUND_DELAY_MICROS,
} from './limits.ts'

/** What is told, without what all of them have. `deadline` and `settle` are the acquirer's own alarms. */
export type Body = (DistributiveOmit<Notification, 'id' | 'tenant'> & { readonly twice?: true }) | Alarm

export type Alarm =
  | { readonly type: 'deadline'; readonly dispute: string }
  | { readonly type: 'settle'; readonly day: number; readonly currency: string }

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

export type Planned = {
  readonly id: string
  readonly subject: string
  readonly dueMicros: Micros
  readonly position: number
  readonly body: Body
}

export type PlannedDispute = {
  readonly id: string
  readonly of: string
  readonly amount: bigint
  readonly currency: string
  readonly reason: string
  readonly evidenceDueMicros: Micros
}

export type Plan = {
  readonly notifications: readonly Planned[]
  readonly disputes: readonly PlannedDispute[]
}

/** An order that was done just now. */
export type Done = {
  readonly kind: 'authorise' | 'capture' | 'void' | 'refund' | 'pay_out'
  readonly reference: string
  /** The authorisation's, which is its own for an authorisation. */
  readonly authorisation: string
  readonly amount: bigint
  readonly currency: string
  readonly outcome: Authorised
  readonly behaviour: Behaviour
  /** It took money from the card. */
  readonly isCapture: boolean
  /** What a pending order turns into. */
  readonly later: RailOutcome | null
}

/** Short, and the same for the same words. */
export const idOf = (prefix: string, ...words: readonly string[]): string =>
  `${prefix}_${createHash('sha256').update(words.join(' ')).digest('hex').slice(0, 24)}`

const planned = (done: Done, body: Body, dueMicros: Micros, position: number, word: string): Planned => ({
  id: idOf('sbxn', done.reference, body.type, word),
  subject: done.authorisation,
  dueMicros,
  position,
  body,
})

const disputesOf = (done: Done, now: Micros): Plan => {
  const evidenceDueMicros = now + DISPUTE_DELAY_MICROS + EVIDENCE_TIME_MICROS
  const notifications: Planned[] = []
  const disputes: PlannedDispute[] = []
  for (const [index, { reason, isInquiry, part }] of (done.behaviour.disputes ?? []).entries()) {
    const id = idOf('sbxdp', done.authorisation, String(index))
    const amount = (done.amount * BigInt(part)) / 10n
    const { authorisation: of, currency } = done
    disputes.push({ id, of, amount, currency, reason, evidenceDueMicros })
    const state = isInquiry ? ('inquiry' as const) : ('opened' as const)
    const body = {
      type: 'dispute',
      dispute: id,
      of,
      amount,
      currency,
      state,
      reason,
      evidenceDueMicros,
    } as const
    notifications.push(
      planned(done, body, now + DISPUTE_DELAY_MICROS, index, id),
      planned(done, { type: 'deadline', dispute: id }, evidenceDueMicros, index, id),
    )
  }
  return { notifications, disputes }
}

const warningOf = (done: Done, now: Micros): readonly Planned[] => {
  const { earlyFraudWarning } = done.behaviour
  if (earlyFraudWarning === undefined) return []
  const body = {
    type: 'early_fraud_warning',
    of: done.authorisation,
    fraudType: earlyFraudWarning,
  } as const
  return [planned(done, body, now + DISPUTE_DELAY_MICROS, 0, '')]
}

const pendingOf = (done: Done, now: Micros): readonly Planned[] => {
  if (done.outcome.kind !== 'pending') return []
  const outcome = done.later ?? succeededAs(done.outcome.railReference, done.behaviour)
  const body = {
    type: 'order',
    reference: done.reference,
    outcome,
    ...(done.behaviour.tellsTwice ? { twice: true as const } : {}),
  } as const
  return [planned(done, body, now + PENDING_DELAY_MICROS, 0, '')]
}

const failureOf = (done: Done, now: Micros): readonly Planned[] => {
  if (done.kind !== 'refund' || done.outcome.kind !== 'succeeded' || done.behaviour.refund !== 'fails')
    return []
  const body = {
    type: 'refund_failed',
    reference: done.reference,
    reason: 'expired_or_canceled_card',
  } as const
  return [planned(done, body, now + REFUND_DELAY_MICROS, 0, '')]
}

/** Whatever the acquirer will tell about an order, from the moment that it was done. */
export const planOf = (done: Done, now: Micros): Plan => {
  const notifications = [...pendingOf(done, now), ...failureOf(done, now)]
  if (!done.isCapture || done.outcome.kind !== 'succeeded') return { notifications, disputes: [] }
  const { notifications: told, disputes } = disputesOf(done, now)
  return { notifications: [...notifications, ...warningOf(done, now), ...told], disputes }
}
