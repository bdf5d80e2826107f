import type { RawRow, Statement } from '../../database/index.ts'
import { type Day, type Micros, showDay, type TenantId } from '../../kit/index.ts'
import type { Account } from '../core/index.ts'
import { ACCOUNT_COLUMNS, accountsWithBalances, readAccount, TRANSFER_COLUMNS } from './tables.ts'

/** The days of a period: after one (null: from the beginning) and up to and with another. */
export type Period = { readonly after: Day | null; readonly through: Day }

const dateOf = (day: Day | null): string => (day === null ? '-infinity' : showDay(day))

/** Where a page of so many rows ends, whether or not they are of the period: so each page takes about as long. */
export const pageEnd = (tenant: TenantId, after: Micros, rows: number): Statement => ({
  name: 'figures_page',
  text: `select max(time_micros) from (
           select time_micros from ledger.transfers where tenant = $1 and time_micros > $2
            order by time_micros limit $3) page`,
  values: [tenant, after, rows],
})

/** The transfers of a page that are booked in the period, in the order of time. */
export const transfersOf = (
  tenant: TenantId,
  period: Period,
  page: { readonly after: Micros; readonly end: Micros },
): Statement => ({
  name: 'figures_transfers',
  text: `select ${TRANSFER_COLUMNS} from ledger.transfers t
           join ledger.ledgers l on l.tenant = t.tenant and l.number = t.ledger
          where t.tenant = $1 and t.time_micros > $2 and t.time_micros <= $3
            and t.book_date > $4::date and t.book_date <= $5::date
          order by t.time_micros`,
  values: [tenant, page.after, page.end, dateOf(period.after), dateOf(period.through)],
})

const sums = (day: string): string =>
  `coalesce(case when a.book_day <= ${day} then e.debits_posted else d.debits end, 0)::bigint,
   coalesce(case when a.book_day <= ${day} then e.credits_posted else d.credits end, 0)::bigint`

const totals = (day: string): string =>
  `select sum(s.debits) as debits, sum(s.credits) as credits from ledger.daily_totals s
    where s.tenant = a.tenant and s.account = a.id and s.book_date <= ${day}`

/** Accounts with what was posted up to the day before the period, and up to its last; a page by their times. */
export const accountsOf = (
  tenant: TenantId,
  period: Period,
  page: { readonly after: Micros; readonly rows: number },
): Statement => ({
  name: 'figures_accounts',
  text: `select ${ACCOUNT_COLUMNS}, ${sums('$4::date').replaceAll('d.', 'o.')}, ${sums('$5::date')}
           from ${accountsWithBalances()}
           left join lateral (${totals('$4::date')}) o on true
           left join lateral (${totals('$5::date')}) d on true
          where a.tenant = $1 and a.time_micros > $2 order by a.time_micros limit $3`,
  values: [tenant, page.after, page.rows, dateOf(period.after), dateOf(period.through)],
})

const FIRST_SUM = 17

export type AccountSums = {
  readonly account: Account
  readonly opening: { readonly debits: bigint; readonly credits: bigint }
  readonly closing: { readonly debits: bigint; readonly credits: bigint }
}

export const readAccountSums = (raw: RawRow): AccountSums => {
  const [openingDebits, openingCredits, closingDebits, closingCredits] = raw.slice(FIRST_SUM) as bigint[]
  return {
    account: readAccount(raw),
    opening: { debits: openingDebits ?? 0n, credits: openingCredits ?? 0n },
    closing: { debits: closingDebits ?? 0n, credits: closingCredits ?? 0n },
  }
}
