import type { Pools } from '../database/index.ts'
import type { WallClock } from '../kit/index.ts'
import { createSandboxCard, type SandboxCard } from '../rails/index.ts'
import type { Vault } from '../vault/index.ts'

/** The acquirer of all sandboxes. What it signs with stands in the vault, so servers of one database agree. */
export const openSandboxCard = (
  pools: Pick<Pools, 'plain'>,
  vault: Pick<Vault, 'fingerprintKey'>,
  clock: WallClock,
): SandboxCard =>
  createSandboxCard({
    pool: pools.plain,
    clock,
    fingerprintKey: vault.fingerprintKey('card'),
    notificationSecret: vault.fingerprintKey('sandbox acquirer notifications'),
    baseUrl: '',
  })
