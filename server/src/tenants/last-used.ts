import type { Principal } from '../http/index.ts'
import { parseId, type TenantId, type Uuid } from '../kit/index.ts'
import { USES_REMEMBERED } from './limits.ts'
import { KEY_PREFIX } from './model.ts'
import { type AsOwner, actFor, inTransaction } from './owner.ts'

/** Which keys were used since it was last written down. */
export type Uses = {
  /** In the path of every request: nothing but an entry in memory. */
  readonly note: (principal: Principal) => void
  /** Writes down what was noted: one statement for each tenant, however often its keys were used. */
  readonly record: () => Promise<void>
}

const writeUses = async (asOwner: AsOwner, tenant: TenantId, ids: readonly Uuid[]): Promise<void> => {
  await inTransaction(asOwner, async (owner) => {
    await actFor(owner, tenant)
    await owner.query(
      'update tenants.api_keys set last_used_at = now() where tenant = $1 and id = any($2::uuid[])',
      [tenant, ids],
    )
  })
}

export const createUses = (asOwner: AsOwner): Uses => {
  let used = new Map<string, TenantId>()
  return {
    note: ({ keyId, tenant }) => {
      if (used.size < USES_REMEMBERED) used.set(keyId, tenant)
    },
    record: async () => {
      const noted = used
      used = new Map()
      const byTenant = Map.groupBy(noted, ([, tenant]) => tenant)
      for (const [tenant, keys] of byTenant) {
        const ids = keys.map(([keyId]) => parseId(KEY_PREFIX, keyId)).filter((id) => id !== null)
        await writeUses(asOwner, tenant, ids)
      }
    },
  }
}
