import {
  type AppendOnly,
  columns,
  type Records,
  type RecordsPage,
  type Statement,
  type Writer,
} from '../../database/index.ts'
import type { Micros, TenantId, Uuid } from '../../kit/index.ts'
import type { Intent } from '../core/model.ts'
import { intents } from './tables.ts'

/**
 * That a launch exposed an attempt of a payment. A payment may have several attempts, of several launches, so it is no
 * column of the payment; each pair stands once.
 */
export type Exposure = {
  readonly launch: Uuid
  readonly intent: Uuid
  /** Of the payment, by which lists are in order. */
  readonly createdMicros: Micros
}

export const exposures: AppendOnly<Exposure> = { name: 'exposures' }

export const writeExposures: Writer = (tenant, written) => {
  const rows = written.appended(exposures)
  if (rows.length === 0) return []
  const insert: Statement = {
    name: 'payments_exposed_intents_insert',
    text: `insert into payments.exposed_intents (tenant, launch, created_micros, intent)
           select $1, n.* from unnest($2::uuid[], $3::bigint[], $4::uuid[]) as n
           on conflict (tenant, launch, created_micros) do nothing`,
    values: [
      tenant,
      columns.uuid(rows.map(({ launch }) => launch)),
      columns.bigint(rows.map(({ createdMicros }) => createdMicros)),
      columns.uuid(rows.map(({ intent }) => intent)),
    ],
  }
  return [insert]
}

const FIRST = -1n
const LAST = 9_223_372_036_854_775_807n

const CURSOR_TIME = '(select c.created_micros from payments.intents c where c.tenant = $1 and c.id = $6)'

/** One span of the primary key, and each payment looked up by its id. */
const listStatement = (tenant: TenantId, launch: Uuid, page: RecordsPage): Statement => {
  const { limit, cursor, direction, fromMicros = null, beforeMicros = null, filters = [] } = page
  const isForward = direction === 'forward'
  const order = isForward ? 'desc' : 'asc'
  const from = fromMicros === null ? FIRST : fromMicros - 1n
  const values: unknown[] = [tenant, launch, limit + 1, from, beforeMicros ?? LAST]
  if (cursor !== null) values.push(cursor)
  const above = cursor === null || isForward ? '$4' : `greatest($4, ${CURSOR_TIME})`
  const below = cursor === null || !isForward ? '$5' : `least($5, ${CURSOR_TIME})`
  const sifted = filters.map(({ column, value }) => ` and r.${column} = $${values.push(value)}`).join('')
  const kind = [cursor === null ? 'first' : 'after', ...filters.map(({ column }) => column)].join('_')
  return {
    name: `payments_exposed_intents_list_${order}_${kind}`,
    text: `select r.id::text, r.created_micros, r.body::text
             from payments.exposed_intents e
            cross join lateral (select * from payments.intents i where i.tenant = $1 and i.id = e.intent offset 0) r
            where e.tenant = $1 and e.launch = $2 and e.created_micros > ${above} and e.created_micros < ${below}${sifted}
            order by e.created_micros ${order} limit $3`,
    values,
  }
}

/** Payments as they are listed, only those of which this launch exposed an attempt. */
export const intentsExposedBy = (launch: Uuid): Records<Intent> => ({
  ...intents,
  list: (tenant, page) => listStatement(tenant, launch, page),
})
