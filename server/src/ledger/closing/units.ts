import { type Actor, actorOf, declareAudit, PLATFORM, type Receipt, recordAct } from '../../audit/index.ts'
import { type Claim, type Declare, type Draft, setTimer, type Unit } from '../../database/index.ts'
import { type RequestContext, refusalReply } from '../../http/index.ts'
import { type Day, dayOf, newUuid, type Reply, showDay, type TenantId, type Uuid } from '../../kit/index.ts'
import { replyUnit, unitRequest } from '../../requests/index.ts'
import {
  CLOSING_REASONS,
  type Closed,
  type Closing,
  type ClosingReason,
  closedThrough,
  decideClose,
  decideReopen,
  NOTHING_CLOSED,
  sealed,
} from '../core/index.ts'
import type { Figures } from '../figures/digest.ts'
import { FORM } from '../figures/lines.ts'
import { SEAL_AFTER_MS, SEAL_LEASE_MS } from '../limits.ts'
import { CLOSED, closedTable, closingsMade, closingsReopened, closingsSealed } from '../store/closings.ts'
import { closingReply, showClosing, showReopening, subjectOf } from './views.ts'

/** Adds up a closing whose first worker is gone. */
export const SEAL_TIMER = 'ledger.closing'

/** A closing that is to be added up. */
export type Adding = Pick<Closing, 'number' | 'id' | 'after' | 'through'>

/** What goes from the unit that closes to the one that seals: enough to add up, without asking anybody. */
export type ClosingStep = Adding & {
  /** Of the act that closed it; null where somebody else did. */
  readonly receipt: Receipt | null
}

const MICROS_PER_MS = 1_000n

const declare = (wanted: Declare): void => {
  wanted(closedTable, CLOSED)
  declareAudit(wanted)
}

const closedOf = (draft: Draft): Closed => draft.get(closedTable, CLOSED) ?? NOTHING_CLOSED

export const refused = (code: ClosingReason, message: string = CLOSING_REASONS[code].message): Reply => {
  const reason = CLOSING_REASONS[code]
  return refusalReply({ kind: reason.kind, code, message, param: 'param' in reason ? reason.param : null })
}

const PRECISELY = {
  closing_date_not_over: (_closed: Closed, day: Day, today: Day) =>
    `${showDay(day)} is not over in these books’ time zone, where it is ${showDay(today)}. Only days before today can be closed.`,
  period_already_closed: (closed: Closed, day: Day) =>
    `The books are closed through ${showDay(closedThrough(closed) ?? day)} already. Close through a later day, or reopen the period first.`,
} as const

const stepOf = ({ number, id, after, through }: Closing, receipt: Receipt | null): ClosingStep => ({
  number,
  id,
  after,
  through,
  receipt,
})

const sealAgainLater = (draft: Draft, id: Uuid): void =>
  setTimer(draft, {
    kind: SEAL_TIMER,
    subject: id,
    dueMicros: BigInt(draft.wallMs + SEAL_AFTER_MS) * MICROS_PER_MS,
    clock: 'wall',
  })

const make = (
  draft: Draft,
  made: { readonly number: number; readonly after: Day | null; readonly through: Day },
): Closing => {
  const closed = closedOf(draft)
  const closing: Closing = {
    ...made,
    id: newUuid(draft.wallMs),
    createdMicros: draft.nextTime(),
    digest: null,
    entries: null,
    form: FORM,
    reopenedMicros: null,
    reopenedReason: null,
  }
  draft.put(closedTable, CLOSED, { count: made.number, standing: [...closed.standing, closing] })
  draft.append(closingsMade, closing)
  sealAgainLater(draft, closing.id)
  return closing
}

/** Closes the books through a day. From this commit on nothing is booked there; its figures are added up afterwards. */
export const closeUnit = (
  context: RequestContext,
  through: Day,
  claim: Claim | null,
): Unit<ClosingStep | null> => ({
  ...unitRequest(context),
  claim,
  name: 'ledger.close',
  items: 1,
  reads: [declare],
  decide: (draft) => {
    const closed = closedOf(draft)
    const today = dayOf(draft.now, draft.timeZone)
    const decided = decideClose(closed, { through, today })
    if (decided.kind === 'refused') {
      const { reason } = decided
      const message =
        reason in PRECISELY ? PRECISELY[reason as keyof typeof PRECISELY](closed, through, today) : undefined
      return { kind: 'answer', answer: null, reply: refused(reason, message) }
    }
    if (decided.kind === 'again') {
      const step = stepOf(decided.closing, null)
      return { kind: 'step', answer: step, step, leaseMs: SEAL_LEASE_MS }
    }
    const closing = make(draft, { number: decided.number, after: decided.after, through })
    const receipt = recordAct(draft, {
      actor: actorOf(context),
      action: 'ledger.closed',
      subject: subjectOf(closing),
      reason: null,
      before: { closed_through: decided.after === null ? null : showDay(decided.after) },
      after: { closed_through: showDay(through) },
    })
    const step = stepOf(closing, receipt)
    return { kind: 'step', answer: step, step, leaseMs: SEAL_LEASE_MS }
  },
})

type Seal = { readonly number: number; readonly id: Uuid; readonly figures: Figures; readonly actor: Actor }

/** Records what the closed period adds up to: once, whoever has added it up. Null: it was reopened meanwhile. */
const seal = (
  draft: Draft,
  { number, id, figures, actor }: Seal,
): { closing: Closing; receipt: Receipt | null } | null => {
  setTimer(draft, { kind: SEAL_TIMER, subject: id, dueMicros: null })
  const closed = closedOf(draft)
  const done = sealed(closed, number, figures)
  if (done === undefined) return null
  if (done.closed === closed) return { closing: done.closing, receipt: null }
  draft.put(closedTable, CLOSED, done.closed)
  draft.append(closingsSealed, done.closing)
  const { digest, entries } = figures
  const receipt = recordAct(
    draft,
    {
      actor,
      action: 'ledger.closing_sealed',
      subject: subjectOf(done.closing),
      reason: null,
      before: null,
      after: { closed_through: showDay(done.closing.through), digest, entries: Number(entries), form: FORM },
    },
    { anchor: true },
  )
  return { closing: done.closing, receipt }
}

/** The last unit of the request that closes. Without figures it shows the closing as it stands: they come later. */
export const sealUnit = (
  context: RequestContext,
  claim: Claim | null,
  { number, id, receipt, figures }: ClosingStep & { readonly figures: Figures | null },
  deadlineMs: number,
): Unit<null> => ({
  ...unitRequest(context),
  claim,
  deadlineMs,
  name: 'ledger.seal',
  items: 1,
  reads: [declare],
  decide: (draft) => {
    const standing = closedOf(draft).standing.find((each) => each.number === number) ?? null
    const done =
      figures === null
        ? standing && { closing: standing, receipt: null }
        : seal(draft, { number, id, figures, actor: actorOf(context) })
    if (done === null) return { kind: 'answer', answer: null, reply: refused('reopened_meanwhile') }
    const shown = showClosing(done.closing, context.mode === 'live')
    return { kind: 'answer', answer: null, reply: closingReply(shown, done.receipt ?? receipt) }
  },
})

/** The same by the timer, for a request whose worker is gone. */
export const sealLaterUnit = (
  tenant: TenantId,
  { number, id, figures }: Pick<Adding, 'number' | 'id'> & { readonly figures: Figures },
  deadlineMs: number,
): Unit<null> => ({
  tenant,
  name: 'ledger.seal',
  items: 1,
  bytes: 0,
  deadlineMs,
  claim: null,
  duringAdvance: true,
  reads: [declare],
  decide: (draft) => {
    seal(draft, { number, id, figures, actor: PLATFORM('ledger.closing') })
    return { kind: 'answer', answer: null, reply: null }
  },
})

/** Puts the timer of a closing off while it is added up, and takes it back where there is nothing to add up. */
export const setSealTimerUnit = (
  tenant: TenantId,
  { id, isOpen }: { readonly id: Uuid; readonly isOpen: boolean },
  deadlineMs: number,
): Unit<null> => ({
  tenant,
  name: 'ledger.seal',
  items: 1,
  bytes: 0,
  deadlineMs,
  claim: null,
  duringAdvance: true,
  reads: [],
  decide: (draft) => {
    if (isOpen) sealAgainLater(draft, id)
    else setTimer(draft, { kind: SEAL_TIMER, subject: id, dueMicros: null })
    return { kind: 'answer', answer: null, reply: null }
  },
})

/** Reopens the closing that holds a day and all later ones, for a reason that the audit log keeps. */
export const reopenUnit = (
  context: RequestContext,
  { day, reason }: { readonly day: Day; readonly reason: string },
): Unit<null> =>
  replyUnit(context, 'ledger.reopen', [declare], (draft) => {
    const closed = closedOf(draft)
    const decided = decideReopen(closed, day)
    if (decided.kind === 'refused') {
      const last = closedThrough(closed)
      const precisely =
        decided.reason === 'date_not_closed' && last !== null
          ? `${showDay(day)} is in no closed period: the books are closed through ${showDay(last)}.`
          : undefined
      return refused(decided.reason, precisely)
    }
    const reopenedMicros = draft.nextTime()
    const reopened = decided.reopened.map((each) => ({ ...each, reopenedMicros, reopenedReason: reason }))
    const after: Closed = { count: closed.count, standing: decided.standing }
    draft.put(closedTable, CLOSED, after)
    for (const closing of reopened) draft.append(closingsReopened, closing)
    const [last, now] = [closedThrough(closed), closedThrough(after)].map((each) =>
      each === null || each === undefined ? null : showDay(each),
    )
    const receipt = recordAct(
      draft,
      {
        actor: actorOf(context),
        action: 'ledger.reopened',
        subject: subjectOf(reopened[0] ?? { id: newUuid(draft.wallMs) }),
        reason,
        before: {
          closed_through: last ?? null,
          closings: reopened.map((each) => ({ id: subjectOf(each), digest: each.digest })),
        },
        after: { closed_through: now ?? null },
      },
      { anchor: true },
    )
    return closingReply(showReopening(after, reopened, context.mode === 'live'), receipt)
  })
