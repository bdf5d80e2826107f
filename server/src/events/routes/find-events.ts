import {
  type EventRow,
  type EventsPage,
  findEvents,
  findEventsByNumber,
  listEvents,
  readEventRow,
} from '../../database/index.ts'
import { missingReply, type RequestContext } from '../../http/index.ts'
import { assert, parseId, type Reply, type TenantId } from '../../kit/index.ts'
import { type Door, livemodeOf } from '../../requests/index.ts'
import { FILTER_CHUNK, FILTER_CHUNKS_MOST } from '../limits.ts'
import { countPending, findOpen, listOpen } from '../store/deliveries.ts'
import { EVENT_PREFIX, showEvent } from '../views.ts'

/** The event, or what is answered where there is none. */
export const findEvent = async (
  door: Door,
  tenant: TenantId,
  shownId: string,
  param = 'id',
): Promise<EventRow | Reply> => {
  const id = parseId(EVENT_PREFIX, shownId)
  if (id === null) return missingReply('event', shownId, param)
  const [rows = []] = await door.read(tenant, [findEvents(tenant, [id])])
  return rows[0] === undefined ? missingReply('event', shownId, param) : readEventRow(rows[0])
}

export const isEvent = (found: EventRow | Reply): found is EventRow => 'sequence' in found

/** With how many deliveries of each are pending. */
export const showEvents = async (
  door: Door,
  tenant: TenantId,
  livemode: boolean,
  events: readonly EventRow[],
): Promise<ReturnType<typeof showEvent>[]> => {
  if (events.length === 0) return []
  const sequences = events.map(({ sequence }) => sequence)
  const [counts = []] = await door.read(tenant, [countPending(tenant, sequences)])
  const pending = new Map(counts.map(([sequence, count]) => [sequence as bigint, Number(count as bigint)]))
  return events.map((event) => showEvent(event, { livemode, pending: pending.get(event.sequence) ?? 0 }))
}

export const showOne = async (
  door: Door,
  context: RequestContext,
  event: EventRow,
): Promise<ReturnType<typeof showEvent>> => {
  const [shown] = await showEvents(door, context.tenant, livemodeOf(context), [event])
  assert(shown !== undefined, 'an event that was found is shown')
  return shown
}

const beyondEnd = (order: 'asc' | 'desc'): bigint => (order === 'desc' ? 2n ** 62n : 0n)

/** Events of which some delivery has not succeeded: from the deliveries to their events, as there are few. */
const readOpen = async (door: Door, tenant: TenantId, page: EventsPage): Promise<EventRow[]> => {
  const { order, types = null, fromMicros = null, beforeMicros = null } = page
  const found: EventRow[] = []
  let beyond = page.beyond ?? beyondEnd(order)
  for (let chunk = 0; chunk < FILTER_CHUNKS_MOST && found.length < page.limit; chunk++) {
    const [numbers = []] = await door.read(tenant, [listOpen(tenant, { beyond, order, limit: FILTER_CHUNK })])
    const sequences = numbers.map(([sequence]) => sequence as bigint)
    const last = sequences.at(-1)
    if (last === undefined) break
    const [rows = []] = await door.read(tenant, [findEventsByNumber(tenant, sequences)])
    for (const event of rows.map(readEventRow)) {
      const isWanted =
        (types === null || types.includes(event.type)) &&
        (fromMicros === null || event.createdMicros >= fromMicros) &&
        (beforeMicros === null || event.createdMicros < beforeMicros)
      if (isWanted) found.push(event)
    }
    beyond = last
  }
  return found.slice(0, page.limit)
}

/** Events all of whose deliveries have succeeded: nearly all of them, so what is left out is looked for among them. */
const readDelivered = async (door: Door, tenant: TenantId, page: EventsPage): Promise<EventRow[]> => {
  const found: EventRow[] = []
  let { beyond } = page
  for (let chunk = 0; chunk < FILTER_CHUNKS_MOST && found.length < page.limit; chunk++) {
    const [rows = []] = await door.read(tenant, [
      listEvents(tenant, { ...page, beyond, limit: FILTER_CHUNK }),
    ])
    const events = rows.map(readEventRow)
    const last = events.at(-1)
    if (last === undefined) break
    const [numbers = []] = await door.read(tenant, [
      findOpen(
        tenant,
        events.map(({ sequence }) => sequence),
      ),
    ])
    const open = new Set(numbers.map(([sequence]) => sequence as bigint))
    found.push(...events.filter(({ sequence }) => !open.has(sequence)))
    beyond = last.sequence
  }
  return found.slice(0, page.limit)
}

/** The page's events, up to its limit. */
export const readEvents = async (
  door: Door,
  tenant: TenantId,
  page: EventsPage,
  deliverySuccess: boolean | undefined,
): Promise<EventRow[]> => {
  if (deliverySuccess === true) return readDelivered(door, tenant, page)
  if (deliverySuccess === false) return readOpen(door, tenant, page)
  const [rows = []] = await door.read(tenant, [listEvents(tenant, page)])
  return rows.map(readEventRow)
}
