import { Type } from 'typebox'
import {
  boundsOf,
  defineRoute,
  listObject,
  listQuery,
  type Range,
  type Route,
  rangeFilter,
  readPage,
  refusalReply,
} from '../../http/index.ts'
import { MICROS_PER_SECOND, type Micros } from '../../kit/index.ts'
import { type Door, livemodeOf } from '../../requests/index.ts'
import { EVENT_TYPES } from '../core/event-types.ts'
import { findEvent, isEvent, readEvents, showEvents, showOne } from './find-events.ts'
import { eventList, eventObject, idParameter, typesParameter } from './schemas.ts'

const PATH = '/v1/events'

const micros = (seconds: number | null): Micros | null =>
  seconds === null ? null : BigInt(seconds) * MICROS_PER_SECOND

export const microsOf = (created: Range | undefined) => {
  const { from, before } = boundsOf(created)
  return { fromMicros: micros(from), beforeMicros: micros(before) }
}

const query = listQuery({
  type: Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'Only events of this type, or of all that begin as charge.* says.',
    }),
  ),
  types: Type.Optional(typesParameter()),
  created: Type.Optional(rangeFilter('When it happened')),
  delivery_success: Type.Optional(
    Type.Boolean({
      description:
        'true: all deliveries of it have succeeded. false: one is pending, was given up or was canceled.',
    }),
  ),
})

/** charge.* stands for every type that begins so. */
const typesLike = (type: string): readonly string[] => {
  if (!type.endsWith('*')) return [type]
  const beginning = type.slice(0, -1)
  return EVENT_TYPES.filter((known) => known.startsWith(beginning))
}

const bothReply = () =>
  refusalReply({
    kind: 'invalid',
    code: 'parameters_exclusive',
    param: 'type',
    message: 'Received both type and types parameters. Please pass in only one.',
  })

const listRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: PATH,
    operation: 'listEvents',
    summary: 'List events',
    description:
      'What happened, the newest first, in the order of the tenant’s event numbers, which have no gaps. So whoever has read an event finds the next ones with ending_before, and passes none over.',
    permission: 'events.read',
    query,
    answer: eventList,
    errors: {},
    handle: async (context, { query }) => {
      const { tenant } = context
      if (query.type !== undefined && query.types !== undefined) return bothReply()
      const page = readPage(query)
      const isForward = page.direction === 'forward'
      const param = isForward ? 'starting_after' : 'ending_before'
      const cursor = page.cursor === null ? null : await findEvent(door, tenant, page.cursor, param)
      if (cursor !== null && !isEvent(cursor)) return cursor
      const rows = await readEvents(
        door,
        tenant,
        {
          limit: page.limit + 1,
          order: isForward ? 'desc' : 'asc',
          beyond: cursor?.sequence ?? null,
          types: query.type === undefined ? (query.types ?? null) : typesLike(query.type),
          ...microsOf(query.created),
        },
        query.delivery_success,
      )
      const shown = await showEvents(door, tenant, livemodeOf(context), rows)
      return listObject(PATH, page, shown, (event) => event)
    },
  })

const retrieveRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: `${PATH}/:id`,
    operation: 'retrieveEvent',
    summary: 'Show an event',
    description: 'With the object as it was then.',
    permission: 'events.read',
    params: idParameter,
    answer: eventObject,
    errors: {},
    handle: async (context, { params }) => {
      const found = await findEvent(door, context.tenant, params.id)
      if (!isEvent(found)) return found
      return showOne(door, context, found)
    },
  })

export const eventRoutes = (door: Door): Route[] => [listRoute(door), retrieveRoute(door)]
