import { Type } from 'typebox'
import { olderAmong, SESSIONS_AT_WORK } from '../../database/index.ts'
import {
  defineRoute,
  listObject,
  listOf,
  listQuery,
  missingReply,
  type RequestContext,
  type Route,
  readPage,
} from '../../http/index.ts'
import { parseId, type Reply } from '../../kit/index.ts'
import { converse, type Door, livemodeOf, readable, submitForReply } from '../../requests/index.ts'
import { addUpSoon } from '../closing/seal-later.ts'
import { type ClosingStep, closeUnit, refused, reopenUnit, sealUnit } from '../closing/units.ts'
import {
  CLOSING_PREFIX,
  closedObject,
  closingObject,
  closingReply,
  reopenedObject,
  showClosing,
} from '../closing/views.ts'
import { CLOSING_REASONS, type Closing } from '../core/index.ts'
import type { Figures } from '../figures/digest.ts'
import { REOPEN_REASON_LENGTH_MOST, SEAL_DEADLINE_MS } from '../limits.ts'
import { findClosing, listClosings, readClosing } from '../store/closings.ts'
import { READING_REASONS } from './errors.ts'
import { readDate } from './parse.ts'

const PATH = '/v1/ledger/closings'
const NOUN = 'ledger_closing'

/** The migration that brought closed periods: what does not know it would book there. */
const CLOSING_MIGRATION = 20

const find = async (door: Door, context: RequestContext, shownId: string): Promise<Closing | null> => {
  const id = parseId(CLOSING_PREFIX, shownId)
  if (id === null) return null
  const [rows = []] = await door.read(context.tenant, [findClosing(context.tenant, id)])
  return rows[0] === undefined ? null : readClosing(rows[0])
}

const again =
  (door: Door, context: RequestContext) =>
  async (objectId: string): Promise<Reply | null> => {
    const closing = await find(door, context, objectId)
    return closing === null ? null : closingReply(showClosing(closing, livemodeOf(context)), null)
  }

const olderReleaseRuns = async (door: Door, context: RequestContext): Promise<boolean> => {
  const [rows = []] = await door.read(context.tenant, [SESSIONS_AT_WORK])
  const names = rows.map(([name]) => name as string)
  return olderAmong(names, CLOSING_MIGRATION).length > 0
}

const closeRoute = (door: Door): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/ledger/close',
    operation: 'closeLedger',
    summary: 'Close the books through a day',
    description:
      'Nothing is booked on that day or an earlier one from then on. What the period adds up to is recorded as a digest, which `evenkeel verify` proves again. A large period is answered with the status `sealing`: it is closed, and its digest stands in the list of closings when it is added up.',
    permission: 'closing.write',
    idempotency: 'stored',
    body: Type.Object({
      date: Type.String({
        description:
          'The last day to be closed, as YYYY-MM-DD in the tenant’s time zone: a day that is over there.',
      }),
    }),
    answer: closedObject,
    errors: { ...READING_REASONS, ...CLOSING_REASONS },
    examples: { body: { date: '2026-10-31' } },
    handle: (context, { body }) =>
      readable(async () => {
        const through = readDate(body.date, 'date')
        if (await olderReleaseRuns(door, context)) return refused('older_release_running')
        return converse<ClosingStep, Figures | null>(
          door,
          context,
          {
            open: (claim) => closeUnit(context, through, claim),
            outside: (step) => addUpSoon(door, context.tenant, step),
            finish: (claim, step, figures) =>
              sealUnit(context, claim, { ...step, figures }, door.clock.now() + SEAL_DEADLINE_MS),
          },
          again(door, context),
        )
      }),
  })

const reopenRoute = (door: Door): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/ledger/reopen',
    operation: 'reopenLedger',
    summary: 'Reopen a closed period',
    description:
      'Reopens the closing that holds this day, and all later ones, for a reason that stands in the audit log. The closings stay in the list, with the reason.',
    permission: 'closing.write',
    idempotency: 'stored',
    body: Type.Object({
      date: Type.String({ description: 'A day of the period to be reopened, as YYYY-MM-DD.' }),
      reason: Type.String({
        minLength: 1,
        maxLength: REOPEN_REASON_LENGTH_MOST,
        description: 'Why, for the audit log and for whoever sees the closing.',
      }),
    }),
    answer: reopenedObject,
    errors: { ...READING_REASONS, ...CLOSING_REASONS },
    examples: { body: { date: '2026-10-31', reason: 'An invoice of October was booked twice.' } },
    handle: (context, { body }) =>
      readable(() => {
        const day = readDate(body.date, 'date')
        if (body.reason.trim() === '') return refused('reason_missing')
        return submitForReply(
          door,
          context,
          reopenUnit(context, { day, reason: body.reason }),
          async () => null,
        )
      }),
  })

const listRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: PATH,
    operation: 'listLedgerClosings',
    summary: 'List the closings',
    description: 'Every closing there ever was, the newest first, reopened ones with their reason.',
    permission: 'ledger.read',
    query: listQuery({}),
    answer: listOf(closingObject),
    errors: {},
    handle: async (context, { query }) => {
      const page = readPage(query)
      const cursor = page.cursor === null ? null : await find(door, context, page.cursor)
      if (page.cursor !== null && cursor === null) {
        const param = page.direction === 'forward' ? 'starting_after' : 'ending_before'
        return missingReply(NOUN, page.cursor, param)
      }
      const { limit, direction } = page
      const statement = listClosings(context.tenant, { limit, direction, beyond: cursor?.number ?? null })
      const [rows = []] = await door.read(context.tenant, [statement])
      return listObject(PATH, page, rows, (raw) => showClosing(readClosing(raw), livemodeOf(context)))
    },
  })

const retrieveRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: `${PATH}/:id`,
    operation: 'retrieveLedgerClosing',
    summary: 'Show a closing',
    description: 'Its period, its digest, and whether it stands.',
    permission: 'ledger.read',
    params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
    answer: closingObject,
    errors: {},
    handle: async (context, { params }) => {
      const closing = await find(door, context, params.id)
      return closing === null ? missingReply(NOUN, params.id) : showClosing(closing, livemodeOf(context))
    },
  })

export const closingRoutes = (door: Door): Route[] => [
  closeRoute(door),
  reopenRoute(door),
  listRoute(door),
  retrieveRoute(door),
]
