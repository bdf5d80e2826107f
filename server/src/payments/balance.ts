import { type Draft, setTimer } from '../database/index.ts'
import { MICROS_PER_DAY, type Micros, type MoneyCurrency, stripeFromMinor } from '../kit/index.ts'
import { moneyOf } from './chart.ts'
import { divideHalfUp, feeOf } from './core/fees.ts'
import type { BalanceTransaction } from './core/model.ts'
import type { PaymentSettings } from './settings.ts'
import { releaseChanges, releaseId } from './store/releases.ts'
import { balanceTransactions } from './store/tables.ts'
import { showAmount } from './views.ts'

/** Fires when what was pending becomes available; its subject is the release. */
export const RELEASE_TIMER = 'payments.release'

/** The first moment (UTC) of the day so many days after the day of `now`; `now` itself where it is no day later. */
export const availableOn = (now: Micros, delayDays: number): Micros =>
  delayDays === 0 ? now : (now / MICROS_PER_DAY + BigInt(delayDays)) * MICROS_PER_DAY

export type Movement = Pick<
  BalanceTransaction,
  | 'id'
  | 'type'
  | 'reportingCategory'
  | 'source'
  | 'currency'
  | 'amount'
  | 'fee'
  | 'description'
  | 'feeDetails'
> & {
  /** Null: at once. Else the moment, by availableOn(); it is then added to the release of that moment. */
  readonly availableOnMicros: Micros | null
}

/**
 * Records a movement of the balance. What becomes available later is added to its moment's release, with the timer that
 * makes it available: the postings from balance_pending to balance_available are the release's, one for all of them.
 * A movement that is available at once is the caller's to post to or from balance_available. Nothing need be declared.
 */
export const addBalanceTransaction = (draft: Draft, movement: Movement): BalanceTransaction => {
  const { availableOnMicros: later, ...rest } = movement
  const createdMicros = draft.nextTime()
  const net = rest.amount - rest.fee
  const row = { ...rest, createdMicros, net, availableOnMicros: later ?? createdMicros }
  draft.put(balanceTransactions.table, row.id, row)
  if (later !== null) {
    draft.append(releaseChanges, {
      currency: row.currency,
      availableOnMicros: later,
      amount: net,
      createdMicros,
    })
    setTimer(draft, { kind: RELEASE_TIMER, subject: releaseId(row.currency, later), dueMicros: later })
  }
  return row
}

/** Stripe writes some currencies in larger steps than the ledger counts them: a fee is rounded to what can be written. */
const smallestShown = (currency: MoneyCurrency): bigint =>
  [1n, 10n, 100n].find((unit) => typeof stripeFromMinor(currency, unit) === 'bigint') ?? 1n

/** What the processing of a charge costs, and how its balance transaction says so. */
export const processingFee = (
  settings: PaymentSettings,
  amount: bigint,
  currency: string,
): Pick<BalanceTransaction, 'fee' | 'feeDetails'> => {
  const money = moneyOf(currency)
  const unit = smallestShown(money)
  const exact = feeOf(settings.fees, amount, money.exponent)
  const fee = divideHalfUp(exact, unit) * unit
  return {
    fee,
    feeDetails:
      fee === 0n
        ? []
        : [{ amount: showAmount(fee, currency), type: 'stripe_fee', description: 'Processing fees' }],
  }
}
