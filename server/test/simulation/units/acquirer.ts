import type { TenantId } from '../../../src/kit/index.ts'
import type { Authorise, FollowUp, Notification, Rail, RailOutcome } from '../../../src/rails/index.ts'
import { createFakeRail, declined, succeeded } from '../../support/fake-rail.ts'

/** What becomes of the next order that comes, and of its answer. */
export type Plan = {
  readonly outcome: 'succeeds' | 'declines' | 'succeeds later' | 'declines later'
  readonly answer: 'given' | 'lost' | 'never arrived'
  /** Whoever asks is left without an answer for so many times. */
  readonly silences: number
  /** Nobody waits for what is lost: it is asked about at once. */
  readonly isQuick: boolean
  /** What the rail tells by itself arrives before its answer. */
  readonly overtakes: boolean
}

export const PLAIN: Plan = {
  outcome: 'succeeds',
  answer: 'given',
  silences: 0,
  isQuick: true,
  overtakes: false,
}

/** An order as the acquirer has it. What is `wanted` is what a pending one turns into. */
export type Entry = {
  readonly kind: 'authorise' | 'capture' | 'void' | 'refund'
  readonly reference: string
  readonly of: string
  readonly amount: bigint
  readonly isHold: boolean
  readonly wanted: 'succeeded' | 'declined'
  state: 'pending' | 'succeeded' | 'declined' | 'failed'
}

export type Case = {
  readonly id: string
  readonly of: string
  readonly amount: bigint
  state: 'inquiry' | 'opened' | 'won' | 'lost' | 'closed'
  wasOpened: boolean
}

/** A small acquirer with books of its own, which says when an order makes no sense. */
export type Acquirer = {
  readonly rail: Rail
  readonly entries: Map<string, Entry>
  readonly cases: Map<string, Case>
  /** What is still to be told, in its order, and what was. */
  readonly outbox: Notification[]
  readonly problems: string[]
  readonly plan: (plan: Plan) => void
  readonly resolve: () => void
  readonly failRefund: (entry: Entry) => void
  readonly dispute: (entry: Entry, state: 'inquiry' | 'opened') => void
  readonly decide: (one: Case, state: 'opened' | 'won' | 'lost' | 'closed') => void
  readonly clear: () => void
}

const UNKNOWN: RailOutcome = { kind: 'unknown', reason: 'no answer' }
const EVIDENCE_MICROS = 86_400_000_000n * 9n

/**
 * @param onSilence an answer that does not come takes its time
 * @param onTold there is something to be told at once
 */
export const createAcquirer = (
  tenant: () => TenantId,
  onSilence: () => void,
  onTold: () => Promise<void>,
  nowMicros: () => bigint,
): Acquirer => {
  const entries = new Map<string, Entry>()
  const cases = new Map<string, Case>()
  const outbox: Notification[] = []
  const problems: string[] = []
  let next: Plan | null = null
  let silences = 0
  let told = 0

  const tell = (body: object): void => {
    told += 1
    outbox.push({ id: `told_${told}`, tenant: tenant(), ...body } as Notification)
  }
  const outcomeOf = ({ state, reference }: Entry): RailOutcome => {
    if (state === 'pending') return { kind: 'pending', railReference: `arn_${reference}` }
    return state === 'succeeded' ? succeeded(`arn_${reference}`) : declined
  }
  const of = (authorisation: string, kind: Entry['kind']): Entry[] =>
    [...entries.values()].filter(
      (entry) => entry.kind === kind && entry.of === authorisation && /pending|succeeded/.test(entry.state),
    )
  const sum = (some: readonly Entry[]): bigint => some.reduce((total, { amount }) => total + amount, 0n)
  const taken = (authorisation: string): bigint =>
    sum(of(authorisation, 'authorise').filter(({ isHold }) => !isHold)) + sum(of(authorisation, 'capture'))
  const check = (entry: Entry): void => {
    const { kind, of: about, amount } = entry
    const [authorisation] = of(about, 'authorise')
    const complain = (why: string): number => problems.push(`${kind} of ${amount} for ${about}: ${why}`)
    if (kind === 'authorise') return
    if (authorisation === undefined) complain('there is no authorisation')
    else if (
      kind === 'refund' ? taken(about) < sum(of(about, 'refund')) + amount : authorisation.amount < amount
    )
      complain('it is more than there is')
    if (kind === 'capture' && taken(about) > 0n) complain('it is taken already')
    if (kind === 'capture' && of(about, 'void').length > 0) complain('it is void')
    if (kind === 'void' && taken(about) > 0n) complain('it is taken')
  }
  const silence = (isQuick = false): RailOutcome => {
    if (!isQuick) onSilence()
    return UNKNOWN
  }
  const take = async (kind: Entry['kind'], order: Authorise | FollowUp): Promise<RailOutcome> => {
    const { reference, amount } = order
    const known = entries.get(reference)
    if (known !== undefined) {
      if (known.amount !== amount || known.kind !== kind)
        problems.push(`${reference} came again as another order`)
      return outcomeOf(known)
    }
    const { outcome, answer, silences: quiet, isQuick, overtakes } = next ?? PLAIN
    next = null
    silences += quiet
    if (answer === 'never arrived') return silence(isQuick)
    const wanted = outcome.startsWith('succeeds') ? 'succeeded' : 'declined'
    const entry: Entry = {
      kind,
      reference,
      of: 'of' in order ? order.of : reference,
      amount,
      isHold: 'capture' in order && order.capture === 'manual',
      wanted,
      state: outcome.endsWith('later') ? 'pending' : wanted,
    }
    if (entry.state !== 'declined') check(entry)
    entries.set(reference, entry)
    if (overtakes) {
      tell({ type: 'order', reference, outcome: outcomeOf(entry) })
      await onTold()
    }
    return answer === 'lost' ? silence(isQuick) : outcomeOf(entry)
  }
  const sayCase = (one: Case): void =>
    tell({
      type: 'dispute',
      dispute: one.id,
      of: one.of,
      amount: one.amount,
      currency: 'EUR',
      state: one.state,
      reason: 'fraudulent',
      evidenceDueMicros: nowMicros() + EVIDENCE_MICROS,
    })
  const rail: Rail = {
    ...createFakeRail('simulated').rail,
    authorise: (order) => take('authorise', order),
    capture: (order) => take('capture', order),
    void: (order) => take('void', order),
    refund: (order) => take('refund', order),
    enquire: async (_tenant, reference) => {
      if (silences > 0) {
        silences -= 1
        return silence()
      }
      const entry = entries.get(reference)
      return entry === undefined ? { kind: 'not_found' } : outcomeOf(entry)
    },
    disputes: {
      submitEvidence: async () => ({ kind: 'taken' }),
      acceptDispute: async ({ dispute }) => {
        const one = cases.get(dispute)
        if (one?.state === 'inquiry') one.state = 'closed'
        if (one?.state === 'opened') one.state = 'lost'
        return { kind: 'taken' }
      },
    },
  }
  return {
    rail,
    entries,
    cases,
    outbox,
    problems,
    plan: (plan) => {
      next = plan
      silences = 0
    },
    resolve: () => {
      for (const entry of entries.values()) {
        if (entry.state !== 'pending') continue
        entry.state = entry.wanted
        tell({ type: 'order', reference: entry.reference, outcome: outcomeOf(entry) })
      }
    },
    failRefund: (entry) => {
      if (entry.kind !== 'refund' || entry.state !== 'succeeded') return
      entry.state = 'failed'
      tell({ type: 'refund_failed', reference: entry.reference, reason: 'expired_or_canceled_card' })
    },
    dispute: (entry, state) => {
      const id = `case_${entry.of}`
      if (cases.has(id) || taken(entry.of) === 0n || entry.state !== 'succeeded') return
      const one: Case = { id, of: entry.of, amount: taken(entry.of), state, wasOpened: state === 'opened' }
      cases.set(id, one)
      sayCase(one)
    },
    decide: (one, state) => {
      const isOver = one.state === 'won' || one.state === 'closed'
      const isOdd = state === 'opened' ? one.state !== 'inquiry' : one.state === 'lost' && state !== 'won'
      if (isOver || isOdd || (state === 'closed' && one.state !== 'inquiry')) return
      if (one.state === 'inquiry' && state !== 'opened' && state !== 'closed') return
      one.state = state
      one.wasOpened ||= state === 'opened'
      sayCase(one)
    },
    clear: () => {
      entries.clear()
      cases.clear()
      outbox.length = 0
      problems.length = 0
      next = null
      silences = 0
    },
  }
}
