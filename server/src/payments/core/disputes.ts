import { type MoneyCurrency, stripeFromMinor } from '../../kit/index.ts'
import { divideHalfUp } from './fees.ts'
import type { Dispute, DisputeStatus } from './model.ts'

/*
 * What becomes of a dispute. An inquiry (warning_…) takes no money.
 *
 * | from | it happens | to | and the money |
 * |---|---|---|---|
 * | – | the rail opens it | needs_response | is withdrawn, with the fee |
 * | – | the rail inquires | warning_needs_response | |
 * | warning_needs_response, warning_under_review, warning_closed | the rail opens it | needs_response | is withdrawn, with the fee |
 * | needs_response | evidence is submitted | under_review | |
 * | warning_needs_response | evidence is submitted | warning_under_review | |
 * | needs_response | it is closed (accepted), or its evidence is due | lost | |
 * | warning_needs_response, warning_under_review | it is closed (given up) | warning_closed | |
 * | warning_needs_response | its answer is due | stays, past due | |
 * | needs_response, under_review, lost | the rail says won | won | is given again, without the fee |
 * | needs_response, under_review | the rail says closed (the customer gave up) | won | is given again, without the fee |
 * | needs_response, under_review | the rail says lost | lost | |
 * | warning_needs_response, warning_under_review | the rail says closed, won or lost | warning_closed | |
 *
 * The rail has the last word on the money, so a dispute that was lost for being late can still be won. Everything else
 * changes nothing: late and repeated news is safe.
 */

export type DisputeNews =
  | {
      readonly kind: 'opened' | 'inquiry'
      readonly evidenceDueMicros: bigint | null
      readonly amount: bigint
    }
  | { readonly kind: 'won' | 'lost' | 'closed' }
  | { readonly kind: 'submitted' | 'accepted' | 'due' }

/** What the move posts; null where no money moves. */
export type DisputePosting = 'withdraw' | 'reinstate' | null

export type DisputeMove = {
  readonly dispute: Dispute
  readonly posting: DisputePosting
  /** It came to its end with this. */
  readonly isClosed: boolean
}

const CLOSED: ReadonlySet<DisputeStatus> = new Set(['won', 'lost', 'warning_closed'])

export const isInquiry = (status: DisputeStatus): boolean => status.startsWith('warning_')
export const isOver = (status: DisputeStatus): boolean => CLOSED.has(status)

/** A chargeback takes the money by itself; an inquiry has taken nothing, and what was won is the owner's again. */
export const isRefundableIn = (status: DisputeStatus): boolean => isInquiry(status) || status === 'won'

/** Whether evidence can still be given. */
export const takesEvidence = (status: DisputeStatus): boolean =>
  status === 'needs_response' || status === 'warning_needs_response'

type NewDispute = Omit<
  Dispute,
  'status' | 'evidence' | 'pastDue' | 'submissionCount' | 'isWithdrawn' | 'untold' | 'balanceTransactions'
>

/** A dispute as it begins. News that ends what never began is the rail's own affair: null. */
export const openDispute = (made: NewDispute, kind: DisputeNews['kind']): DisputeMove | null => {
  if (kind !== 'opened' && kind !== 'inquiry') return null
  const isOpened = kind === 'opened'
  return {
    dispute: {
      ...made,
      status: isOpened ? 'needs_response' : 'warning_needs_response',
      evidence: {},
      pastDue: false,
      submissionCount: 0,
      isWithdrawn: isOpened,
      untold: null,
      balanceTransactions: [],
    },
    posting: isOpened ? 'withdraw' : null,
    isClosed: false,
  }
}

const to = (
  dispute: Dispute,
  change: Partial<Dispute> & Pick<Dispute, 'status'>,
  posting: DisputePosting = null,
): DisputeMove => ({
  dispute: { ...dispute, ...change },
  posting,
  isClosed: isOver(change.status),
})

const win = (dispute: Dispute): DisputeMove =>
  to(dispute, { status: 'won', isWithdrawn: false }, dispute.isWithdrawn ? 'reinstate' : null)

const escalate = (
  dispute: Dispute,
  news: DisputeNews & { readonly kind: 'opened' | 'inquiry' },
): DisputeMove =>
  to(
    dispute,
    {
      status: 'needs_response',
      isWithdrawn: true,
      pastDue: false,
      amount: news.amount,
      evidenceDueMicros: news.evidenceDueMicros ?? dispute.evidenceDueMicros,
    },
    'withdraw',
  )

const submit = (dispute: Dispute): DisputeMove =>
  to(dispute, {
    status: dispute.status === 'needs_response' ? 'under_review' : 'warning_under_review',
    submissionCount: dispute.submissionCount + 1,
    untold: 'evidence',
  })

const moveInquiry = (dispute: Dispute, news: DisputeNews): DisputeMove | null => {
  switch (news.kind) {
    case 'opened':
      return escalate(dispute, news)
    case 'won':
    case 'lost':
    case 'closed':
      return to(dispute, { status: 'warning_closed' })
    case 'submitted':
      return dispute.status === 'warning_needs_response' ? submit(dispute) : null
    case 'due':
      return dispute.status !== 'warning_needs_response' || dispute.pastDue
        ? null
        : to(dispute, { status: dispute.status, pastDue: true })
    case 'accepted':
      return to(dispute, { status: 'warning_closed', untold: 'acceptance' })
    case 'inquiry':
      return null
  }
}

const moveChargeback = (dispute: Dispute, news: DisputeNews): DisputeMove | null => {
  const waits = dispute.status === 'needs_response'
  switch (news.kind) {
    case 'won':
    case 'closed':
      return win(dispute)
    case 'lost':
      return to(dispute, { status: 'lost' })
    case 'submitted':
      return waits ? submit(dispute) : null
    case 'accepted':
      return waits ? to(dispute, { status: 'lost', untold: 'acceptance' }) : null
    case 'due':
      return waits ? to(dispute, { status: 'lost', pastDue: true }) : null
    case 'opened':
    case 'inquiry':
      return null
  }
}

/** What the dispute becomes by what happens; null where that changes nothing. */
export const moveDispute = (dispute: Dispute, news: DisputeNews): DisputeMove | null => {
  switch (dispute.status) {
    case 'warning_needs_response':
    case 'warning_under_review':
      return moveInquiry(dispute, news)
    case 'needs_response':
    case 'under_review':
      return moveChargeback(dispute, news)
    case 'lost':
      return news.kind === 'won' ? win(dispute) : null
    case 'warning_closed':
      // It was given up while the rail was opening it: the money was taken all the same.
      return news.kind === 'opened' ? escalate(dispute, news) : null
    case 'won':
      return null
  }
}

/** The network's own reason code, where the brand and the reason say it. */
const REASON_CODES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  visa: {
    credit_not_processed: '13.7',
    duplicate: '12.6',
    fraudulent: '10.4',
    product_not_received: '13.1',
    product_unacceptable: '13.3',
    subscription_canceled: '13.2',
  },
  mastercard: {
    credit_not_processed: '4853',
    duplicate: '4834',
    fraudulent: '4837',
    product_not_received: '4853',
    product_unacceptable: '4853',
    subscription_canceled: '4853',
  },
}

export const networkReasonCode = (brand: string, reason: string): string | null =>
  REASON_CODES[brand]?.[reason] ?? null

const CENT_DECIMALS = 2

/**
 * What a dispute costs, in minor units: of each currency the same number of units, rounded half up to what it can count,
 * and down to what Stripe can write.
 * @param hundredths of a unit
 */
export const disputeFeeOf = (currency: MoneyCurrency, hundredths: number): bigint => {
  const shift = currency.exponent - CENT_DECIMALS
  const fee =
    shift >= 0
      ? BigInt(hundredths) * 10n ** BigInt(shift)
      : divideHalfUp(BigInt(hundredths), 10n ** BigInt(-shift))
  return typeof stripeFromMinor(currency, fee) === 'bigint'
    ? fee
    : fee - (fee % 10n ** BigInt(currency.exponent))
}
