import type { TenantId } from '../../kit/index.ts'
import { WorkingSet } from './draft.ts'

type Kept = { set: WorkingSet; batch: bigint }

/**
 * Rows that stay in memory between batches. They are as the tenant's batch number `batch` left them, so they are
 * right exactly as long as the head row still shows that number; one commit of another process makes them void.
 */
export class Memory {
  readonly #kept = new Map<TenantId, Kept>()

  setOf(tenant: TenantId): WorkingSet {
    return this.#of(tenant).set
  }

  isCurrent(tenant: TenantId, batch: bigint): boolean {
    const kept = this.#of(tenant)
    return kept.batch === batch || kept.set.isEmpty()
  }

  /** Forgets everything of the tenant: after a fault, or when another process has committed. */
  forget(tenant: TenantId): WorkingSet {
    const set = new WorkingSet()
    this.#kept.set(tenant, { set, batch: -1n })
    return set
  }

  /** The batch is committed: keeps the rows of tables that may be kept, as many as they allow, newest first. */
  keep(tenant: TenantId, batch: bigint): void {
    const kept = this.#of(tenant)
    kept.batch = batch
    for (const [table, rows] of kept.set.tables) {
      if (table.keep === undefined) {
        kept.set.tables.delete(table)
        continue
      }
      for (const key of rows.keys()) {
        if (rows.size <= table.keep.most) break
        rows.delete(key)
      }
    }
  }

  #of(tenant: TenantId): Kept {
    const known = this.#kept.get(tenant)
    if (known !== undefined) return known
    const made = { set: new WorkingSet(), batch: -1n }
    this.#kept.set(tenant, made)
    return made
  }
}
