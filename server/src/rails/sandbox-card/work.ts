import type { TenantId } from '../../kit/index.ts'
import type { Authorise, Authorised, FollowUp, NotFound, PayOut } from '../port/index.ts'
import { answerOf, type Decided, decideAuthorise, type Names } from './decide-authorise.ts'
import { decideFollowUp, type FollowUpKind, succeededAs } from './decide-follow-up.ts'
import { refusedAs } from './declines.ts'
import type { Facts, Wanted } from './facts.ts'
import type { Knobs } from './knobs.ts'
import type { Done } from './plan.ts'
import type { OrderRow } from './rows.ts'
import { railOfKey } from './sandbox-rails.ts'
import { readToken } from './tokenise.ts'

/** What arrives at the acquirer. */
export type Work =
  | { readonly kind: 'authorise'; readonly order: Authorise }
  | { readonly kind: FollowUpKind; readonly order: FollowUp }
  | { readonly kind: 'pay_out'; readonly order: PayOut }
  | { readonly kind: 'enquire'; readonly order: { readonly reference: string } }

export type OrderWork = Exclude<Work, { readonly kind: 'enquire' }>

/** What it does about an order: what is written, and whether anybody is told. */
export type Result = {
  readonly row: OrderRow
  readonly done: Done
  readonly answer: Decided['answer']
}

/** What the sender hears. */
export type Heard = { readonly outcome: Authorised | NotFound; readonly latencyMs: number }

const isPlain = (work: OrderWork, knobs: Knobs): boolean => {
  if (work.kind !== 'authorise' || work.order.authentication !== null) return false
  if (knobs.unknown_rate > 0 || knobs.refuse_rate > 0 || knobs.amount_outcomes) return false
  const { answer, authentication } = readToken(work.order.token)?.card.behaviour ?? {}
  return answer === undefined && authentication !== 'unless_set_up'
}

/** What must be read before the batch can be decided; null for the usual one, which needs nothing. */
export const wantedBy = (works: readonly OrderWork[], knobs: Knobs): Wanted | null => {
  if (works.every((work) => isPlain(work, knobs))) return null
  const later = works.filter((work) => work.kind !== 'authorise' && work.kind !== 'pay_out')
  const authorisations = works.filter((work) => work.kind === 'authorise')
  return {
    references: works.map(({ order }) => order.reference),
    authorisations: later.map(({ order }) => order.of),
    authentications: authorisations
      .map(({ order }) => order.authentication)
      .filter((id): id is string => id !== null),
    tokens: authorisations.filter(({ order }) => order.offSession).map(({ order }) => order.token),
  }
}

const statusOf = (outcome: Authorised, answer: Decided['answer']): OrderRow['status'] => {
  if (answer === 'never_arrived') return 'lost'
  return outcome.kind === 'unknown' ? 'lost' : outcome.kind
}

type Around = {
  readonly tenant: TenantId
  readonly names: Names
  readonly knobs: Knobs
  readonly facts: Facts
  readonly day: number
}

const authorise = (order: Authorise, around: Around): Result => {
  const { names, knobs, facts, day } = around
  const known = order.authentication === null ? null : facts.authentications.get(order.authentication)
  const before = facts.orders.get(order.reference)
  // The cards are shared, an authentication is the rail's that asked for it.
  const isOwn = known?.token === order.token && railOfKey(known.reference) === railOfKey(order.reference)
  const { outcome, behaviour, answer } = decideAuthorise(order, {
    knobs,
    names,
    authentication: isOwn ? known.status : null,
    isSetUp: facts.setUp.has(order.token),
    wasLost: before?.status === 'lost',
    isKnown: before !== undefined,
  })
  const { reference, token, amount, currency } = order
  const isCaptured = order.capture === 'automatic' && !order.isVerification
  const isCapture = isCaptured && outcome.kind === 'succeeded' && answer !== 'never_arrived'
  const row = {
    reference,
    kind: 'authorise' as const,
    of: null,
    token,
    amount,
    currency,
    isCaptured,
    status: statusOf(outcome, answer),
    outcome,
    settleDay: isCapture ? day : null,
  }
  const done = {
    kind: 'authorise' as const,
    reference,
    authorisation: reference,
    amount,
    currency,
    outcome,
    behaviour,
    isCapture,
    later: null,
  }
  return { row, done, answer }
}

/** A refund that will fail is in no settlement: the money never leaves. */
const movesMoney = (kind: FollowUpKind, done: Pick<Done, 'outcome' | 'behaviour'>): boolean =>
  done.outcome.kind === 'succeeded' &&
  (kind === 'capture' || (kind === 'refund' && done.behaviour.refund !== 'fails'))

const followUp = (kind: FollowUpKind, order: FollowUp, around: Around): Result => {
  const { names, knobs, facts, day } = around
  const before = facts.orders.get(order.reference)
  const answer = answerOf(null, { knobs, names, wasLost: before?.status === 'lost' })
  const standing = facts.standings.get(order.of) ?? null
  const isNew = (before === undefined || before.status === 'lost') && answer !== 'never_arrived'
  // An order that is there already, or does not arrive, changes nothing of what later ones of the batch find.
  const own = standing === null || isNew ? standing : { ...standing }
  const outcome = decideFollowUp(kind, order, own, names.railReference)
  const behaviour = standing?.behaviour ?? {}
  const { reference, of, amount, currency } = order
  const isMoving = movesMoney(kind, { outcome, behaviour }) && answer !== 'never_arrived'
  const row = {
    reference,
    kind,
    of,
    token: null,
    amount,
    currency,
    isCaptured: false,
    status: statusOf(outcome, answer),
    outcome,
    settleDay: isMoving ? day : null,
  }
  const isCapture = kind === 'capture' && isMoving
  const done = {
    kind,
    reference,
    authorisation: of,
    amount,
    currency,
    outcome,
    behaviour,
    isCapture,
    later: null,
  }
  return { row, done, answer }
}

/** Bank accounts that take payouts in a sandbox, by how it ends. Any other destination is refused. */
export const PAYOUT_DESTINATIONS = {
  sbx_bank_ok: 'pending, then succeeded',
  sbx_bank_instant: 'succeeded at once',
  sbx_bank_fails: 'pending, then declined',
} as const

const payOut = (order: PayOut, { names, knobs, facts }: Around): Result => {
  const answer = answerOf(null, {
    knobs,
    names,
    wasLost: facts.orders.get(order.reference)?.status === 'lost',
  })
  const { railReference } = names
  const isPending = order.destination === 'sbx_bank_ok' || order.destination === 'sbx_bank_fails'
  const outcome: Done['outcome'] = isPending
    ? { kind: 'pending', railReference }
    : order.destination === 'sbx_bank_instant'
      ? succeededAs(railReference, {})
      : refusedAs('invalid_destination')
  const { reference, amount, currency } = order
  const common = { reference, amount, currency, outcome }
  const later = order.destination === 'sbx_bank_fails' ? refusedAs('invalid_destination') : null
  return {
    row: {
      ...common,
      kind: 'pay_out',
      of: null,
      token: null,
      isCaptured: false,
      status: statusOf(outcome, answer),
      settleDay: null,
    },
    done: {
      ...common,
      kind: 'pay_out',
      authorisation: reference,
      behaviour: {},
      isCapture: false,
      later,
    },
    answer,
  }
}

export const decideWork = (work: OrderWork, around: Around): Result => {
  switch (work.kind) {
    case 'authorise':
      return authorise(work.order, around)
    case 'pay_out':
      return payOut(work.order, around)
    case 'capture':
    case 'void':
    case 'refund':
      return followUp(work.kind, work.order, around)
  }
}
