import type { TenantId } from '../../src/kit/index.ts'
import type {
  Authorised,
  DisputeDesk,
  DisputeTaken,
  FollowUp,
  NotFound,
  Rail,
  RailOutcome,
  Succeeded,
  Tokenised,
} from '../../src/rails/index.ts'

/** A rail that does what a test tells it, and keeps every order that came. */
export type FakeRail = {
  readonly rail: Rail
  /** What comes next for refunds, in order; then they succeed. `lost`: it is done, and the answer does not arrive. */
  readonly refundsNext: (RailOutcome | 'lost' | 'never_arrived')[]
  /** The same for authorisations, captures and voids. */
  readonly ordersNext: (Authorised | 'lost' | 'never_arrived')[]
  /** Every one of those that reached the rail, sent twice or not. */
  readonly ordersSent: { readonly reference: string; readonly authentication?: string | null }[]
  /** Orders that the rail did, each once whatever was sent how often. */
  readonly done: ReadonlyMap<string, Authorised>
  /** Every refund that reached the rail, sent twice or not. */
  readonly refundsSent: FollowUp[]
  /** What enquiry says, by reference, where it is not what was done. */
  readonly silent: Set<string>
  readonly told: {
    readonly kind: 'evidence' | 'acceptance'
    readonly dispute: string
    readonly text: string
  }[]
  deskAnswer: 'taken' | 'unknown'
}

const TOKEN = 'tok'

const tokenised: Tokenised = {
  kind: 'tokenised',
  token: TOKEN,
  fingerprint: 'fingerprint0000',
  brand: 'visa',
  last4: '4242',
  expMonth: 12,
  expYear: 2040,
  funding: 'credit',
  country: 'US',
  checks: { cvc: null, addressLine1: null, postalCode: null },
}

export const succeeded = (railReference: string): Succeeded => ({
  kind: 'succeeded',
  railReference,
  checks: null,
  networkTransactionId: null,
  authorisationCode: null,
  availableAtOnce: false,
  risk: { level: 'normal', score: 0 },
  threeDSecure: null,
})

export const declined: RailOutcome = {
  kind: 'declined',
  code: 'card_declined',
  declineCode: 'lost_card',
  message: 'No.',
  isBlocked: false,
  checks: null,
  networkDeclineCode: null,
  adviceCode: null,
}

/** Nothing has reached the issuer: another rail may be tried. */
export const refused: RailOutcome = {
  ...declined,
  declineCode: 'processing_error',
  message: 'The rail does not take it.',
  beforeIssuer: true,
}

const unknown = (reason: string): RailOutcome => ({ kind: 'unknown', reason })

type Parts = Omit<FakeRail, 'done' | 'deskAnswer' | 'rail'> & { readonly done: Map<string, Authorised> }

const succeedOf =
  ({ done }: Parts) =>
  async ({ reference }: { readonly reference: string }): Promise<Succeeded> => {
    const outcome = succeeded(`arn_${reference}`)
    done.set(reference, outcome)
    return outcome
  }

/** Does an order that is new as the test wants it. */
const doAs = async <Answer extends Authorised>(
  parts: Parts,
  { reference }: { readonly reference: string },
  next: Answer | 'lost' | 'done',
): Promise<Answer | RailOutcome> => {
  if (next === 'done') return succeedOf(parts)({ reference })
  if (next === 'lost') {
    await succeedOf(parts)({ reference })
    return unknown('the answer was lost')
  }
  if (next.kind !== 'unknown') parts.done.set(reference, next)
  return next
}

type Sent = { readonly reference: string; readonly authentication?: string | null }

const orderOf =
  (parts: Parts) =>
  async (order: Sent): Promise<Authorised> => {
    const next = parts.ordersNext.shift() ?? 'done'
    if (next === 'never_arrived') return unknown('lost on the way')
    parts.ordersSent.push(order)
    const before = parts.done.get(order.reference)
    const isAuthenticated = before?.kind === 'requires_action' && (order.authentication ?? null) !== null
    return before !== undefined && !isAuthenticated ? before : doAs(parts, order, next)
  }

const followOf =
  (parts: Parts) =>
  async (order: FollowUp): Promise<RailOutcome> => {
    const answer = await orderOf(parts)(order)
    return answer.kind === 'requires_action' ? unknown('no answer to this') : answer
  }

const refundOf =
  (parts: Parts) =>
  async (order: FollowUp): Promise<RailOutcome> => {
    parts.refundsSent.push(order)
    const before = parts.done.get(order.reference)
    if (before !== undefined && before.kind !== 'requires_action') return before
    const next = parts.refundsNext.shift() ?? 'done'
    return next === 'never_arrived' ? unknown('lost on the way') : doAs(parts, order, next)
  }

const railOf = (parts: Parts, name: string, desk: DisputeDesk): Rail => ({
  name,
  isLive: false,
  tokenise: () => tokenised,
  authorise: orderOf(parts),
  capture: followOf(parts),
  void: followOf(parts),
  refund: refundOf(parts),
  payOut: succeedOf(parts),
  enquire: async (_tenant: TenantId, reference: string): Promise<Authorised | NotFound> =>
    parts.silent.has(reference) ? unknown('silent') : (parts.done.get(reference) ?? { kind: 'not_found' }),
  receive: () => null,
  disputes: desk,
})

export const createFakeRail = (name = 'fake'): FakeRail => {
  const parts: Parts = {
    done: new Map(),
    ordersNext: [],
    ordersSent: [],
    refundsNext: [],
    refundsSent: [],
    silent: new Set(),
    told: [],
  }
  const answer = (kind: 'evidence' | 'acceptance', dispute: string, text: string): DisputeTaken => {
    parts.told.push({ kind, dispute, text })
    return fake.deskAnswer === 'taken' ? { kind: 'taken' } : { kind: 'unknown', reason: 'silent' }
  }
  const desk: DisputeDesk = {
    submitEvidence: async ({ dispute, text }) => answer('evidence', dispute, text),
    acceptDispute: async ({ dispute }) => answer('acceptance', dispute, ''),
  }
  const fake: FakeRail = { ...parts, deskAnswer: 'taken', rail: railOf(parts, name, desk) }
  return fake
}
