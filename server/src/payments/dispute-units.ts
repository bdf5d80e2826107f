import { type Draft, type Round, setTimer, type Unit } from '../database/index.ts'
import { recordEvent } from '../events/index.ts'
import { missingReply, refusalReply } from '../http/index.ts'
import { type Reply, showId, type Uuid } from '../kit/index.ts'
import type { Notification } from '../rails/index.ts'
import { mergeMetadata, objectReply, previousAttributes, type UnitRequest } from '../requests/index.ts'
import {
  type DisputeMove,
  type DisputeNews,
  isOver,
  moveDispute,
  openDispute,
  takesEvidence,
} from './core/disputes.ts'
import type { Charge, Dispute, Metadata } from './core/model.ts'
import {
  applyDisputeMove,
  DISPUTE_DESK_TIMER,
  DISPUTE_DUE_TIMER,
  type DisputeApplied,
  declareDisputePostings,
  declareTransactions,
  transactionsOf,
} from './dispute-move.ts'
import { DISPUTE_REASONS } from './dispute-reasons.ts'
import { type Evidence, weightOf, withEvidence } from './evidence.ts'
import { uuidOfName } from './name-id.ts'
import { attempts, charges, disputes } from './store/tables.ts'
import { DISPUTE_PREFIX, showDispute } from './views-disputes.ts'

export type DisputeNotification = Extract<Notification, { readonly type: 'dispute' }>

/** The same case is the same dispute, whoever is told of it. */
export const disputeIdOf = (rail: string, railDispute: string): Uuid =>
  uuidOfName('dispute', rail, railDispute)

const newsOf = ({ state, amount, evidenceDueMicros }: DisputeNotification): DisputeNews =>
  state === 'opened' || state === 'inquiry' ? { kind: state, amount, evidenceDueMicros } : { kind: state }

const begin = (draft: Draft, id: Uuid, charge: Charge, told: DisputeNotification): DisputeMove | null =>
  openDispute(
    {
      id,
      createdMicros: draft.nextTime(),
      rail: charge.rail,
      railDispute: told.dispute,
      charge: charge.id,
      intent: charge.intent,
      brand: charge.card.brand,
      amount: told.amount,
      currency: told.currency,
      reason: told.reason,
      evidenceDueMicros: told.evidenceDueMicros,
      metadata: {},
      ...(charge.stamps === undefined ? {} : { stamps: charge.stamps }),
    },
    newsOf(told).kind,
  )

export type DisputeTelling = {
  readonly rail: string
  readonly told: DisputeNotification
  /** The attempt that is disputed. */
  readonly authorisation: Uuid
  readonly applied: DisputeApplied
}

/** Of what a rail tells of a case: `early` where the charge is not there yet, and it is to be told again. */
export type DisputeTaken = { readonly kind: 'taken' | 'known' | 'early' }

export const tellDisputeUnit = (
  request: UnitRequest,
  { rail, told, authorisation, applied }: DisputeTelling,
): Unit<DisputeTaken> => {
  const id = disputeIdOf(rail, told.dispute)
  return {
    ...request,
    name: 'payments.disputes.tell',
    items: 1,
    duringAdvance: true,
    reads: [
      (declare) => {
        declare(disputes.table, id)
        declare(attempts.table, authorisation)
        declareDisputePostings(declare, { currency: told.currency, rail }, applied.ids)
      },
      (declare, found) => {
        declareTransactions(declare, found, id)
        const attempt = found(attempts.table, authorisation)
        if (attempt !== undefined) declare(charges.table, attempt.charge)
      },
    ],
    decide: (draft) => {
      const answered = (kind: DisputeTaken['kind']) =>
        ({ kind: 'answer', answer: { kind }, reply: null }) as const
      const attempt = draft.get(attempts.table, authorisation)
      const charge = attempt === undefined ? undefined : draft.get(charges.table, attempt.charge)
      if (charge === undefined) return answered('early')
      const before = draft.get(disputes.table, id) ?? null
      const move = before === null ? begin(draft, id, charge, told) : moveDispute(before, newsOf(told))
      if (move === null) return answered('known')
      const after = applyDisputeMove(draft, before, move, applied)
      draft.put(charges.table, charge.id, { ...charge, disputed: true, dispute: after.id })
      return answered('taken')
    },
  }
}

const disputeRounds = (id: Uuid, applied: DisputeApplied): Round[] => [
  (declare) => declare(disputes.table, id),
  (declare, found) => {
    declareTransactions(declare, found, id)
    const dispute = found(disputes.table, id)
    if (dispute !== undefined) declareDisputePostings(declare, dispute, applied.ids)
  },
]

export type DisputeChange = {
  readonly evidence: Evidence
  /** Null: the evidence that is sent is submitted with it, and nothing where none is sent. */
  readonly submit: boolean | null
  readonly metadata: Metadata | '' | undefined
  readonly hasDesk: (rail: string) => boolean
}

const refused = (
  code: keyof typeof DISPUTE_REASONS,
  message: string = DISPUTE_REASONS[code].message,
): Reply => {
  const reason = DISPUTE_REASONS[code]
  return refusalReply({
    kind: reason.kind,
    code,
    message,
    ...('param' in reason ? { param: reason.param } : {}),
  })
}

const EVIDENCE_LENGTH_MOST = 150_000

const wrongState = ({ id, status }: Dispute): Reply =>
  refused(
    'dispute_unexpected_state',
    `This dispute (${showId(DISPUTE_PREFIX, id)}) has a status of ${status}: ${isOver(status) ? 'it is over' : 'its evidence was submitted already'}.`,
  )

/** Why the change is refused; null where it can be made. */
const refusalOf = (
  before: Dispute,
  after: Dispute,
  change: DisputeChange,
  submits: boolean,
): Reply | null => {
  if (weightOf(after.evidence) > EVIDENCE_LENGTH_MOST) return refused('evidence_too_large')
  const says = Object.keys(change.evidence).length > 0
  if ((says || submits) && !takesEvidence(before.status)) return wrongState(before)
  if (!submits) return null
  if (Object.keys(after.evidence).length === 0) return refused('dispute_evidence_missing')
  return change.hasDesk(before.rail) ? null : refused('dispute_desk_missing')
}

const shownWith = (draft: Draft, dispute: Dispute, livemode: boolean) =>
  showDispute(dispute, { livemode, transactions: transactionsOf(draft, dispute) })

/** Without submission nothing moves: what is said is kept, and can be submitted later. */
const keep = (
  draft: Draft,
  before: Dispute,
  after: Dispute,
  { livemode, request }: Pick<DisputeApplied, 'livemode' | 'request'>,
): Dispute => {
  const object = shownWith(draft, after, livemode)
  const previous = previousAttributes(shownWith(draft, before, livemode), object)
  if (previous === null) return before
  draft.put(disputes.table, after.id, after)
  recordEvent(draft, { type: 'charge.dispute.updated', object, previous, request })
  return after
}

const submit = (draft: Draft, before: Dispute, after: Dispute, applied: DisputeApplied): Dispute => {
  const move = moveDispute(after, { kind: 'submitted' })
  return move === null ? after : applyDisputeMove(draft, before, move, applied)
}

/** Takes evidence and metadata, and submits where it is asked; what the rail is told follows the commit. */
export const updateDisputeUnit = (
  request: UnitRequest,
  id: Uuid,
  change: DisputeChange,
  applied: DisputeApplied,
): Unit<Dispute | null> => ({
  ...request,
  name: 'payments.disputes.update',
  items: 1,
  reads: disputeRounds(id, applied),
  decide: (draft) => {
    const answer = (dispute: Dispute | null, reply: Reply) =>
      ({ kind: 'answer', answer: dispute, reply }) as const
    const before = draft.get(disputes.table, id)
    if (before === undefined) return answer(null, missingReply('dispute', showId(DISPUTE_PREFIX, id)))
    const metadata = mergeMetadata(before.metadata, change.metadata)
    if (metadata === null) return answer(null, refused('metadata_too_many_keys'))
    const said = { ...before, metadata, evidence: withEvidence(before.evidence, change.evidence) }
    const submits = change.submit ?? Object.keys(change.evidence).length > 0
    const refusal = refusalOf(before, said, change, submits)
    if (refusal !== null) return answer(null, refusal)
    const after = submits ? submit(draft, before, said, applied) : keep(draft, before, said, applied)
    return answer(after, objectReply(shownWith(draft, after, applied.livemode)))
  },
})

/** Gives up: a chargeback is lost, an inquiry closed. */
export const closeDisputeUnit = (
  request: UnitRequest,
  id: Uuid,
  applied: DisputeApplied,
): Unit<Dispute | null> => ({
  ...request,
  name: 'payments.disputes.close',
  items: 1,
  reads: disputeRounds(id, applied),
  decide: (draft) => {
    const before = draft.get(disputes.table, id)
    if (before === undefined) {
      const reply = missingReply('dispute', showId(DISPUTE_PREFIX, id))
      return { kind: 'answer', answer: null, reply }
    }
    const move = moveDispute(before, { kind: 'accepted' })
    if (move === null) return { kind: 'answer', answer: null, reply: wrongState(before) }
    const after = applyDisputeMove(draft, before, move, applied)
    return { kind: 'answer', answer: after, reply: objectReply(shownWith(draft, after, applied.livemode)) }
  },
})

/** The evidence's time is over. */
export const dueDisputeUnit = (request: UnitRequest, id: Uuid, applied: DisputeApplied): Unit<boolean> => ({
  ...request,
  name: 'payments.disputes.due',
  items: 1,
  duringAdvance: true,
  reads: disputeRounds(id, applied),
  decide: (draft) => {
    const before = draft.get(disputes.table, id)
    const due = before?.evidenceDueMicros ?? null
    const isDue = before !== undefined && due !== null && due <= draft.now
    const move = isDue ? moveDispute(before, { kind: 'due' }) : null
    if (before !== undefined && move !== null) applyDisputeMove(draft, before, move, applied)
    else setTimer(draft, { kind: DISPUTE_DUE_TIMER, subject: id, dueMicros: isDue ? null : due })
    return { kind: 'answer', answer: move !== null, reply: null }
  },
})

/** The rail has the answer, or has no use for it any more. */
export const toldDisputeUnit = (request: UnitRequest, id: Uuid): Unit<null> => ({
  ...request,
  name: 'payments.disputes.told',
  items: 1,
  duringAdvance: true,
  reads: [(declare) => declare(disputes.table, id)],
  decide: (draft) => {
    const dispute = draft.get(disputes.table, id)
    if (dispute !== undefined && dispute.untold !== null)
      draft.put(disputes.table, id, { ...dispute, untold: null })
    setTimer(draft, { kind: DISPUTE_DESK_TIMER, subject: id, dueMicros: null, clock: 'wall' })
    return { kind: 'answer', answer: null, reply: null }
  },
})
