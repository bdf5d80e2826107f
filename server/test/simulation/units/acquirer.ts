import type { TenantId } from '../../../src/kit/index.ts'
import type {
  Authorise,
  FollowUp,
  NotFound,
  Notification,
  Rail,
  RailOutcome,
} from '../../../src/rails/index.ts'
import { createFakeRail, declined, refused, succeeded } from '../../support/fake-rail.ts'

/** What becomes of the next order that comes, and of its answer. */
export type Plan = {
  /** What refuses has sent nothing to the issuer: of an authorisation, it leads to the next rail. */
  readonly outcome:
    | 'succeeds'
    | 'declines'
    | 'refuses'
    | 'succeeds later'
    | 'declines later'
    | 'refuses later'
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

/** The rail of everybody, and the one that is launched. Both write into the same books. */
export const RAILS = ['simulated', 'express'] as const
export type RailName = (typeof RAILS)[number]

/** An order as the acquirer has it. What is `wanted` is what a pending one turns into. */
export type Entry = {
  readonly rail: RailName
  readonly kind: 'authorise' | 'capture' | 'void' | 'refund'
  readonly reference: string
  readonly of: string
  readonly amount: bigint
  readonly isHold: boolean
  readonly wanted: 'succeeded' | 'declined' | 'refused'
  state: 'pending' | 'succeeded' | 'declined' | 'refused' | 'failed'
}

export type Told = { readonly rail: RailName; readonly told: Notification }

export type Case = {
  readonly rail: RailName
  readonly id: string
  readonly of: string
  readonly amount: bigint
  state: 'inquiry' | 'opened' | 'won' | 'lost' | 'closed'
  wasOpened: boolean
}

/** A small acquirer with books of its own, which says when an order makes no sense. */
export type Acquirer = {
  readonly rails: readonly Rail[]
  readonly entries: Map<string, Entry>
  readonly cases: Map<string, Case>
  /** What is still to be told, in its order, and what was. */
  readonly outbox: Told[]
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

/** Whoever the acquirer works for. */
export type Surroundings = {
  readonly tenant: () => TenantId
  /** An answer that does not come takes its time. */
  readonly onSilence: () => void
  /** There is something to be told at once. */
  readonly onTold: () => Promise<void>
  readonly nowMicros: () => bigint
}

type State = Pick<Acquirer, 'entries' | 'cases' | 'outbox' | 'problems'> &
  Surroundings & { next: Plan | null; silences: number; told: number; cards: number }

const tell = (state: State, rail: RailName, body: object): void => {
  state.told += 1
  const told = { id: `told_${state.told}`, tenant: state.tenant(), ...body } as Notification
  state.outbox.push({ rail, told })
}

const outcomeOf = ({ state, reference }: Entry): RailOutcome => {
  if (state === 'pending') return { kind: 'pending', railReference: `arn_${reference}` }
  if (state === 'refused') return refused
  return state === 'succeeded' ? succeeded(`arn_${reference}`) : declined
}

/** What is there of an authorisation, or may still come about. */
const of = ({ entries }: State, authorisation: string, kind: Entry['kind']): Entry[] =>
  [...entries.values()].filter(
    (entry) => entry.kind === kind && entry.of === authorisation && /pending|succeeded/.test(entry.state),
  )

const sum = (some: readonly Entry[]): bigint => some.reduce((total, { amount }) => total + amount, 0n)

const taken = (state: State, authorisation: string): bigint =>
  sum(of(state, authorisation, 'authorise').filter(({ isHold }) => !isHold)) +
  sum(of(state, authorisation, 'capture'))

/** An order must make sense by what came before it. */
const check = (state: State, { rail, kind, of: about, amount }: Entry): void => {
  if (kind === 'authorise') return
  const complain = (why: string): number => state.problems.push(`${kind} of ${amount} for ${about}: ${why}`)
  const [authorisation] = of(state, about, 'authorise')
  const most =
    kind === 'refund' ? taken(state, about) - sum(of(state, about, 'refund')) : authorisation?.amount
  if (authorisation === undefined || most === undefined) complain('there is no authorisation')
  else if (most < amount) complain('it is more than there is')
  if (authorisation !== undefined && authorisation.rail !== rail)
    complain(`it was authorised at ${authorisation.rail}, and came to ${rail}`)
  if (kind === 'capture' && taken(state, about) > 0n) complain('it is taken already')
  if (kind === 'capture' && of(state, about, 'void').length > 0) complain('it is void')
  if (kind === 'void' && taken(state, about) > 0n) complain('it is taken')
}

const silence = ({ onSilence }: State, isQuick = false): RailOutcome => {
  if (!isQuick) onSilence()
  return UNKNOWN
}

type Order = { readonly rail: RailName; readonly kind: Entry['kind'] }

const wantedOf = (kind: Entry['kind'], outcome: Plan['outcome']): Entry['wanted'] => {
  if (outcome.startsWith('succeeds')) return 'succeeded'
  return outcome.startsWith('refuses') && kind === 'authorise' ? 'refused' : 'declined'
}

const entryOf = ({ rail, kind }: Order, order: Authorise | FollowUp, { outcome }: Plan): Entry => {
  const wanted = wantedOf(kind, outcome)
  return {
    rail,
    kind,
    reference: order.reference,
    of: 'of' in order ? order.of : order.reference,
    amount: order.amount,
    isHold: 'capture' in order && order.capture === 'manual',
    wanted,
    state: outcome.endsWith('later') ? 'pending' : wanted,
  }
}

/** An order as it arrives: once, whatever is sent how often. */
const take = async (state: State, at: Order, order: Authorise | FollowUp): Promise<RailOutcome> => {
  const { reference } = order
  const known = state.entries.get(reference)
  if (known !== undefined) {
    if (known.amount !== order.amount || known.kind !== at.kind || known.rail !== at.rail)
      state.problems.push(`${reference} came again as another order`)
    return outcomeOf(known)
  }
  const plan = state.next ?? PLAIN
  state.next = null
  state.silences += plan.silences
  if (plan.answer === 'never arrived') return silence(state, plan.isQuick)
  const entry = entryOf(at, order, plan)
  if (entry.state === 'pending' || entry.state === 'succeeded') check(state, entry)
  state.entries.set(reference, entry)
  if (plan.overtakes) {
    tell(state, at.rail, { type: 'order', reference, outcome: outcomeOf(entry) })
    await state.onTold()
  }
  return plan.answer === 'lost' ? silence(state, plan.isQuick) : outcomeOf(entry)
}

const enquire = (state: State, rail: RailName, reference: string): RailOutcome | NotFound => {
  if (state.silences > 0) {
    state.silences -= 1
    return silence(state)
  }
  const entry = state.entries.get(reference)
  return entry === undefined || entry.rail !== rail ? { kind: 'not_found' } : outcomeOf(entry)
}

/** A case that is given up is lost; an inquiry is closed. */
const accept = (one: Case | undefined): void => {
  if (one?.state === 'inquiry') one.state = 'closed'
  if (one?.state === 'opened') one.state = 'lost'
}

const CARDS = 40

/** One card after the other, so that of a launch by the card some are exposed and some are not. */
const tokeniseOf =
  (state: State, rail: Rail): Rail['tokenise'] =>
  (card) => {
    const made = rail.tokenise(card)
    state.cards += 1
    return made.kind === 'tokenised' ? { ...made, fingerprint: `card_${state.cards % CARDS}` } : made
  }

const railOf = (state: State, name: RailName): Rail => ({
  ...createFakeRail(name).rail,
  tokenise: tokeniseOf(state, createFakeRail(name).rail),
  authorise: (order) => take(state, { rail: name, kind: 'authorise' }, order),
  capture: (order) => take(state, { rail: name, kind: 'capture' }, order),
  void: (order) => take(state, { rail: name, kind: 'void' }, order),
  refund: (order) => take(state, { rail: name, kind: 'refund' }, order),
  enquire: async (_tenant, reference) => enquire(state, name, reference),
  disputes: {
    submitEvidence: async () => ({ kind: 'taken' }),
    acceptDispute: async ({ dispute }) => {
      accept(state.cases.get(dispute))
      return { kind: 'taken' }
    },
  },
})

const sayCase = (state: State, one: Case): void =>
  tell(state, one.rail, {
    type: 'dispute',
    dispute: one.id,
    of: one.of,
    amount: one.amount,
    currency: 'EUR',
    state: one.state,
    reason: 'fraudulent',
    evidenceDueMicros: state.nowMicros() + EVIDENCE_MICROS,
  })

const openCase = (state: State, entry: Entry, kind: 'inquiry' | 'opened'): void => {
  const id = `case_${entry.of}`
  const amount = taken(state, entry.of)
  if (state.cases.has(id) || amount === 0n || entry.state !== 'succeeded') return
  const one: Case = { rail: entry.rail, id, of: entry.of, amount, state: kind, wasOpened: kind === 'opened' }
  state.cases.set(id, one)
  sayCase(state, one)
}

/** From where a case may come to what the rail decides. */
const DECIDED_FROM: Readonly<Record<'opened' | 'won' | 'lost' | 'closed', readonly Case['state'][]>> = {
  opened: ['inquiry'],
  closed: ['inquiry'],
  won: ['opened', 'lost'],
  lost: ['opened'],
}

const decideCase = (state: State, one: Case, to: keyof typeof DECIDED_FROM): void => {
  if (!DECIDED_FROM[to].includes(one.state)) return
  one.state = to
  one.wasOpened ||= to === 'opened'
  sayCase(state, one)
}

const resolveAll = (state: State): void => {
  for (const entry of state.entries.values()) {
    if (entry.state !== 'pending') continue
    entry.state = entry.wanted
    tell(state, entry.rail, { type: 'order', reference: entry.reference, outcome: outcomeOf(entry) })
  }
}

const failRefund = (state: State, entry: Entry): void => {
  if (entry.kind !== 'refund' || entry.state !== 'succeeded') return
  entry.state = 'failed'
  const reason = 'expired_or_canceled_card'
  tell(state, entry.rail, { type: 'refund_failed', reference: entry.reference, reason })
}

export const createAcquirer = (surroundings: Surroundings): Acquirer => {
  const books = { entries: new Map(), cases: new Map(), outbox: [], problems: [] }
  const state: State = { ...books, ...surroundings, next: null, silences: 0, told: 0, cards: 0 }
  const { entries, cases, outbox, problems } = state
  return {
    rails: RAILS.map((name) => railOf(state, name)),
    entries,
    cases,
    outbox,
    problems,
    plan: (plan) => {
      state.next = plan
      state.silences = 0
    },
    resolve: () => resolveAll(state),
    failRefund: (entry) => failRefund(state, entry),
    dispute: (entry, kind) => openCase(state, entry, kind),
    decide: (one, to) => decideCase(state, one, to),
    clear: () => {
      entries.clear()
      cases.clear()
      outbox.length = 0
      problems.length = 0
      state.next = null
      state.silences = 0
      state.cards = 0
    },
  }
}
