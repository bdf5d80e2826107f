import { type RawRow, readEventParts, type Statement } from '../../database/index.ts'
import { currencyOf, isMoney, minorFromStripe, parseId, type TenantId, type Uuid } from '../../kit/index.ts'
import type { AttemptFact, Fact, ReturnFact, StampFact } from '../core/guardrails/facts.ts'
import type { WhenCharged } from '../ports.ts'

/*
 * Events of payments, as facts. They are read as the API shows them, so this is all that launches know of payments.
 */

const ATTEMPTS = ['charge.succeeded', 'charge.failed'] as const
const REFUNDED = 'charge.refunded'
const REFUND_CHANGED = 'refund.updated'
const DISPUTED = 'charge.dispute.created'

const PATHS = [
  ['object', 'launches'],
  ['object', 'amount'],
  ['object', 'currency'],
  ['object', 'created'],
  ['object', 'customer'],
  ['object', 'payment_method_details', 'card', 'fingerprint'],
  ['object', 'outcome', 'type'],
  ['object', 'rail_latency_ms'],
  ['object', 'fallback_of'],
  ['object', 'amount_refunded'],
  ['previous_attributes', 'amount_refunded'],
  ['object', 'status'],
  ['previous_attributes', 'status'],
  ['object', 'charge'],
  ['object', 'failure_code'],
] as const

export const findFacts = (tenant: TenantId, after: bigint, upTo: bigint): Statement =>
  readEventParts(tenant, 'launches', {
    after,
    upTo,
    types: [...ATTEMPTS, REFUNDED, REFUND_CHANGED, DISPUTED],
    paths: PATHS,
  })

type ShownStamp = {
  readonly launch: string
  readonly stage: number
  readonly exposed: boolean
  readonly reason: string
}

const parse = (text: unknown): unknown =>
  text === null || text === undefined ? null : JSON.parse(text as string)

const stampsOf = (shown: readonly ShownStamp[] | null): StampFact[] =>
  (shown ?? []).flatMap(({ launch, stage, exposed, reason }) => {
    const id = parseId('launch', launch)
    return id === null ? [] : [{ launch: id, stage, exposed, reason }]
  })

/** Minor units of ISO 4217; what the API shows is Stripe's. */
const minorOf = (amount: number, currency: string): number => {
  const money = currencyOf(currency.toUpperCase())
  if (money === null || !isMoney(money)) return amount
  const minor = minorFromStripe(money, BigInt(amount))
  return typeof minor === 'bigint' ? Number(minor) : amount
}

/** What the cardholder or the bank behind the card is the cause of; for the levels of service, not for guardrails. */
const CUSTOMER_CAUSES: ReadonlySet<string> = new Set([
  'card_declined',
  'expired_card',
  'incorrect_cvc',
  'incorrect_number',
  'incorrect_zip',
  'insufficient_funds',
  'authentication_required',
  'payment_intent_authentication_failure',
])

/** An attempt as the levels of service see it, stamped or not. */
export type Attempt = {
  readonly atSeconds: number
  readonly outcome: AttemptFact['outcome']
  /** Nobody but the customer or his bank could have made it succeed. */
  readonly isCustomers: boolean
  readonly latencyMs: number | null
}

export type Read = { readonly facts: readonly Fact[]; readonly attempts: readonly Attempt[] }

const readRow = (raw: RawRow) => {
  const [, type, createdMicros, ...parts] = raw
  const [launches, amount, currency, created, customer, fingerprint, outcome, latency, ...rest] =
    parts.map(parse)
  const [fallbackOf, refunded, wasRefunded, status, wasStatus, charge, failureCode] = rest
  return {
    type: type as string,
    atSeconds: Number((createdMicros as bigint) / 1_000_000n),
    stamps: stampsOf(launches as readonly ShownStamp[] | null),
    amount: amount as number,
    currency: currency as string,
    created: created as number,
    account: (customer ?? fingerprint ?? charge ?? '') as string,
    outcome: outcome as string | null,
    latencyMs: latency as number | null,
    fallbackOf: fallbackOf as string | null,
    refunded: (refunded ?? 0) as number,
    wasRefunded: wasRefunded as number | null,
    status: status as string,
    wasStatus: wasStatus as string | null,
    charge: charge as string | null,
    failureCode: failureCode as string | null,
  }
}
type Row = ReturnType<typeof readRow>

const outcomeOf = ({ type, outcome }: Row): AttemptFact['outcome'] => {
  if (type === 'charge.succeeded') return 'succeeded'
  return outcome === 'issuer_declined' ? 'declined' : 'failed'
}

const attemptOf = (row: Row): AttemptFact => ({
  kind: 'attempt',
  stamps: row.stamps,
  madeSeconds: row.created,
  atSeconds: row.atSeconds,
  account: row.account,
  outcome: outcomeOf(row),
  latencyMs: row.latencyMs,
  amount: minorOf(row.amount, row.currency),
  currency: row.currency,
})

/** More of the charge was given back; the first time, the payment counts as refunded. */
const refundOf = (row: Row): ReturnFact => ({
  kind: 'refund',
  stamps: row.stamps,
  madeSeconds: row.created,
  atSeconds: row.atSeconds,
  account: row.account,
  isFirst: (row.wasRefunded ?? 0) === 0,
  amount: minorOf(row.refunded - (row.wasRefunded ?? 0), row.currency),
  currency: row.currency,
})

const UNDONE: ReadonlySet<string> = new Set(['failed', 'canceled'])

/** A refund that failed after all gave nothing back. That it was asked for stays counted. */
const refundUndone = (row: Row): ReturnFact | null =>
  row.wasStatus === null || !UNDONE.has(row.status)
    ? null
    : {
        ...refundOf(row),
        madeSeconds: null,
        isFirst: false,
        amount: -minorOf(row.amount, row.currency),
      }

const disputeOf = (row: Row, madeSeconds: ReadonlyMap<string, number>): ReturnFact => ({
  kind: 'dispute',
  stamps: row.stamps,
  madeSeconds: row.charge === null ? null : (madeSeconds.get(row.charge) ?? null),
  atSeconds: row.atSeconds,
  account: row.account,
  isFirst: true,
  amount: minorOf(row.amount, row.currency),
  currency: row.currency,
})

const factOf = (row: Row, madeSeconds: ReadonlyMap<string, number>): Fact | null => {
  switch (row.type) {
    case REFUNDED:
      return refundOf(row)
    case REFUND_CHANGED:
      return refundUndone(row)
    case DISPUTED:
      return disputeOf(row, madeSeconds)
    default:
      return row.fallbackOf === null ? attemptOf(row) : null
  }
}

/** The facts of a page of events, in their order. */
export const readFacts = async (
  tenant: TenantId,
  raw: readonly RawRow[],
  whenCharged: WhenCharged,
): Promise<Read> => {
  const rows = raw.map(readRow)
  const disputed = rows.flatMap(({ type, charge, stamps }) =>
    type === DISPUTED && charge !== null && stamps.length > 0 ? [charge] : [],
  )
  const made = disputed.length === 0 ? new Map<string, number>() : await whenCharged(tenant, disputed)
  const facts = rows.flatMap((row) => {
    if (row.stamps.length === 0) return []
    const fact = factOf(row, made)
    return fact === null ? [] : [fact]
  })
  const attempts = rows.flatMap((row) =>
    (ATTEMPTS as readonly string[]).includes(row.type) && row.fallbackOf === null
      ? [
          {
            atSeconds: row.atSeconds,
            outcome: outcomeOf(row),
            isCustomers: outcomeOf(row) === 'declined' && CUSTOMER_CAUSES.has(row.failureCode ?? ''),
            latencyMs: row.latencyMs,
          },
        ]
      : [],
  )
  return { facts, attempts }
}

/** The launches that a page is about. */
export const launchesIn = (facts: readonly Fact[]): ReadonlySet<Uuid> =>
  new Set(facts.flatMap(({ stamps }) => stamps.map(({ launch }) => launch)))

/** Those of them whose way something went. */
export const exposedIn = (facts: readonly Fact[]): ReadonlySet<Uuid> =>
  new Set(facts.flatMap(({ stamps }) => stamps.filter(({ exposed }) => exposed).map(({ launch }) => launch)))
