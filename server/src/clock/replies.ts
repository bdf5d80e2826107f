import { refusalReply } from '../http/index.ts'
import { type Reply, showId, type Uuid } from '../kit/index.ts'
import { noSuchReply } from '../requests/index.ts'
import type { ClockRow } from './core/model.ts'
import { type ClockReason, clockReasons } from './core/reasons.ts'
import { CLOCK_PREFIX, showClock, showDeleted } from './views.ts'

export const missingClock = (id: Uuid): Reply => noSuchReply('test_clock', showId(CLOCK_PREFIX, id), 'id')

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
