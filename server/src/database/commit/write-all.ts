import type { TenantId } from '../../kit/index.ts'
import { writeClaims } from './claims.ts'
import { writeEvents } from './events.ts'
import type { Statement, Writer, Written } from './table.ts'
import { writeClock } from './tenant-clock.ts'
import { writeTimers } from './timers.ts'

/** All that units may write, in the order in which it is written: the capabilities' tables, then the commit's own. */
export const writeAll =
  (writers: readonly Writer[]) =>
  (tenant: TenantId, written: Written): Statement[] =>
    [...writers, writeClaims, writeEvents, writeClock, writeTimers].flatMap((writer) =>
      writer(tenant, written),
    )
