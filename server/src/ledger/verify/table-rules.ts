import type { TableRules } from '../../database/index.ts'

/** What may change of the ledger's tables: whether an account is closed, the states of holds, totals. All else stays. */
export const LEDGER_TABLES: readonly TableRules[] = [
  { table: 'ledger.ledgers', rows: 'tenant', insert: true },
  {
    table: 'ledger.accounts',
    rows: 'tenant',
    insert: true,
    update: ['book_day', 'daily_debits', 'daily_credits', 'closed'],
    constraints: ['limits_exclude_each_other'],
    uniqueIndexes: ['accounts_by_time', 'accounts_by_reference'],
  },
  {
    table: 'ledger.transfers',
    rows: 'tenant',
    insert: true,
    restrictions: ['open_period'],
    constraints: ['two_accounts', 'balances_within_bounds', 'expiry_names_its_hold'],
    uniqueIndexes: ['transfers_by_id', 'transfers_by_pending'],
  },
  {
    table: 'ledger.holds',
    rows: 'tenant',
    insert: true,
    update: ['state', 'resolved_by'],
    constraints: ['resolved_once'],
  },
  { table: 'ledger.failed_transfers', rows: 'tenant', insert: true },
  { table: 'ledger.daily_totals', rows: 'tenant', insert: true, update: ['debits', 'credits'] },
  {
    table: 'ledger.closings',
    rows: 'tenant',
    insert: true,
    update: ['digest', 'entries', 'reopened_micros', 'reopened_reason'],
    constraints: ['holds_a_day', 'digest_with_its_entries', 'reopened_for_a_reason'],
    uniqueIndexes: ['closings_by_id', 'closings_standing'],
  },
]
