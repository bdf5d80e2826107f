import { columns, eachKey, ofOne, orderOfOne, type RawRow, type Table } from '../../database/index.ts'
import { type Micros, UUID_ZERO, type Uuid } from '../../kit/index.ts'
import type { Account, BurningStatus, Hold, HoldState, Ledger, Metadata, Transfer } from '../core/index.ts'
import { ACCOUNTS_KEPT, LEDGERS_KEPT } from '../limits.ts'

const uuids = (keys: readonly string[]): Buffer => columns.uuid(keys as readonly Uuid[])
const metadataOf = (raw: unknown): Metadata | null =>
  raw === null ? null : (JSON.parse(raw as string) as Metadata)

/** Days are numbers inside and dates in the database. */
export const DAY = (column: string): string => `(${column} - date '1970-01-01')`

export const ledgersTable: Table<Ledger> = {
  name: 'ledgers',
  keep: { most: LEDGERS_KEPT },
  load: (tenant, keys) => ({
    name: 'ledgers_load',
    text: `select found.* from ${eachKey(
      'integer',
      `select number, name, currency, created_micros from ledger.ledgers
            where tenant = $1 and number = wanted.key`,
    )}`,
    values: [tenant, columns.integer(keys.map(Number))],
  }),
  read: ([number, name, currency, createdMicros]) => ({
    key: String(number),
    row: {
      number: number as number,
      name: name as string,
      currency: currency as string,
      createdMicros: createdMicros as bigint,
    },
  }),
}

export const ACCOUNT_COLUMNS = `a.id::text, a.ledger, l.currency, a.code, a.flags, a.closed, a.user_data, a.time_micros,
  a.reference, a.metadata::text, ${DAY('a.book_day')}, a.daily_debits, a.daily_credits,
  coalesce(e.debits_pending, 0), coalesce(e.debits_posted, 0), coalesce(e.credits_pending, 0),
  coalesce(e.credits_posted, 0)`

const BEGINNING = '-9223372036854775808'
const END = '9223372036854775807'

const newestOf = (side: 'debit' | 'credit', before: string): string => {
  const columns = { column: `t.${side}_account`, time: 't.time_micros' }
  const balances = ['debits_pending', 'debits_posted', 'credits_pending', 'credits_posted']
  return `(select t.time_micros, ${balances.map((name) => `t.${side}_${name} as ${name}`).join(', ')}
         from ledger.transfers t
        where t.tenant = a.tenant and ${ofOne(columns, 'a.id', { above: BEGINNING, below: before })}
        ${orderOfOne(columns, 'desc')} limit 1)`
}

/**
 * The accounts with the balances after their newest entry, or after the newest one before a time:
 * one look-up in each of the two indexes, whatever the length of the history.
 */
export const accountsWithBalances = (before = END): string => `ledger.accounts a
  join ledger.ledgers l on l.tenant = a.tenant and l.number = a.ledger
  left join lateral (
    select * from (
      ${newestOf('debit', before)}
      union all
      ${newestOf('credit', before)}
    ) side order by side.time_micros desc limit 1
  ) e on true`

export const readAccount = (raw: RawRow): Account => ({
  id: raw[0] as Uuid,
  ledger: raw[1] as number,
  currency: raw[2] as string,
  code: raw[3] as number,
  flags: raw[4] as number,
  closed: raw[5] as boolean,
  userData: raw[6] as bigint,
  timeMicros: raw[7] as bigint,
  reference: raw[8] as string | null,
  metadata: metadataOf(raw[9]),
  bookDay: raw[10] as number,
  dailyDebits: raw[11] as bigint,
  dailyCredits: raw[12] as bigint,
  debitsPending: raw[13] as bigint,
  debitsPosted: raw[14] as bigint,
  creditsPending: raw[15] as bigint,
  creditsPosted: raw[16] as bigint,
})

export const accountsTable: Table<Account> = {
  name: 'accounts',
  keep: { most: ACCOUNTS_KEPT },
  load: (tenant, keys) => ({
    name: 'accounts_load',
    text: `select found.* from ${eachKey(
      'uuid',
      `select ${ACCOUNT_COLUMNS} from ${accountsWithBalances()}
            where a.tenant = $1 and a.id = wanted.key`,
    )}`,
    values: [tenant, uuids(keys)],
  }),
  read: (raw) => ({ key: raw[0] as string, row: readAccount(raw) }),
}

export const TRANSFER_COLUMNS = `t.id::text, t.time_micros, t.sequence, t.debit_account::text, t.credit_account::text,
  t.amount, t.released, t.pending_id::text, t.ledger, l.currency, t.code, t.flags, t.timeout_s, t.user_data,
  t.external_reference, ${DAY('t.book_date')}, ${DAY('t.value_date')}, t.metadata::text,
  t.debit_debits_pending, t.debit_debits_posted, t.debit_credits_pending, t.debit_credits_posted,
  t.credit_debits_pending, t.credit_debits_posted, t.credit_credits_pending, t.credit_credits_posted`

export const readTransfer = (raw: RawRow): Transfer => ({
  id: raw[0] as Uuid | null,
  timeMicros: raw[1] as bigint,
  sequence: raw[2] as bigint,
  debit: raw[3] as Uuid,
  credit: raw[4] as Uuid,
  amount: raw[5] as bigint,
  released: raw[6] as bigint,
  pendingId: (raw[7] as Uuid | null) ?? UUID_ZERO,
  ledger: raw[8] as number,
  currency: raw[9] as string,
  code: raw[10] as number,
  flags: raw[11] as number,
  timeoutS: raw[12] as number,
  userData: raw[13] as bigint,
  externalReference: raw[14] as string | null,
  bookDay: raw[15] as number,
  valueDay: raw[16] as number,
  metadata: metadataOf(raw[17]),
  debitAfter: {
    debitsPending: raw[18] as bigint,
    debitsPosted: raw[19] as bigint,
    creditsPending: raw[20] as bigint,
    creditsPosted: raw[21] as bigint,
  },
  creditAfter: {
    debitsPending: raw[22] as bigint,
    debitsPosted: raw[23] as bigint,
    creditsPending: raw[24] as bigint,
    creditsPosted: raw[25] as bigint,
  },
})

export const transfersTable: Table<Transfer> = {
  name: 'transfers',
  load: (tenant, keys) => ({
    name: 'transfers_load',
    text: `select found.* from ${eachKey(
      'uuid',
      `select ${TRANSFER_COLUMNS} from ledger.transfers t
             join ledger.ledgers l on l.tenant = t.tenant and l.number = t.ledger
            where t.tenant = $1 and t.id = wanted.key`,
    )}`,
    values: [tenant, uuids(keys)],
  }),
  read: (raw) => ({ key: raw[0] as string, row: readTransfer(raw) }),
}

/** The states by their numbers in ledger.holds. */
export const HOLD_STATES = ['pending', 'posted', 'voided', 'expired'] as const satisfies readonly HoldState[]

export const HOLD_COLUMNS = `id::text, state, debit_account::text, credit_account::text, amount, ledger,
  expires_micros, resolved_by`

export const readHold = (raw: RawRow): Hold => ({
  id: raw[0] as Uuid,
  state: HOLD_STATES[raw[1] as number] ?? 'pending',
  debit: raw[2] as Uuid,
  credit: raw[3] as Uuid,
  amount: raw[4] as bigint,
  ledger: raw[5] as number,
  expiresMicros: raw[6] as bigint | null,
  resolvedBy: raw[7] as bigint | null,
})

export const holdsTable: Table<Hold> = {
  name: 'holds',
  load: (tenant, keys) => ({
    name: 'holds_load',
    text: `select found.* from ${eachKey(
      'uuid',
      `select ${HOLD_COLUMNS} from ledger.holds
            where tenant = $1 and id = wanted.key`,
    )}`,
    values: [tenant, uuids(keys)],
  }),
  read: (raw) => ({ key: raw[0] as string, row: readHold(raw) }),
}

export type Burnt = { readonly id: Uuid; readonly status: BurningStatus }

export const burntTable: Table<Burnt> = {
  name: 'failed_transfers',
  load: (tenant, keys) => ({
    name: 'failed_transfers_load',
    text: `select found.* from ${eachKey(
      'uuid',
      `select id::text, status from ledger.failed_transfers
            where tenant = $1 and id = wanted.key`,
    )}`,
    values: [tenant, uuids(keys)],
  }),
  read: ([id, status]) => ({ key: id as string, row: { id: id as Uuid, status: status as BurningStatus } }),
}

/** Which account holds a human reference. Written as part of the account. */
export const referencesTable: Table<Uuid> = {
  name: 'references',
  load: (tenant, keys) => ({
    name: 'references_load',
    text: `select found.* from ${eachKey(
      'text',
      `select reference, id::text from ledger.accounts
            where tenant = $1 and reference = wanted.key`,
    )}`,
    values: [tenant, columns.text(keys)],
  }),
  read: ([reference, id]) => ({ key: reference as string, row: id as Uuid }),
}

/** Is there an account, or a transfer, at exactly this time? Asked only for imported commands. */
const timesTable = (name: string, table: 'accounts' | 'transfers'): Table<Micros> => ({
  name,
  load: (tenant, keys) => ({
    name: `${name}_load`,
    text: `select found.* from ${eachKey(
      'bigint',
      `select time_micros from ledger.${table}
            where tenant = $1 and time_micros = wanted.key`,
    )}`,
    values: [tenant, columns.bigint(keys.map(BigInt))],
  }),
  read: ([time]) => ({ key: String(time), row: time as Micros }),
})

export const accountTimesTable = timesTable('account_times', 'accounts')
export const transferTimesTable = timesTable('transfer_times', 'transfers')
