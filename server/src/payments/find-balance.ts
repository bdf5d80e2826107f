import type { Read } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import { findAccountsByReference, readAccount } from '../ledger/index.ts'
import { type CurrencyBalance, MONEY_CODES, owed, sideAccount } from './views-balance.ts'

const REFERENCES = MONEY_CODES.flatMap((code) => [
  sideAccount('balance_available', code).reference,
  sideAccount('balance_pending', code).reference,
])

/** The balance in every currency that there ever was money in, out of the ledger's accounts, of one moment. */
export const findBalances = async (read: Read, tenant: TenantId): Promise<CurrencyBalance[]> => {
  const [rows = []] = await read(tenant, [findAccountsByReference(tenant, REFERENCES)])
  const byReference = new Map(rows.map(readAccount).map((account) => [account.reference, account]))
  return MONEY_CODES.flatMap((currency) => {
    const available = byReference.get(sideAccount('balance_available', currency).reference)
    const pending = byReference.get(sideAccount('balance_pending', currency).reference)
    if (available === undefined && pending === undefined) return []
    return [
      {
        currency,
        available: available === undefined ? 0n : owed(available),
        pending: pending === undefined ? 0n : owed(pending),
      },
    ]
  })
}
