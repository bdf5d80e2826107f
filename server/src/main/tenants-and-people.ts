import type { Actor } from '../audit/index.ts'
import type { Pools, Read } from '../database/index.ts'
import type { WallClock } from '../kit/index.ts'
import { createPeople, findPersonOver, type People } from '../people/index.ts'
import { type AsOwner, createTenants, inTransaction, personKeysOf, type Tenants } from '../tenants/index.ts'
import { createDataKey, type Keyring } from '../vault/index.ts'

export type TenantsGround = {
  readonly asOwner: AsOwner
  readonly ring: Keyring
  readonly pools: Pools
  readonly read: Read
  readonly clock: WallClock
  readonly actor: Actor
}

/** Tenants and people: a person's key is the tenants', and whose it is, is the people's. */
export const openTenants = (
  ground: TenantsGround,
): { readonly tenants: Tenants; readonly people: People } => {
  const { asOwner, ring, pools, read, clock, actor } = ground
  const tenants = createTenants({
    asOwner,
    makeDataKey: (owner, tenant) => createDataKey(owner, ring, tenant),
    plain: pools.plain,
    reader: pools.reader,
    clock,
    actor,
    findPerson: findPersonOver(read),
  })
  const people = createPeople({
    inTransaction: (work) => inTransaction(asOwner, work),
    keys: personKeysOf(actor),
    tenants: tenants.list,
    read,
    reader: pools.reader,
    clock,
    actor,
  })
  return { tenants, people }
}
