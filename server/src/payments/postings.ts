import type { Declare, Draft } from '../database/index.ts'
import type { Uuid } from '../kit/index.ts'
import { showId } from '../kit/index.ts'
import { declarePostings, type HouseAccount, type Posting, post } from '../ledger/index.ts'
import { addBalanceTransaction, availableOn, processingFee } from './balance.ts'
import { chartAccount, POSTING_CODES } from './chart.ts'
import type { Attempt, BalanceTransaction, Charge } from './core/model.ts'
import type { PaymentSettings } from './settings.ts'
import { CHARGE_PREFIX } from './views.ts'

/** The ids of what a unit may post, made in the shell: a unit that is decided again posts the same. */
export type PostingIds = {
  /** Of the balance transaction, and of the transfer that brings the money. */
  readonly transaction: Uuid
  readonly fee: Uuid
  readonly available: Uuid
}

type Of = Pick<Attempt, 'currency' | 'rail' | 'authorisation'>

const accountsOf = ({ currency, rail }: Pick<Of, 'currency' | 'rail'>) => ({
  rail: chartAccount('rail_receivable', currency, rail),
  pending: chartAccount('balance_pending', currency),
  available: chartAccount('balance_available', currency),
  fees: chartAccount('processing_fees', currency),
})

const all = (of: Pick<Of, 'currency' | 'rail'>): HouseAccount[] => Object.values(accountsOf(of))

/** For an authorisation that only holds. The hold's id is the authorisation's reference. */
export const declareHold = (declare: Declare, of: Of): void => {
  const { rail, pending } = accountsOf(of)
  declarePostings(declare, { accounts: [rail, pending], ids: [of.authorisation] })
}

/** For money that is taken, at once or out of a hold. */
export const declareTaking = (declare: Declare, of: Of, ids: PostingIds, isHeld: boolean): void =>
  declarePostings(declare, {
    accounts: all(of),
    ids: [ids.transaction, ids.fee, ids.available],
    holds: isHeld ? [of.authorisation] : [],
  })

/** For a hold that ends without money moving. */
export const declareRelease = (declare: Declare, of: Of, id: Uuid): void => {
  const { rail, pending } = accountsOf(of)
  declarePostings(declare, { accounts: [rail, pending], ids: [id], holds: [of.authorisation] })
}

export const postHold = (draft: Draft, of: Of, amount: bigint): void => {
  const { rail, pending } = accountsOf(of)
  const code = POSTING_CODES.authorise
  post(draft, [{ kind: 'hold', id: of.authorisation, debit: rail, credit: pending, amount, code }])
}

export const postRelease = (draft: Draft, of: Of, id: Uuid): void => {
  const { rail, pending } = accountsOf(of)
  const code = POSTING_CODES.authorise
  post(draft, [{ kind: 'release', id, hold: of.authorisation, debit: rail, credit: pending, code }])
}

const bringing = (of: Of, ids: PostingIds, amount: bigint, isHeld: boolean): Posting => {
  const { rail: debit, pending: credit } = accountsOf(of)
  const id = ids.transaction
  return isHeld
    ? { kind: 'capture', id, debit, credit, amount, hold: of.authorisation, code: POSTING_CODES.authorise }
    : { kind: 'move', id, debit, credit, amount, code: POSTING_CODES.charge }
}

export type Taking = {
  readonly of: Of
  readonly ids: PostingIds
  readonly charge: Pick<Charge, 'id' | 'description' | 'availableAtOnce'>
  readonly amount: bigint
  readonly isHeld: boolean
  readonly settings: PaymentSettings
}

/**
 * The money of a charge arrives: all of it goes to the pending balance and the fee leaves it, in one commit with the
 * balance transaction that says so. What is available at once goes on from there.
 */
export const takeMoney = (draft: Draft, taking: Taking): BalanceTransaction => {
  const { of, ids, charge, amount, isHeld, settings } = taking
  const { fee, feeDetails } = processingFee(settings, amount, of.currency)
  const { pending, available, fees } = accountsOf(of)
  const atOnce = charge.availableAtOnce || settings.settlementDelayDays === 0
  const net = amount - fee
  const postings: Posting[] = [bringing(of, ids, amount, isHeld)]
  if (fee > 0n) {
    postings.push({
      kind: 'move',
      id: ids.fee,
      debit: pending,
      credit: fees,
      amount: fee,
      code: POSTING_CODES.fee,
    })
  }
  if (atOnce && net > 0n) {
    const code = POSTING_CODES.make_available
    postings.push({ kind: 'move', id: ids.available, debit: pending, credit: available, amount: net, code })
  }
  post(draft, postings)
  return addBalanceTransaction(draft, {
    id: ids.transaction,
    type: 'charge',
    reportingCategory: 'charge',
    source: showId(CHARGE_PREFIX, charge.id),
    currency: of.currency,
    amount,
    fee,
    feeDetails,
    description: charge.description,
    availableOnMicros: atOnce ? null : availableOn(draft.now, settings.settlementDelayDays),
  })
}
