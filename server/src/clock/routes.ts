import { Type } from 'typebox'
import { nextReached, readTenantTime, tenantTime } from '../database/index.ts'
import {
  type Answer,
  defineRoute,
  listObject,
  listOf,
  listQuery,
  missingReply,
  type RequestContext,
  type Route,
  readPage,
} from '../http/index.ts'
import { newUuid, parseId, type Reply, secondsOf, type Uuid } from '../kit/index.ts'
import {
  type Door,
  livemodeOf,
  readable,
  readId,
  readIdOf,
  submitForReply,
  unitRequest,
} from '../requests/index.ts'
import { type ClockRow, microsOfSeconds } from './core/model.ts'
import { clockReasons } from './core/reasons.ts'
import { NAME_CHARS } from './limits.ts'
import { clockRefusal, clockReply, missingClock } from './replies.ts'
import { clocks } from './store.ts'
import { advanceUnit, releaseUnit, takeUnit } from './units.ts'
import {
  CLOCK_PREFIX,
  clockObject,
  deletedObject,
  reportObject,
  sandboxClockObject,
  showClock,
  showReport,
} from './views.ts'

const PATH = '/v1/test_helpers/test_clocks'
const YEAR_9999_S = 253_402_300_799

const params = Type.Object({ id: Type.String({ description: 'The test clock.' }) })

const frozenTime = (description: string) => Type.Integer({ minimum: 0, maximum: YEAR_9999_S, description })

const clockId = (text: string): Uuid => readIdOf('test_clock', CLOCK_PREFIX, text, 'id')

const find = async (door: Door, context: RequestContext, id: Uuid): Promise<ClockRow | null> => {
  const [rows = []] = await door.read(context.tenant, [clocks.find(context.tenant, [id])])
  const row = rows[0] === undefined ? null : clocks.read(rows[0])
  return row?.held === true ? row : null
}

/** For an answer that is older than its body is kept: the clock as it is now. */
const again =
  (door: Door, context: RequestContext) =>
  async (objectId: string): Promise<Reply | null> => {
    const id = parseId(CLOCK_PREFIX, objectId)
    const row = id === null ? null : await find(door, context, id)
    return row === null ? null : clockReply(row)
  }

const askedBy = (context: RequestContext) => ({
  ...unitRequest(context),
  event: { id: context.requestId, idempotencyKey: context.claim?.key ?? null },
})

const isSomethingDue = async (door: Door, context: RequestContext, untilMicros: bigint): Promise<boolean> => {
  const [rows = []] = await door.read(context.tenant, [nextReached(context.tenant, untilMicros)])
  return typeof rows[0]?.[0] === 'bigint'
}

const create = (door: Door): Route =>
  defineRoute({
    method: 'POST',
    path: PATH,
    operation: 'createTestClock',
    summary: 'Take the sandbox’s clock in hand',
    description:
      'The clock of the sandbox stands still at frozen_time until it is advanced, or runs on from there once the test clock is deleted. A sandbox has one clock, so a second test clock is refused; and it goes forward only, so frozen_time is not before the newest recorded time. Where something falls due on the way to a later frozen_time, the clock advances there.',
    permission: 'test_clocks.write',
    idempotency: 'stored',
    body: Type.Object({
      frozen_time: frozenTime('Where the clock is to stand, in seconds since 1970.'),
      name: Type.Optional(Type.String({ maxLength: NAME_CHARS, description: 'By which people know it.' })),
    }),
    answer: clockObject,
    errors: clockReasons,
    examples: { body: { frozen_time: 1_795_000_000, name: 'A month in a second' } },
    handle: async (context, { body }): Promise<Answer<typeof clockObject>> => {
      if (livemodeOf(context)) return clockRefusal('test_clock_in_live')
      const frozenMicros = microsOfSeconds(body.frozen_time)
      const unit = takeUnit(askedBy(context), {
        id: newUuid(door.clock.now()),
        frozenMicros,
        name: body.name ?? null,
        isSomethingDue: await isSomethingDue(door, context, frozenMicros),
      })
      return submitForReply(door, context, unit, again(door, context))
    },
  })

const advance = (door: Door): Route =>
  defineRoute({
    method: 'POST',
    path: `${PATH}/:id/advance`,
    operation: 'advanceTestClock',
    summary: 'Move the clock forward',
    description:
      'Moves the clock on to frozen_time, by two years at most, and answers at once with the status advancing. On the way it stops wherever something falls due, and goes on when that is done: postings, answers of rails, one attempt of each delivery. Meanwhile reads go on, and whatever else would write is answered with 429. The event test_helpers.test_clock.ready says that it is there.',
    permission: 'test_clocks.write',
    idempotency: 'stored',
    params,
    body: Type.Object({
      frozen_time: frozenTime('Where the clock is to go, in seconds since 1970.'),
    }),
    answer: clockObject,
    errors: clockReasons,
    examples: { body: { frozen_time: 1_797_592_000 } },
    handle: (context, { params: { id }, body }) =>
      readable(() => {
        const unit = advanceUnit(askedBy(context), clockId(id), microsOfSeconds(body.frozen_time))
        return submitForReply(door, context, unit, again(door, context))
      }),
  })

const retrieve = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: `${PATH}/:id`,
    operation: 'retrieveTestClock',
    summary: 'Show a test clock',
    description: 'The test clock as it is now: while it advances, frozen_time is where it has got to.',
    permission: 'test_clocks.read',
    params,
    answer: clockObject,
    errors: {},
    handle: (context, { params: { id } }) =>
      readable(async () => {
        const uuid = clockId(id)
        const row = await find(door, context, uuid)
        return row === null ? missingClock(uuid) : showClock(row)
      }),
  })

const report = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: `${PATH}/:id/report`,
    operation: 'retrieveTestClockReport',
    summary: 'Show what happened during the last advance',
    description:
      'How often the clock stopped on its way, and what was done there, by kind. Not part of Stripe’s API.',
    permission: 'test_clocks.read',
    params,
    answer: reportObject,
    errors: {},
    handle: (context, { params: { id } }) =>
      readable(async () => {
        const uuid = clockId(id)
        const row = await find(door, context, uuid)
        return row === null ? missingClock(uuid) : showReport(row)
      }),
  })

const list = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: PATH,
    operation: 'listTestClocks',
    summary: 'List test clocks',
    description: 'The test clock that has the sandbox’s clock in hand, if there is one.',
    permission: 'test_clocks.read',
    query: listQuery({}),
    answer: listOf(clockObject),
    errors: {},
    handle: (context, { query }) =>
      readable(async () => {
        const page = readPage(query)
        const { tenant } = context
        const { limit, direction } = page
        const cursor = page.cursor === null ? null : readId(CLOCK_PREFIX, page.cursor, 'starting_after')
        if (cursor !== null && (await find(door, context, cursor)) === null)
          return missingReply('test_helpers.test_clock', page.cursor ?? '', 'starting_after')
        const [rows = []] = await door.read(tenant, [
          clocks.list(tenant, { limit, direction, cursor, filters: [{ column: 'held', value: true }] }),
        ])
        return listObject(PATH, page, rows, (raw) => showClock(clocks.read(raw)))
      }),
  })

const remove = (door: Door): Route =>
  defineRoute({
    method: 'DELETE',
    path: `${PATH}/:id`,
    operation: 'deleteTestClock',
    summary: 'Let the clock go',
    description:
      'The clock of the sandbox ticks on from where it stands. What the sandbox holds stays: unlike at Stripe, customers do not belong to a test clock.',
    permission: 'test_clocks.write',
    idempotency: 'natural',
    params,
    answer: deletedObject,
    errors: {},
    handle: (context, { params: { id } }) =>
      readable(() =>
        submitForReply(door, context, releaseUnit(askedBy(context), clockId(id)), again(door, context)),
      ),
  })

const sandboxClock = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/test_helpers/clock',
    operation: 'retrieveClock',
    summary: 'Show what time it is',
    description:
      'The time that the tenant’s records are made by, and the test clock that has it in hand, if there is one. Not part of Stripe’s API.',
    permission: 'test_clocks.read',
    answer: sandboxClockObject,
    errors: {},
    handle: async (context) => {
      const { tenant } = context
      const held = { limit: 1, direction: 'forward', cursor: null } as const
      const [time, rows = []] = await door.read(tenant, [
        tenantTime(tenant),
        clocks.list(tenant, { ...held, filters: [{ column: 'held', value: true }] }),
      ])
      return {
        object: 'test_helpers.clock' as const,
        livemode: livemodeOf(context),
        now: secondsOf(readTenantTime(time)),
        test_clock: rows[0] === undefined ? null : showClock(clocks.read(rows[0])),
      }
    },
  })

export const routesOf = (door: Door): Route[] => [
  create(door),
  list(door),
  retrieve(door),
  report(door),
  advance(door),
  remove(door),
  sandboxClock(door),
]
