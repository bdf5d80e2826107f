import type { TenantId } from '../../src/kit/index.ts'
import type {
  Authorised,
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

const unknown = (reason: string): RailOutcome => ({ kind: 'unknown', reason })

export const createFakeRail = (name = 'fake'): FakeRail => {
  const done = new Map<string, Authorised>()
  const ordersNext: FakeRail['ordersNext'] = []
  const ordersSent: FakeRail['ordersSent'] = []
  const refundsNext: FakeRail['refundsNext'] = []
  const refundsSent: FollowUp[] = []
  const silent = new Set<string>()
  const told: FakeRail['told'] = []
  const succeed = async ({ reference }: { readonly reference: string }): Promise<Succeeded> => {
    const outcome = succeeded(`arn_${reference}`)
    done.set(reference, outcome)
    return outcome
  }
  const sendOrder = async (order: {
    readonly reference: string
    readonly authentication?: string | null
  }): Promise<Authorised> => {
    const next = ordersNext.shift() ?? 'done'
    if (next === 'never_arrived') return unknown('lost on the way')
    ordersSent.push(order)
    const before = done.get(order.reference)
    const isAuthenticated = before?.kind === 'requires_action' && (order.authentication ?? null) !== null
    if (before !== undefined && !isAuthenticated) return before
    if (next === 'done') return succeed(order)
    if (next === 'lost') {
      await succeed(order)
      return unknown('the answer was lost')
    }
    if (next.kind !== 'unknown') done.set(order.reference, next)
    return next
  }
  const follow = async (order: FollowUp): Promise<RailOutcome> => {
    const answer = await sendOrder(order)
    return answer.kind === 'requires_action' ? unknown('no answer to this') : answer
  }
  const refund = async (order: FollowUp): Promise<RailOutcome> => {
    refundsSent.push(order)
    const before = done.get(order.reference)
    if (before !== undefined && before.kind !== 'requires_action') return before
    const next = refundsNext.shift() ?? 'done'
    if (next === 'never_arrived') return unknown('lost on the way')
    if (next === 'done') return succeed(order)
    if (next === 'lost') {
      await succeed(order)
      return unknown('the answer was lost')
    }
    if (next.kind !== 'unknown') done.set(order.reference, next)
    return next
  }
  const enquire = async (_tenant: TenantId, reference: string): Promise<Authorised | NotFound> =>
    silent.has(reference) ? unknown('silent') : (done.get(reference) ?? { kind: 'not_found' })
  const fake: FakeRail = {
    ordersNext,
    ordersSent,
    done,
    refundsNext,
    refundsSent,
    silent,
    told,
    deskAnswer: 'taken',
    rail: {
      name,
      isLive: false,
      tokenise: () => tokenised,
      authorise: sendOrder,
      capture: follow,
      void: follow,
      refund,
      payOut: succeed,
      enquire,
      receive: () => null,
      disputes: {
        submitEvidence: async ({ dispute, text }) => {
          told.push({ kind: 'evidence', dispute, text })
          return fake.deskAnswer === 'taken' ? { kind: 'taken' } : { kind: 'unknown', reason: 'silent' }
        },
        acceptDispute: async ({ dispute }) => {
          told.push({ kind: 'acceptance', dispute, text: '' })
          return fake.deskAnswer === 'taken' ? { kind: 'taken' } : { kind: 'unknown', reason: 'silent' }
        },
      },
    },
  }
  return fake
}
