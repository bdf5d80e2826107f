import type { Minor } from '../kit/index.ts'
import type { AccountState } from './core/agreement.ts'
import type { Profile } from './core/profile.ts'
import { jsonAmount } from './core/report.ts'
import type { LedgerCheck } from './core/report-shape.ts'
import { BATCH_ITEMS, LISTED } from './limits.ts'
import type { LedgerPort, PostedBalance } from './port.ts'

const balanceOf = (profile: Profile, { debitsPosted, creditsPosted }: PostedBalance): Minor =>
  profile.accounts.normalSide === 'credit' ? creditsPosted - debitsPosted : debitsPosted - creditsPosted

/**
 * Looks in the ledger whether it holds what the file says: the ledger's debits equal its credits, and each customer's
 * balance is the sum of the movements (with the settlements: the last balance stated).
 */
export const checkLedger = async (
  port: LedgerPort,
  profile: Profile,
  accounts: ReadonlyMap<string, AccountState>,
  settle: boolean,
): Promise<LedgerCheck> => {
  const differing: LedgerCheck['differing'][number][] = []
  let equal = 0
  let sum = 0n
  const compare = async (part: readonly (readonly [string, AccountState])[]): Promise<void> => {
    const prefix = profile.accounts.referencePrefix
    const balances = await port.balances(part.map(([account]) => prefix + account))
    for (const [account, state] of part) {
      const expected = settle ? state.stated : state.ours
      const found = balances.get(prefix + account)
      const held = found === undefined ? null : balanceOf(profile, found)
      sum += held ?? 0n
      if (held === expected) equal += 1
      else if (differing.length < LISTED) {
        differing.push({
          account,
          expected: jsonAmount(expected),
          held: held === null ? null : jsonAmount(held),
        })
      }
    }
  }
  let part: (readonly [string, AccountState])[] = []
  for (const entry of accounts) {
    part.push(entry)
    if (part.length < BATCH_ITEMS) continue
    await compare(part)
    part = []
  }
  if (part.length > 0) await compare(part)
  const total = await port.trialBalance(profile.ledger.number)
  return {
    ledger: profile.ledger.number,
    debits: jsonAmount(total.debitsPosted),
    credits: jsonAmount(total.creditsPosted),
    balanced: total.debitsPosted === total.creditsPosted,
    accounts_checked: accounts.size,
    accounts_equal: equal,
    customers_sum: jsonAmount(sum),
    differing,
  }
}
