import { CURRENCIES, isMoney } from '../kit/index.ts'
import type { HouseAccount, HouseBalance } from '../ledger/index.ts'
import { chartAccount } from './chart.ts'
import { showAmount, showCurrency } from './views.ts'

type Side = 'balance_available' | 'balance_pending'

/** The balance in one currency, as the ledger's two accounts have it. */
export type CurrencyBalance = {
  readonly currency: string
  readonly available: bigint
  readonly pending: bigint
}

export const MONEY_CODES: readonly string[] = CURRENCIES.filter(isMoney).map(({ code }) => code)

export const sideAccount = (side: Side, currency: string): HouseAccount => chartAccount(side, currency)

/** What we owe: the accounts are liabilities. What is only held is no one's yet. */
export const owed = ({ creditsPosted, debitsPosted }: HouseBalance): bigint => creditsPosted - debitsPosted

/** A balance that never had any money is shown in this currency, so that there is something to read. */
const EMPTY_CURRENCY = 'USD'

const part = (amount: bigint, currency: string) => ({
  amount: showAmount(amount, currency),
  currency: showCurrency(currency),
  source_types: { card: showAmount(amount, currency) },
})

export const showBalance = (balances: readonly CurrencyBalance[], livemode: boolean) => {
  const shown = balances.length > 0 ? balances : [{ currency: EMPTY_CURRENCY, available: 0n, pending: 0n }]
  return {
    object: 'balance' as const,
    available: shown.map(({ available, currency }) => part(available, currency)),
    livemode,
    pending: shown.map(({ pending, currency }) => part(pending, currency)),
  }
}
