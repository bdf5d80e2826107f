import { missingReply, refusalReply } from '../http/index.ts'
import { type Reply, showId, type Uuid } from '../kit/index.ts'
import type { ClockRow } from './core/model.ts'
import { type ClockReason, clockReasons } from './core/reasons.ts'
import { CLOCK_PREFIX, showClock, showDeleted } from './views.ts'

const OBJECT = 'test_helpers.test_clock'

export const missingClock = (id: Uuid): Reply => missingReply(OBJECT, showId(CLOCK_PREFIX, id))

const shown = (row: ClockRow, object: object): Reply => ({
  status: 200,
  body: JSON.stringify(object),
  objectId: showId(CLOCK_PREFIX, row.id),
  code: null,
})

export const clockReply = (row: ClockRow): Reply => shown(row, showClock(row))

export const deletedReply = (row: ClockRow): Reply => shown(row, showDeleted(row))

/** A reason of the list, where more is known with that. */
export const clockRefusal = (code: ClockReason, message: string = clockReasons[code].message): Reply => {
  const reason = clockReasons[code]
  return refusalReply({
    kind: reason.kind,
    code,
    message,
    param: 'param' in reason ? reason.param : null,
  })
}
