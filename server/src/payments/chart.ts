import { assert, currencyOf, isMoney, type MoneyCurrency } from '../kit/index.ts'
import { type HouseAccount, houseAccount } from '../ledger/index.ts'

/**
 * The chart of accounts of payments, one of each per currency (docs/guides/money-flows.md).
 *
 * | code | account | kind | what its balance says |
 * |---|---|---|---|
 * | 1100 | rail_receivable/RAIL | asset (debit) | what the rail took in for us and has not paid yet |
 * | 1200 | bank | asset (debit) | what the rails have paid to our bank account |
 * | 2100 | balance_pending | liability (credit) | what we owe the account's owner, not usable yet |
 * | 2200 | balance_available | liability (credit) | what we owe him and he may use |
 * | 2300 | refunds_pending | liability (credit) | refunds that a rail has not confirmed yet |
 * | 4100 | processing_fees | income (credit) | what payments were charged |
 * | 4200 | dispute_fees | income (credit) | what disputes were charged |
 * | 5100 | rail_costs/RAIL | expense (debit) | what the rail kept of its settlements |
 * | 9100 | settlement_differences/RAIL | either | what a settlement paid other than we expected, until it is explained |
 *
 * One balance per account: the account that gets the money is part of the purpose ('' is the tenant's own), so that
 * connected accounts get theirs without a change here.
 */
export const CHART_CODES = {
  rail_receivable: 1100,
  bank: 1200,
  balance_pending: 2100,
  balance_available: 2200,
  refunds_pending: 2300,
  processing_fees: 4100,
  dispute_fees: 4200,
  rail_costs: 5100,
  settlement_differences: 9100,
} as const

export type ChartName = keyof typeof CHART_CODES

export const moneyOf = (code: string): MoneyCurrency => {
  const currency = currencyOf(code)
  assert(currency !== null && isMoney(currency), `${code} is a currency for money`)
  return currency
}

/** @param of the rail, or the connected account; empty for the tenant's own */
export const chartAccount = (name: ChartName, currency: string, of = ''): HouseAccount =>
  houseAccount(`payments/${name}${of === '' ? '' : `/${of}`}`, CHART_CODES[name], moneyOf(currency))

/** What kind of posting a transfer is: its code in the ledger. Captures and releases have that of what they end. */
export const POSTING_CODES = {
  authorise: 10,
  charge: 13,
  fee: 14,
  make_available: 15,
  refund: 20,
  refund_settled: 21,
  refund_failed: 22,
  dispute_withdrawn: 30,
  dispute_fee: 31,
  dispute_reinstated: 32,
  settlement: 40,
  settlement_cost: 41,
  settlement_difference: 42,
} as const
