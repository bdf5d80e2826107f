import { parseId, showId, type TenantId, type Uuid } from '../kit/index.ts'
import type { Door, Expanders } from '../requests/index.ts'
import type { ClockRow } from './core/model.ts'
import { clocks } from './store.ts'
import { CLOCK_PREFIX, showClock } from './views.ts'

const findClocks = async (
  read: Door['read'],
  tenant: TenantId,
  texts: readonly string[],
): Promise<ClockRow[]> => {
  const ids: Uuid[] = texts.map((text) => parseId(CLOCK_PREFIX, text)).filter((id) => id !== null)
  if (ids.length === 0) return []
  const [rows = []] = await read(tenant, [clocks.find(tenant, ids)])
  return rows.map((raw) => clocks.read(raw))
}

/** Whether the sandbox's clock was taken in hand by this name, and is still held. */
export const hasTestClock = async (read: Door['read'], tenant: TenantId, id: string): Promise<boolean> =>
  (await findClocks(read, tenant, [id])).some(({ held }) => held)

/** What clock_… is expanded to. */
export const clockExpanders: Expanders = {
  [CLOCK_PREFIX]: async (read, { tenant }, texts) =>
    new Map(
      (await findClocks(read, tenant, texts)).map((row) => [showId(CLOCK_PREFIX, row.id), showClock(row)]),
    ),
}
