import { type Static, Type } from 'typebox'
import { secondsOf, showId } from '../kit/index.ts'
import type { ClockRow } from './core/model.ts'

export const CLOCK_PREFIX = 'clock'
const OBJECT = 'test_helpers.test_clock'

const seconds = (description: string) => Type.Integer({ description })

export const clockObject = Type.Object({
  id: Type.String(),
  object: Type.Literal(OBJECT),
  created: seconds('When the clock was taken in hand.'),
  deletes_after: seconds('When it is let go by itself, by the wall clock.'),
  frozen_time: seconds('The time in the sandbox.'),
  livemode: Type.Boolean(),
  name: Type.Union([Type.String(), Type.Null()]),
  status: Type.Union([Type.Literal('ready'), Type.Literal('advancing'), Type.Literal('internal_failure')]),
  status_details: Type.Object({
    advancing: Type.Optional(Type.Object({ target_frozen_time: seconds('Where it goes.') })),
  }),
})

export type ClockObject = Static<typeof clockObject>

export const showClock = (row: ClockRow): ClockObject => ({
  id: showId(CLOCK_PREFIX, row.id),
  object: OBJECT,
  created: secondsOf(row.createdMicros),
  deletes_after: row.deletesAfterS,
  frozen_time: secondsOf(row.frozenMicros),
  livemode: false,
  name: row.name,
  status: row.status,
  status_details:
    row.status === 'advancing' ? { advancing: { target_frozen_time: secondsOf(row.targetMicros) } } : {},
})

export const deletedObject = Type.Object({
  id: Type.String(),
  object: Type.Literal(OBJECT),
  deleted: Type.Literal(true),
})

export const showDeleted = (row: ClockRow): Static<typeof deletedObject> => ({
  id: showId(CLOCK_PREFIX, row.id),
  object: OBJECT,
  deleted: true,
})

export const reportObject = Type.Object({
  object: Type.Literal('test_helpers.test_clock.report'),
  test_clock: Type.String(),
  status: clockObject.properties.status,
  from_time: seconds('Where the last advance began.'),
  target_time: seconds('Where it was to go.'),
  reached_time: seconds('Where the clock stands.'),
  stops: Type.Integer({ description: 'How often it stopped on the way, for something that was due.' }),
  counts: Type.Record(Type.String(), Type.Integer(), {
    description: 'What was done on the way, by kind: timers that fired, deliveries, answers of rails.',
  }),
})

export const showReport = (row: ClockRow): Static<typeof reportObject> => ({
  object: 'test_helpers.test_clock.report',
  test_clock: showId(CLOCK_PREFIX, row.id),
  status: row.status,
  from_time: secondsOf(row.report === null ? row.frozenMicros : BigInt(row.report.fromMicros)),
  target_time: secondsOf(row.report === null ? row.frozenMicros : BigInt(row.report.targetMicros)),
  reached_time: secondsOf(row.frozenMicros),
  stops: row.report?.stops ?? 0,
  counts: { ...(row.report?.counts ?? {}) },
})

export const sandboxClockObject = Type.Object({
  object: Type.Literal('test_helpers.clock'),
  livemode: Type.Boolean(),
  now: seconds('The time in the sandbox, or in the live books.'),
  test_clock: Type.Union([clockObject, Type.Null()], {
    description: 'The test clock by which it stands still; null where it runs.',
  }),
})
