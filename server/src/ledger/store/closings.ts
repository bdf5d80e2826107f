import {
  type AppendOnly,
  expectRows,
  type RawRow,
  type Statement,
  type Table,
  type Writer,
} from '../../database/index.ts'
import { type Day, type Micros, showDay, type TenantId, type Uuid } from '../../kit/index.ts'
import { type Closed, type Closing, NOTHING_CLOSED } from '../core/index.ts'
import { DAY } from './tables.ts'

/** A tenant's books have one row of what is closed. */
export const CLOSED = 'closed'

const COLUMNS = `c.number, c.id::text, ${DAY('c.after')}, ${DAY('c.through')}, c.created_micros, c.digest, c.entries, c.form,
  c.reopened_micros, c.reopened_reason`

export const readClosing = (raw: RawRow): Closing => ({
  number: raw[0] as number,
  id: raw[1] as Uuid,
  after: raw[2] as Day | null,
  through: raw[3] as Day,
  createdMicros: raw[4] as Micros,
  digest: raw[5] as string | null,
  entries: raw[6] as bigint | null,
  form: raw[7] as number,
  reopenedMicros: raw[8] as Micros | null,
  reopenedReason: raw[9] as string | null,
})

/** As JSON a bigint is text, so that no digit of it is lost. */
const STANDING = `select count(*)::integer,
  (select json_agg(json_build_array(c.number, c.id::text, ${DAY('c.after')}, ${DAY('c.through')}, c.created_micros::text, c.digest,
            c.entries::text, c.form) order by c.through)::text
     from ledger.closings c where c.tenant = $1 and c.reopened_micros is null)
  from ledger.closings where tenant = $1`

const bigintOf = (text: unknown): bigint | null => (text === null ? null : BigInt(text as string))

const readStanding = (raw: RawRow): Closing => {
  const [number, id, after, through, created, digest, entries, form] = raw
  const row = [
    number,
    id,
    after,
    through,
    BigInt(created as string),
    digest,
    bigintOf(entries),
    form,
    null,
    null,
  ]
  return readClosing(row)
}

/** What is closed, as one row: it is asked for by every transfer that names its day, and rarely changes. */
export const closedTable: Table<Closed> = {
  name: 'closed',
  keep: { most: 1 },
  load: (tenant) => ({ name: 'closed_load', text: STANDING, values: [tenant] }),
  read: ([count, standing]) => ({
    key: CLOSED,
    row:
      standing === null
        ? { ...NOTHING_CLOSED, count: count as number }
        : {
            count: count as number,
            standing: (JSON.parse(standing as string) as readonly RawRow[]).map(readStanding),
          },
  }),
}

export const closingsMade: AppendOnly<Closing> = { name: 'closings_made' }
export const closingsSealed: AppendOnly<Closing> = { name: 'closings_sealed' }
export const closingsReopened: AppendOnly<Closing> = { name: 'closings_reopened' }

const insert = (tenant: TenantId, row: Closing): Statement => ({
  name: 'closing_insert',
  text: `insert into ledger.closings (tenant, number, id, after, through, created_micros, form)
         values ($1, $2, $3::uuid, $4::date, $5::date, $6, $7)`,
  values: [
    tenant,
    row.number,
    row.id,
    row.after === null ? null : showDay(row.after),
    showDay(row.through),
    row.createdMicros,
    row.form,
  ],
})

const seal = (tenant: TenantId, row: Closing): Statement => ({
  name: 'closing_seal',
  text: `with changed as (
           update ledger.closings set digest = $3, entries = $4
            where tenant = $1 and number = $2 and digest is null and reopened_micros is null returning 1
         ) select ${expectRows('select count(*) from changed', '$5')}`,
  values: [tenant, row.number, row.digest, row.entries, 1],
})

const reopen = (tenant: TenantId, row: Closing): Statement => ({
  name: 'closing_reopen',
  text: `with changed as (
           update ledger.closings set reopened_micros = $3, reopened_reason = $4
            where tenant = $1 and number = $2 and reopened_micros is null returning 1
         ) select ${expectRows('select count(*) from changed', '$5')}`,
  values: [tenant, row.number, row.reopenedMicros, row.reopenedReason, 1],
})

/** Before the transfers of its batch: the units after it may book there. */
export const writeReopened: Writer = (tenant, written) =>
  written.appended(closingsReopened).map((row) => reopen(tenant, row))

/** After them: what the units before it have booked there is part of the period. */
export const writeClosings: Writer = (tenant, written) => [
  ...written.appended(closingsMade).map((row) => insert(tenant, row)),
  ...written.appended(closingsSealed).map((row) => seal(tenant, row)),
]

export const findClosing = (tenant: TenantId, id: Uuid): Statement => ({
  name: 'closing_find',
  text: `select ${COLUMNS} from ledger.closings c where c.tenant = $1 and c.id = $2`,
  values: [tenant, id],
})

/** Those that stand, the earliest first: for verify and export. */
export const standingClosings = (tenant: TenantId): Statement => ({
  name: 'closings_standing',
  text: `select ${COLUMNS} from ledger.closings c where c.tenant = $1 and c.reopened_micros is null order by c.through`,
  values: [tenant],
})

type PageOfClosings = {
  readonly limit: number
  readonly direction: 'forward' | 'backward'
  readonly beyond: number | null
}

/** The newest first; one more than shown is read. */
export const listClosings = (tenant: TenantId, { limit, direction, beyond }: PageOfClosings): Statement => {
  const isForward = direction === 'forward'
  return {
    name: `closings_list_${direction}`,
    text: `select ${COLUMNS} from ledger.closings c
            where c.tenant = $1 and ($2::integer is null or c.number ${isForward ? '<' : '>'} $2)
            order by c.number ${isForward ? 'desc' : 'asc'} limit $3`,
    values: [tenant, beyond, limit + 1],
  }
}
