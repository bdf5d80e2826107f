import type { ClientBase } from 'pg'
import { askRows, copyRows, fixedRows } from '../../database/index.ts'
import type { TenantId } from '../../kit/index.ts'
import type { Accounts } from './accounts.ts'
import type { BookDays } from './book-days.ts'
import { FINDINGS_SOUGHT } from './limits.ts'
import type { Sheets } from './sheets.ts'
import { idAt, showAccount } from './shown.ts'
import { PENDING, VOID } from './transfer-rows.ts'

const ROWS = fixedRows({
  debits: ['debits', 'bigint'],
  credits: ['credits', 'bigint'],
  account: ['account', 'uuid'],
  date: ['book_date', 'date'],
})
const AT = ROWS.at

/** The days of one account on which the books say something else than its transfers. */
const DIFFERENCES = `
with posted as (
  select book_date, coalesce(sum(amount) filter (where debit_account = $2), 0) as debits,
         coalesce(sum(amount) filter (where credit_account = $2), 0) as credits
    from ledger.transfers
   where tenant = $1 and (debit_account = $2 or credit_account = $2)
     and id is not null and flags & ${PENDING | VOID} = 0
   group by book_date
), told as (
  select book_date, debits::numeric, credits::numeric from ledger.daily_totals where tenant = $1 and account = $2
  union all
  select book_day, coalesce((select sum(debits) from posted), 0) - daily_debits,
         coalesce((select sum(credits) from posted), 0) - daily_credits
    from ledger.accounts where tenant = $1 and id = $2
), stored as (
  select book_date, sum(debits) as debits, sum(credits) as credits from told group by book_date
)
select coalesce(p.book_date, s.book_date)::text as date,
       coalesce(s.debits, 0)::text as debits, coalesce(s.credits, 0)::text as credits,
       coalesce(p.debits, 0)::text as sum_debits, coalesce(p.credits, 0)::text as sum_credits
  from posted p full join stored s on s.book_date = p.book_date
 where (coalesce(s.debits, 0), coalesce(s.credits, 0)) <> (coalesce(p.debits, 0), coalesce(p.credits, 0))
 order by 1
 limit ${FINDINGS_SOUGHT}`

type Difference = Readonly<Record<'date' | 'debits' | 'credits' | 'sum_debits' | 'sum_credits', string>>

type Options = {
  readonly tenant: TenantId
  readonly accounts: Accounts
  readonly sheets: Sheets
  readonly days: BookDays
}

const locate = async (client: ClientBase, { tenant, accounts, sheets, days }: Options): Promise<void> => {
  let sought = 0
  for (const account of days.differing()) {
    sought += 1
    if (sought > FINDINGS_SOUGHT) {
      sheets.book_dates.count(1)
      continue
    }
    const id = accounts.idOf(account)
    const differences = await askRows<Difference>(client, DIFFERENCES, [tenant, id])
    for (const difference of differences) {
      const details = { account: showAccount(id), ...difference }
      sheets.book_dates.find(tenant, 'the totals of a book date are not the sums of its transfers', details)
    }
  }
}

/** After the accounts' rows, which hold the totals of the newest days. */
export const compareDays = async (client: ClientBase, options: Options): Promise<void> => {
  const { tenant, accounts, sheets, days } = options
  const sheet = sheets.book_dates
  sheet.rows += await copyRows(
    client,
    ROWS,
    `from ledger.daily_totals where tenant = ${tenant}`,
    (view, at) => {
      const account = accounts.index.find(view, at + AT.account)
      const date = view.getInt32(at + AT.date)
      if (account >= 0)
        days.subtract(account, date, view.getBigInt64(at + AT.debits), view.getBigInt64(at + AT.credits))
      if (account >= 0 && date < (accounts.bookDay[account] ?? date)) return
      const what =
        account < 0
          ? 'a daily total is of no account'
          : "a daily total is not before its account's newest day"
      sheet.find(tenant, what, { account: showAccount(idAt(view, at + AT.account)) })
    },
  )
  await locate(client, options)
}
