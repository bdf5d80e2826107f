import { parseId, secondsOf, type TenantId } from '../kit/index.ts'
import type { PaymentsDoor } from './door.ts'
import { charges } from './store/tables.ts'
import { CHARGE_PREFIX } from './views.ts'

/** When charges were made, in seconds of the tenant's time, by their shown ids; those of them that are there. */
export const whenCharged =
  (door: Pick<PaymentsDoor, 'read'>) =>
  async (tenant: TenantId, shown: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const byId = new Map(shown.map((text) => [parseId(CHARGE_PREFIX, text), text]))
    const ids = [...byId.keys()].filter((id) => id !== null)
    const [rows = []] = await door.read(tenant, [charges.find(tenant, ids)])
    return new Map(
      rows.map(charges.read).map(({ id, createdMicros }) => [byId.get(id) ?? '', secondsOf(createdMicros)]),
    )
  }
