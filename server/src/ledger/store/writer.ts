import {
  type AppendOnly,
  type Change,
  columns,
  eachPlace,
  expectRows,
  type Statement,
  type Writer,
} from '../../database/index.ts'
import { type Day, type TenantId, UUID_ZERO, type Uuid } from '../../kit/index.ts'
import type { Account, Hold, Ledger, Transfer } from '../core/index.ts'
import { writeClosings, writeReopened } from './closings.ts'
import {
  accountsTable,
  type Burnt,
  burntTable,
  HOLD_STATES,
  holdsTable,
  ledgersTable,
  transfersTable,
} from './tables.ts'

/** What was posted to an account on a day that is not its newest. */
export type DailyTotal = {
  readonly account: Uuid
  readonly day: Day
  readonly debits: bigint
  readonly credits: bigint
}
export const dailyTotalsList: AppendOnly<DailyTotal> = { name: 'daily_totals' }

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

const insertLedgers = (tenant: TenantId, rows: readonly Ledger[]): Statement => ({
  name: 'ledgers_insert',
  text: `insert into ledger.ledgers (tenant, number, name, currency, created_micros)
         select $1, * from unnest($2::integer[], $3::text[], $4::text[], $5::bigint[])`,
  values: [
    tenant,
    columns.integer(rows.map((row) => row.number)),
    columns.text(rows.map((row) => row.name)),
    columns.text(rows.map((row) => row.currency)),
    columns.bigint(rows.map((row) => row.createdMicros)),
  ],
})

const insertAccounts = (tenant: TenantId, rows: readonly Account[]): Statement => ({
  name: 'accounts_insert',
  text: `insert into ledger.accounts
           (tenant, id, ledger, code, flags, closed, user_data, time_micros, reference, metadata, book_day,
            daily_debits, daily_credits)
         select $1, id, ledger, code, flags, closed, user_data, time_micros, reference, metadata::jsonb, book_day,
                daily_debits, daily_credits
           from unnest($2::uuid[], $3::integer[], $4::integer[], $5::integer[], $6::boolean[], $7::bigint[],
                       $8::bigint[], $9::text[], $10::text[], $11::date[], $12::bigint[], $13::bigint[])
             as n (id, ledger, code, flags, closed, user_data, time_micros, reference, metadata, book_day,
                   daily_debits, daily_credits)`,
  values: [
    tenant,
    columns.uuid(rows.map((row) => row.id)),
    columns.integer(rows.map((row) => row.ledger)),
    columns.integer(rows.map((row) => row.code)),
    columns.integer(rows.map((row) => row.flags)),
    columns.boolean(rows.map((row) => row.closed)),
    columns.bigint(rows.map((row) => row.userData)),
    columns.bigint(rows.map((row) => row.timeMicros)),
    columns.text(rows.map((row) => row.reference)),
    columns.text(rows.map((row) => json(row.metadata))),
    columns.day(rows.map((row) => row.bookDay)),
    columns.bigint(rows.map((row) => row.dailyDebits)),
    columns.bigint(rows.map((row) => row.dailyCredits)),
  ],
})

/** Most postings change nothing of their accounts but the balances, and those stand in the entries alone. */
const changesItself = ({ before, after }: Change<Account>): boolean =>
  before.closed !== after.closed ||
  before.bookDay !== after.bookDay ||
  before.dailyDebits !== after.dailyDebits ||
  before.dailyCredits !== after.dailyCredits

const updateAccounts = (tenant: TenantId, rows: readonly Account[]): Statement => ({
  name: 'accounts_update',
  text: `with changed as (
           update ledger.accounts a
              set closed = n.closed, book_day = n.book_day, daily_debits = n.daily_debits,
                  daily_credits = n.daily_credits
             from ${eachPlace(
               'ledger.accounts',
               `unnest($2::uuid[], $3::boolean[], $4::date[], $5::bigint[], $6::bigint[])
                  as n (id, closed, book_day, daily_debits, daily_credits)`,
               't.id = n.id',
             )}
            where a.tenant = $1 and a.ctid = n.place
           returning 1
         )
         select ${expectRows('select count(*) from changed', '$7')}`,
  values: [
    tenant,
    columns.uuid(rows.map((row) => row.id)),
    columns.boolean(rows.map((row) => row.closed)),
    columns.day(rows.map((row) => row.bookDay)),
    columns.bigint(rows.map((row) => row.dailyDebits)),
    columns.bigint(rows.map((row) => row.dailyCredits)),
    rows.length,
  ],
})

/** One look-up in the index, which an OFFSET makes sure of: see eachKey() of the database. */
const accountOf = (column: string): string =>
  `select ledger, flags from ledger.accounts where tenant = $1 and id = ${column} offset 0`

/**
 * Appends the transfers. Each is joined with both of its accounts, which must be of its ledger and within their limits
 * after it (2 = debits_must_not_exceed_credits, 4 = credits_must_not_exceed_debits): fewer rows appended than given is
 * an error that ends the transaction.
 */
const INSERT_TRANSFERS = `
with appended as (
  insert into ledger.transfers
    (tenant, time_micros, sequence, id, debit_account, credit_account, amount, released, pending_id, ledger, code,
     flags, timeout_s, user_data, external_reference, book_date, value_date, metadata,
     debit_debits_pending, debit_debits_posted, debit_credits_pending, debit_credits_posted,
     credit_debits_pending, credit_debits_posted, credit_credits_pending, credit_credits_posted)
  select $1, t.time_micros, t.sequence, t.id, t.debit_account, t.credit_account, t.amount, t.released, t.pending_id,
         t.ledger, t.code, t.flags, t.timeout_s, t.user_data, t.external_reference, t.book_date, t.value_date,
         t.metadata::jsonb, t.ddp, t.ddo, t.dcp, t.dco, t.cdp, t.cdo, t.ccp, t.cco
    from unnest($2::bigint[], $3::bigint[], $4::uuid[], $5::uuid[], $6::uuid[], $7::bigint[], $8::bigint[],
                $9::uuid[], $10::integer[], $11::integer[], $12::integer[], $13::integer[], $14::bigint[],
                $15::text[], $16::date[], $17::date[], $18::text[], $19::bigint[], $20::bigint[], $21::bigint[],
                $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[])
      as t (time_micros, sequence, id, debit_account, credit_account, amount, released, pending_id, ledger, code,
            flags, timeout_s, user_data, external_reference, book_date, value_date, metadata, ddp, ddo, dcp, dco, cdp,
            cdo, ccp, cco)
   cross join lateral (${accountOf('t.debit_account')}) d
   cross join lateral (${accountOf('t.credit_account')}) c
   where d.ledger = t.ledger and c.ledger = t.ledger
     and (d.flags & 2 = 0 or t.ddp + t.ddo <= t.dco) and (d.flags & 4 = 0 or t.dcp + t.dco <= t.ddo)
     and (c.flags & 2 = 0 or t.cdp + t.cdo <= t.cco) and (c.flags & 4 = 0 or t.ccp + t.cco <= t.cdo)
  returning 1
)
select ${expectRows('select count(*) from appended', '$27')}`

const transferColumns = (rows: readonly Transfer[]): Buffer[] => [
  columns.bigint(rows.map((row) => row.timeMicros)),
  columns.bigint(rows.map((row) => row.sequence)),
  columns.uuid(rows.map((row) => row.id)),
  columns.uuid(rows.map((row) => row.debit)),
  columns.uuid(rows.map((row) => row.credit)),
  columns.bigint(rows.map((row) => row.amount)),
  columns.bigint(rows.map((row) => row.released)),
  columns.uuid(rows.map((row) => (row.pendingId === UUID_ZERO ? null : row.pendingId))),
  columns.integer(rows.map((row) => row.ledger)),
  columns.integer(rows.map((row) => row.code)),
  columns.integer(rows.map((row) => row.flags)),
  columns.integer(rows.map((row) => row.timeoutS)),
  columns.bigint(rows.map((row) => row.userData)),
  columns.text(rows.map((row) => row.externalReference)),
  columns.day(rows.map((row) => row.bookDay)),
  columns.day(rows.map((row) => row.valueDay)),
  columns.text(rows.map((row) => json(row.metadata))),
  columns.bigint(rows.map((row) => row.debitAfter.debitsPending)),
  columns.bigint(rows.map((row) => row.debitAfter.debitsPosted)),
  columns.bigint(rows.map((row) => row.debitAfter.creditsPending)),
  columns.bigint(rows.map((row) => row.debitAfter.creditsPosted)),
  columns.bigint(rows.map((row) => row.creditAfter.debitsPending)),
  columns.bigint(rows.map((row) => row.creditAfter.debitsPosted)),
  columns.bigint(rows.map((row) => row.creditAfter.creditsPending)),
  columns.bigint(rows.map((row) => row.creditAfter.creditsPosted)),
]

const insertTransfers = (tenant: TenantId, rows: readonly Transfer[]): Statement => ({
  name: 'transfers_insert',
  text: INSERT_TRANSFERS,
  values: [tenant, ...transferColumns(rows), rows.length],
})

const insertHolds = (tenant: TenantId, rows: readonly Hold[]): Statement => ({
  name: 'holds_insert',
  text: `insert into ledger.holds
           (tenant, id, state, debit_account, credit_account, amount, ledger, expires_micros, resolved_by)
         select $1, * from unnest($2::uuid[], $3::integer[], $4::uuid[], $5::uuid[], $6::bigint[], $7::integer[],
                                  $8::bigint[], $9::bigint[])`,
  values: [
    tenant,
    columns.uuid(rows.map((row) => row.id)),
    columns.integer(rows.map((row) => HOLD_STATES.indexOf(row.state))),
    columns.uuid(rows.map((row) => row.debit)),
    columns.uuid(rows.map((row) => row.credit)),
    columns.bigint(rows.map((row) => row.amount)),
    columns.integer(rows.map((row) => row.ledger)),
    columns.bigint(rows.map((row) => row.expiresMicros)),
    columns.bigint(rows.map((row) => row.resolvedBy)),
  ],
})

const updateHolds = (tenant: TenantId, rows: readonly Hold[]): Statement => ({
  name: 'holds_update',
  text: `with resolved as (
           update ledger.holds h set state = n.state, resolved_by = n.resolved_by
             from ${eachPlace(
               'ledger.holds',
               'unnest($2::uuid[], $3::integer[], $4::bigint[]) as n (id, state, resolved_by)',
               't.id = n.id',
             )}
            where h.tenant = $1 and h.ctid = n.place and h.state = 0
           returning 1
         )
         select ${expectRows('select count(*) from resolved', '$5')}`,
  values: [
    tenant,
    columns.uuid(rows.map((row) => row.id)),
    columns.integer(rows.map((row) => HOLD_STATES.indexOf(row.state))),
    columns.bigint(rows.map((row) => row.resolvedBy)),
    rows.length,
  ],
})

const insertBurnt = (tenant: TenantId, rows: readonly Burnt[]): Statement => ({
  name: 'failed_transfers_insert',
  text: `insert into ledger.failed_transfers (tenant, id, status) select $1, * from unnest($2::uuid[], $3::text[])`,
  values: [tenant, columns.uuid(rows.map((row) => row.id)), columns.text(rows.map((row) => row.status))],
})

const summed = (rows: readonly DailyTotal[]): DailyTotal[] => {
  const sums = new Map<string, DailyTotal>()
  for (const row of rows) {
    const key = `${row.account} ${row.day}`
    const sum = sums.get(key)
    sums.set(
      key,
      sum === undefined
        ? row
        : { ...sum, debits: sum.debits + row.debits, credits: sum.credits + row.credits },
    )
  }
  return [...sums.values()]
}

const addDailyTotals = (tenant: TenantId, rows: readonly DailyTotal[]): Statement => ({
  name: 'daily_totals_add',
  text: `insert into ledger.daily_totals as d (tenant, account, book_date, debits, credits)
         select $1, * from unnest($2::uuid[], $3::date[], $4::bigint[], $5::bigint[])
         on conflict (tenant, account, book_date)
         do update set debits = d.debits + excluded.debits, credits = d.credits + excluded.credits`,
  values: [
    tenant,
    columns.uuid(rows.map((row) => row.account)),
    columns.day(rows.map((row) => row.day)),
    columns.bigint(rows.map((row) => row.debits)),
    columns.bigint(rows.map((row) => row.credits)),
  ],
})

export const writeLedger: Writer = (tenant, written) => {
  const ledgers = written.inserted(ledgersTable)
  const opened = written.inserted(accountsTable)
  const moved = written.updated(accountsTable)
  const changed = moved.filter(changesItself)
  const transfers = written.inserted(transfersTable)
  const holds = written.inserted(holdsTable)
  const resolved = written.updated(holdsTable)
  const burnt = written.inserted(burntTable)
  const totals = summed(written.appended(dailyTotalsList))
  return [
    ...writeReopened(tenant, written),
    ...(ledgers.length > 0 ? [insertLedgers(tenant, ledgers)] : []),
    ...(opened.length > 0 ? [insertAccounts(tenant, opened)] : []),
    ...(changed.length > 0
      ? [
          updateAccounts(
            tenant,
            changed.map(({ after }) => after),
          ),
        ]
      : []),
    ...(transfers.length > 0 ? [insertTransfers(tenant, transfers)] : []),
    ...(holds.length > 0 ? [insertHolds(tenant, holds)] : []),
    ...(resolved.length > 0
      ? [
          updateHolds(
            tenant,
            resolved.map(({ after }) => after),
          ),
        ]
      : []),
    ...(burnt.length > 0 ? [insertBurnt(tenant, burnt)] : []),
    ...(totals.length > 0 ? [addDailyTotals(tenant, totals)] : []),
    ...writeClosings(tenant, written),
  ]
}
