import type { RawRow, Statement } from '../../database/index.ts'
import type { Day, Micros, TenantId } from '../../kit/index.ts'
import type { Transfer } from '../core/index.ts'
import { FIGURES_PAGE_ROWS } from '../limits.ts'
import {
  type AccountSums,
  accountsOf,
  type Period,
  pageEnd,
  readAccountSums,
  transfersOf,
} from '../store/figures.ts'
import { readTransfer } from '../store/tables.ts'
import { readTrialLine, type TrialLine, trialBalanceByBookDate } from '../store/totals.ts'

/** The rows of one statement. Whether several see one moment is the matter of who asks. */
export type Ask = (statement: Statement) => Promise<readonly RawRow[]>

/** The transfers of a period in the order of time, a page at a time, so that memory stays bounded. */
export async function* pagesOfTransfers(
  ask: Ask,
  tenant: TenantId,
  period: Period,
): AsyncGenerator<{ readonly transfers: readonly Transfer[]; readonly untilMicros: Micros }> {
  let after: Micros = 0n
  for (;;) {
    const [last] = await ask(pageEnd(tenant, after, FIGURES_PAGE_ROWS))
    const end = (last?.[0] ?? null) as Micros | null
    if (end === null) return
    const rows = await ask(transfersOf(tenant, period, { after, end }))
    yield { transfers: rows.map(readTransfer), untilMicros: end }
    after = end
  }
}

/** All accounts in the order of time, with what was posted before the period and up to its end. */
export async function* pagesOfAccounts(
  ask: Ask,
  tenant: TenantId,
  period: Period,
): AsyncGenerator<readonly AccountSums[]> {
  let after: Micros = -1n
  for (;;) {
    const rows = await ask(accountsOf(tenant, period, { after, rows: FIGURES_PAGE_ROWS }))
    const accounts = rows.map(readAccountSums)
    const last = accounts.at(-1)
    if (last === undefined) return
    yield accounts
    after = last.account.timeMicros
  }
}

export const trialLinesOf = async (ask: Ask, tenant: TenantId, day: Day): Promise<readonly TrialLine[]> =>
  (await ask(trialBalanceByBookDate(tenant, day))).map(readTrialLine)
