import type { RawRow, Statement } from '../../database/index.ts'
import { type Day, type Micros, showDay, type TenantId } from '../../kit/index.ts'
import { accountsWithBalances } from './tables.ts'

/** One line of a trial balance: the accounts of one code in one ledger. */
export type TrialLine = {
  readonly ledger: number
  readonly name: string
  readonly currency: string
  readonly code: number
  readonly accounts: number
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

const LINE = `a.ledger, l.name, l.currency, a.code, count(*)`
const GROUP = `where a.tenant = $1 group by a.ledger, l.name, l.currency, a.code order by a.ledger, a.code`

/**
 * By recorded time: the sums of the accounts' balances now, or after their newest entry up to a moment.
 * Sums are numeric: many accounts together may pass 64 bits.
 */
export const trialBalance = (tenant: TenantId, asOf: Micros | null): Statement => ({
  name: asOf === null ? 'trial_balance' : 'trial_balance_as_of',
  text: `select ${LINE}, coalesce(sum(e.debits_pending), 0)::text, coalesce(sum(e.debits_posted), 0)::text,
                coalesce(sum(e.credits_pending), 0)::text, coalesce(sum(e.credits_posted), 0)::text
           from ${accountsWithBalances(asOf === null ? undefined : '$2::bigint + 1')} ${GROUP}`,
  values: asOf === null ? [tenant] : [tenant, asOf],
})

/**
 * By book date: posted sums only, from the daily totals and, for accounts whose newest day is not later, all they have.
 * Only accounts to which something was posted by then are counted, so an account that is opened later changes nothing.
 */
export const trialBalanceByBookDate = (tenant: TenantId, day: Day): Statement => ({
  name: 'trial_balance_book_date',
  text: `select ${LINE}, '0', sum(p.debits)::text, '0', sum(p.credits)::text
           from ${accountsWithBalances()}
           left join lateral (
             select sum(s.debits) as debits, sum(s.credits) as credits from ledger.daily_totals s
              where s.tenant = a.tenant and s.account = a.id and s.book_date <= $2
           ) d on true
          cross join lateral (
             select case when a.book_day <= $2 then e.debits_posted else d.debits end as debits,
                    case when a.book_day <= $2 then e.credits_posted else d.credits end as credits
           ) p ${GROUP.replace('group by', 'and (p.debits > 0 or p.credits > 0) group by')}`,
  values: [tenant, showDay(day)],
})

export const readTrialLine = (raw: RawRow): TrialLine => ({
  ledger: raw[0] as number,
  name: raw[1] as string,
  currency: raw[2] as string,
  code: raw[3] as number,
  accounts: Number(raw[4]),
  debitsPending: BigInt(raw[5] as string),
  debitsPosted: BigInt(raw[6] as string),
  creditsPending: BigInt(raw[7] as string),
  creditsPosted: BigInt(raw[8] as string),
})

/** Open holds per ledger: their count and sum, which must be the pending debits, and the pending credits. */
export const sumHolds = (tenant: TenantId): Statement => ({
  name: 'holds_sum',
  text: `select ledger, count(*), sum(amount)::text from ledger.holds where tenant = $1 and state = 0 group by ledger`,
  values: [tenant],
})

/** What points to something that is not there. Each number must be zero. */
export const countOrphans = (tenant: TenantId): Statement => ({
  name: 'orphans_count',
  text: `select
    (select count(*) from ledger.holds h where h.tenant = $1 and h.state = 0
        and not exists (select from ledger.transfers t where t.tenant = $1 and t.id = h.id)),
    (select count(*) from ledger.holds h where h.tenant = $1 and h.state <> 0
        and not exists (select from ledger.transfers t where t.tenant = $1 and t.pending_id = h.id)),
    (select count(*) from ledger.accounts a where a.tenant = $1
        and not exists (select from ledger.ledgers l where l.tenant = $1 and l.number = a.ledger)),
    (select count(*) from ledger.daily_totals d where d.tenant = $1
        and not exists (select from ledger.accounts a where a.tenant = $1 and a.id = d.account))`,
  values: [tenant],
})

/** The newest transfer or expiry, to be held against the head row's counters. */
export const newestTransfer = (tenant: TenantId): Statement => ({
  name: 'transfer_newest',
  text: `select sequence, time_micros from ledger.transfers where tenant = $1 order by time_micros desc limit 1`,
  values: [tenant],
})
