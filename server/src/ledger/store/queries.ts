import { columns, ofOne, orderOfOne, type Statement } from '../../database/index.ts'
import { type Day, type Micros, showDay, type TenantId, type Uuid } from '../../kit/index.ts'
import { ACCOUNT_COLUMNS, accountsWithBalances, TRANSFER_COLUMNS } from './tables.ts'

/** A page by keyset: rows older than the cursor going forward, newer going backward; one more than shown is read. */
export type Keyset = {
  readonly limit: number
  readonly afterMicros: Micros | null
  readonly direction: 'forward' | 'backward'
  readonly fromMicros: Micros | null
  readonly beforeMicros: Micros | null
}

type Part = { readonly sql: string; readonly name: string; readonly value: unknown }

/** Numbers the parameters of the parts that are there. The name tells the statements apart that this makes. */
const compose = (
  first: readonly unknown[],
  parts: readonly (Part | null)[],
): { where: string; names: string; values: unknown[] } => {
  const values = [...first]
  const used = parts.filter((part) => part !== null)
  const where = used.map(({ sql, value }) => `and ${sql.replaceAll('?', `$${values.push(value)}`)}`).join(' ')
  return { where, names: used.map((part) => part.name).join('_'), values }
}

const FIRST = -1n
const LAST = 9_223_372_036_854_775_807n

/** The span of times that a page lies in, both ends left out: in which direction it is read says its order. */
const spanOf = ({
  afterMicros,
  direction,
  fromMicros,
  beforeMicros,
}: Keyset): [above: Micros, below: Micros] => {
  const from = fromMicros === null ? FIRST : fromMicros - 1n
  const before = beforeMicros ?? LAST
  if (afterMicros === null) return [from, before]
  if (direction === 'forward') return [from, afterMicros < before ? afterMicros : before]
  return [afterMicros > from ? afterMicros : from, before]
}

/** Where and order of a page: of the rows of one value where `one` names it, else of all. $2 and $3 are its span. */
const paged = (page: Keyset, alias: string, one: string | null): { where: string; order: string } => {
  const time = `${alias}.time_micros`
  if (one === null)
    return { where: `${time} > $2 and ${time} < $3`, order: `order by ${time} ${ordered(page)}` }
  const columns = { column: `${alias}.${one}`, time }
  return {
    where: ofOne(columns, '$5', { above: '$2', below: '$3' }),
    order: orderOfOne(columns, ordered(page)),
  }
}

const ordered = (page: Keyset): 'asc' | 'desc' => (page.direction === 'forward' ? 'desc' : 'asc')

const equals = (name: string, column: string, value: unknown): Part | null =>
  value === null ? null : { sql: `${column} = ?`, name, value }

/** One account with its balances as they are, or as they were at the end of a recorded moment. */
export const findAccount = (tenant: TenantId, id: Uuid, asOf: Micros | null): Statement => ({
  name: asOf === null ? 'account_find' : 'account_find_as_of',
  text: `select ${ACCOUNT_COLUMNS} from ${accountsWithBalances(asOf === null ? undefined : '$3::bigint + 1')}
          where a.tenant = $1 and a.id = $2`,
  values: asOf === null ? [tenant, id] : [tenant, id, asOf],
})

/** What was posted to an account on all days up to and with one, where that day is before its newest. */
export const sumDays = (tenant: TenantId, id: Uuid, day: Day): Statement => ({
  name: 'account_sum_days',
  text: `select coalesce(sum(debits), 0)::bigint, coalesce(sum(credits), 0)::bigint from ledger.daily_totals
          where tenant = $1 and account = $2 and book_date <= $3`,
  values: [tenant, id, showDay(day)],
})

export type AccountFilter = { readonly ledger: number | null; readonly reference: string | null }

export const listAccounts = (tenant: TenantId, filter: AccountFilter, page: Keyset): Statement => {
  const one = filter.ledger === null ? null : 'ledger'
  const { where, names, values } = compose(
    [tenant, ...spanOf(page), page.limit + 1, ...(one === null ? [] : [filter.ledger])],
    [equals('reference', 'a.reference', filter.reference)],
  )
  const { where: within, order } = paged(page, 'a', one)
  return {
    name: `accounts_list_${ordered(page)}_${one ?? 'all'}_${names}`,
    text: `select ${ACCOUNT_COLUMNS} from ${accountsWithBalances()}
            where a.tenant = $1 and ${within} ${where} ${order} limit $4`,
    values,
  }
}

const TRANSFER_AND_HOLD = `select ${TRANSFER_COLUMNS}, h.state, h.expires_micros, h.resolved_by
  from ledger.transfers t
  join ledger.ledgers l on l.tenant = t.tenant and l.number = t.ledger
  left join ledger.holds h on h.tenant = t.tenant and h.id = t.id`

export const findTransfer = (tenant: TenantId, id: Uuid): Statement => ({
  name: 'transfer_find',
  text: `${TRANSFER_AND_HOLD} where t.tenant = $1 and t.id = $2`,
  values: [tenant, id],
})

export type TransferFilter = {
  readonly debit: Uuid | null
  readonly credit: Uuid | null
  readonly pendingId: Uuid | null
  readonly externalReference: string | null
}

/** The filter that an index serves by itself; the others only sift what it brings. */
const leading = (filter: TransferFilter): readonly [column: string, value: unknown] | null => {
  if (filter.externalReference !== null) return ['external_reference', filter.externalReference]
  if (filter.debit !== null) return ['debit_account', filter.debit]
  return filter.credit === null ? null : ['credit_account', filter.credit]
}

export const listTransfers = (tenant: TenantId, filter: TransferFilter, page: Keyset): Statement => {
  const [one = null, value] = leading(filter) ?? []
  const { where, names, values } = compose(
    [tenant, ...spanOf(page), page.limit + 1, ...(one === null ? [] : [value])],
    [
      equals('debit', 't.debit_account', one === 'debit_account' ? null : filter.debit),
      equals('credit', 't.credit_account', one === 'credit_account' ? null : filter.credit),
      equals('pending', 't.pending_id', filter.pendingId),
    ],
  )
  const { where: within, order } = paged(page, 't', one)
  return {
    name: `transfers_list_${ordered(page)}_${one ?? 'all'}_${names}`,
    text: `${TRANSFER_AND_HOLD} where t.tenant = $1 and t.id is not null and ${within} ${where} ${order} limit $4`,
    values,
  }
}

export type EntryFilter = {
  readonly side: 'debit' | 'credit' | null
  readonly bookFrom: Day | null
  readonly bookTo: Day | null
}

const bookDate = (name: string, comparison: string, day: Day | null): Part | null =>
  day === null ? null : { sql: `t.book_date ${comparison} ?`, name, value: showDay(day) }

/** An account's entries: a page of each of the two indexes, merged. Both are read only as far as the page goes. */
export const listEntries = (
  tenant: TenantId,
  account: Uuid,
  filter: EntryFilter,
  page: Keyset,
): Statement => {
  const { where, names, values } = compose(
    [tenant, ...spanOf(page), page.limit + 1, account],
    [bookDate('bookfrom', '>=', filter.bookFrom), bookDate('bookto', '<=', filter.bookTo)],
  )
  const side = (name: 'debit' | 'credit'): string => {
    const { where: within, order } = paged(page, 't', `${name}_account`)
    return `(select '${name}' as side, t.* from ledger.transfers t
              where t.tenant = $1 and ${within} ${where} ${order} limit $4)`
  }
  const sides = filter.side === null ? `${side('debit')} union all ${side('credit')}` : side(filter.side)
  return {
    name: `entries_list_${ordered(page)}_${filter.side ?? 'both'}_${names}`,
    text: `select ${TRANSFER_COLUMNS}, t.side from (${sides}) t
             join ledger.ledgers l on l.tenant = t.tenant and l.number = t.ledger
            order by t.time_micros ${ordered(page)} limit $4`,
    values,
  }
}

/** TigerBeetle's own answer: the balances after each transfer, for accounts with the flag history; expiries make none. */
export const listHistory = (tenant: TenantId, account: Uuid): Statement => ({
  name: 'history_list',
  text: `select ${TRANSFER_COLUMNS} from ledger.transfers t
           join ledger.ledgers l on l.tenant = t.tenant and l.number = t.ledger
          where t.tenant = $1 and t.id is not null and (t.debit_account = $2 or t.credit_account = $2)
          order by t.time_micros`,
  values: [tenant, account],
})

/** The recorded times of an account or a transfer: where a page starts that begins after it. */
export const timeOfAccount = (tenant: TenantId, id: Uuid): Statement => ({
  name: 'account_time',
  text: 'select time_micros from ledger.accounts where tenant = $1 and id = $2',
  values: [tenant, id],
})

export const timeOfTransfer = (tenant: TenantId, id: Uuid): Statement => ({
  name: 'transfer_time',
  text: 'select time_micros from ledger.transfers where tenant = $1 and id = $2',
  values: [tenant, id],
})

export const listLedgers = (tenant: TenantId): Statement => ({
  name: 'ledgers_list',
  text: `select number, name, currency, created_micros from ledger.ledgers where tenant = $1 order by number`,
  values: [tenant],
})

/** Accounts by their human references; those that are not there are left out. */
export const findAccountsByReference = (tenant: TenantId, references: readonly string[]): Statement => ({
  name: 'accounts_by_reference',
  text: `select ${ACCOUNT_COLUMNS} from ${accountsWithBalances()} where a.tenant = $1 and a.reference = any($2::text[])`,
  values: [tenant, columns.text(references)],
})
