import type { Micros, TenantId, Uuid } from '../kit/index.ts'
import { columns } from './commit/columns.ts'
import type { EventRow } from './commit/events.ts'
import { eachKey, type RawRow, type Statement } from './commit/table.ts'

// Events for those who read them. Writing one is emit()'s, in a commit.

const COLUMNS = `e.sequence, e.id::text, e.type, e.created_micros, e.data::text, e.request_id, e.idempotency_key`

export const readEventRow = (raw: RawRow): EventRow => {
  const [sequence, id, type, createdMicros, data, requestId, idempotencyKey] = raw
  return {
    sequence: sequence as bigint,
    id: id as Uuid,
    type: type as string,
    createdMicros: createdMicros as bigint,
    data: JSON.parse(data as string),
    requestId: requestId as string | null,
    idempotencyKey: idempotencyKey as string | null,
  }
}

const BY_ID = `select found.* from ${eachKey('uuid', `select ${COLUMNS} from database.events e where e.tenant = $1 and e.id = wanted.key`)}`
const BY_SEQUENCE = `select found.* from ${eachKey('bigint', `select ${COLUMNS} from database.events e where e.tenant = $1 and e.sequence = wanted.key`)}`

/** The events with these ids, those of them that are there. */
export const findEvents = (tenant: TenantId, ids: readonly Uuid[]): Statement => ({
  name: 'events_find',
  text: BY_ID,
  values: [tenant, columns.uuid(ids)],
})

/** The events with these numbers. */
export const findEventsByNumber = (tenant: TenantId, sequences: readonly bigint[]): Statement => ({
  name: 'events_find_by_number',
  text: BY_SEQUENCE,
  values: [tenant, columns.bigint(sequences)],
})

/** What is needed to decide who wants an event. */
export type EventHeader = Pick<EventRow, 'sequence' | 'id' | 'type' | 'createdMicros'> & {
  /** As the API shows it. */
  readonly objectId: string | null
}

export const readEventHeader = (raw: RawRow): EventHeader => {
  const [sequence, id, type, createdMicros, objectId] = raw
  return {
    sequence: sequence as bigint,
    id: id as Uuid,
    type: type as string,
    createdMicros: createdMicros as bigint,
    objectId: objectId as string | null,
  }
}

/** The events of some types, null being all, with numbers after one up to another. They are whole: numbers have no gaps. */
export const readEventHeaders = (
  tenant: TenantId,
  wanted: { readonly after: bigint; readonly upTo: bigint; readonly types: readonly string[] | null },
): Statement => ({
  name: 'events_headers',
  text: `select e.sequence, e.id::text, e.type, e.created_micros, e.data #>> '{object,id}'
           from database.events e
          where e.tenant = $1 and e.sequence > $2 and e.sequence <= $3 and ($4 or e.type = any($5::text[]))
          order by e.sequence`,
  values: [tenant, wanted.after, wanted.upTo, wanted.types === null, columns.text(wanted.types ?? [])],
})

/**
 * Parts of the events of some types, with numbers after one up to another: their number, type and time, and of their data
 * what stands at each path, as JSON. For whoever counts many events and needs little of each; the paths are constants. An
 * event's data is opened once for each first step of the paths: opening it is what costs.
 */
export const readEventParts = (
  tenant: TenantId,
  name: string,
  wanted: {
    readonly after: bigint
    readonly upTo: bigint
    readonly types: readonly string[]
    readonly paths: readonly (readonly [head: string, ...rest: string[]])[]
  },
): Statement => {
  const heads = [...new Set(wanted.paths.map(([head]) => head))]
  const opened = heads.map((head) => `e.data -> '${head}' as ${head}`).join(', ')
  const parts = wanted.paths.map(([head, ...rest]) => `, (p.${head} #> '{${rest.join(',')}}')::text`)
  return {
    name: `events_parts_${name}`,
    text: `select e.sequence, e.type, e.created_micros${parts.join('')}
             from database.events e cross join lateral (select ${opened} offset 0) p
            where e.tenant = $1 and e.sequence > $2 and e.sequence <= $3 and e.type = any($4::text[])
            order by e.sequence`,
    values: [tenant, wanted.after, wanted.upTo, columns.text(wanted.types)],
  }
}

/** The number of the tenant's newest event. */
export const newestEventNumber = (tenant: TenantId): Statement => ({
  name: 'events_newest_number',
  text: 'select event_sequence from database.heads where tenant = $1',
  values: [tenant],
})

export type EventsPage = {
  readonly limit: number
  /** Newest first, or oldest first. */
  readonly order: 'desc' | 'asc'
  /** Numbers below, or above, this one. */
  readonly beyond: bigint | null
  readonly types?: readonly string[] | null
  readonly fromMicros?: Micros | null
  readonly beforeMicros?: Micros | null
}

const DAY = (place: string): string => `(timestamp '1970-01-01' + ${place} * interval '1 microsecond')::date`

/** A page of the tenant's events by their numbers. */
export const listEvents = (tenant: TenantId, page: EventsPage): Statement => {
  const values: unknown[] = [tenant, page.limit]
  const used: string[] = []
  let where = ''
  const add = (name: string, value: unknown, sql: (place: string) => string): void => {
    used.push(name)
    where += ` and ${sql(`$${values.push(value)}`)}`
  }
  const { beyond, types = null, fromMicros = null, beforeMicros = null, order } = page
  if (beyond !== null) add('beyond', beyond, (place) => `e.sequence ${order === 'desc' ? '<' : '>'} ${place}`)
  if (types !== null) add('types', columns.text(types), (place) => `e.type = any(${place}::text[])`)
  // The day is what months are told apart by.
  if (fromMicros !== null)
    add(
      'from',
      fromMicros,
      (at) => `e.created_micros >= ${at}::bigint and e.created_day >= ${DAY(`${at}::bigint`)}`,
    )
  if (beforeMicros !== null)
    add(
      'before',
      beforeMicros,
      (at) => `e.created_micros < ${at}::bigint and e.created_day <= ${DAY(`${at}::bigint`)}`,
    )
  return {
    name: `events_list_${order}_${used.join('_')}`,
    text: `select ${COLUMNS} from database.events e where e.tenant = $1${where}
            order by e.sequence ${order} limit $2`,
    values,
  }
}
