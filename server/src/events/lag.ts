import { type Read, readTenantTime, tenantTime } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'

const MICROS_PER_MS = 1_000n

/** For how long the oldest delivery has waited for its first attempt, in milliseconds; null where none waits. */
export const deliveryLag =
  (door: { readonly read: Read }) =>
  async (tenant: TenantId): Promise<number | null> => {
    const [rows = [], time = []] = await door.read(tenant, [
      {
        name: 'events_lag',
        text: `select min(d.created_micros) from events.deliveries d
                where d.tenant = $1 and d.state = 0 and d.attempts = 0`,
        values: [tenant],
      },
      tenantTime(tenant),
    ])
    const oldest = (rows[0]?.[0] ?? null) as bigint | null
    if (oldest === null) return null
    return Math.max(0, Number((readTenantTime(time) - oldest) / MICROS_PER_MS))
  }
