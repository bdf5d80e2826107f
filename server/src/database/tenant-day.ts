import type { Day, Micros, TenantId } from '../kit/index.ts'
import type { RawRow, Statement } from './commit/table.ts'
import { TENANT_MICROS } from './commit/tenant-clock.ts'

/** The tenant's time, the day that it falls on in the tenant's zone, and when the next one begins. */
export type TenantDay = {
  readonly nowMicros: Micros
  readonly day: Day
  readonly midnightMicros: Micros
  readonly timeZone: string
}

/** As tenantTime, for those who count by days. */
export const tenantDay = (tenant: TenantId): Statement => ({
  name: 'tenant_day',
  text: `select n.micros, l.day - date '1970-01-01',
                (extract(epoch from ((l.day + 1)::timestamp at time zone h.time_zone)) * 1000000)::bigint,
                h.time_zone
           from database.heads h
          cross join lateral (select greatest(h.newest_micros, ${TENANT_MICROS}) as micros) n
          cross join lateral (select (to_timestamp(n.micros / 1000000.0) at time zone h.time_zone)::date as day) l
          where h.tenant = $1`,
  values: [tenant],
})

/** What tenantDay was answered with; null where the tenant is gone. */
export const readTenantDay = (rows: readonly RawRow[]): TenantDay | null => {
  const [row] = rows
  if (row === undefined) return null
  return {
    nowMicros: row[0] as Micros,
    day: row[1] as Day,
    midnightMicros: row[2] as Micros,
    timeZone: row[3] as string,
  }
}
