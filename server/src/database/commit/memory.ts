import type { TenantId } from '../../kit/index.ts'
import type { Head } from './head.ts'
import { ROWS_KEPT, TENANTS_KEPT } from './limits.ts'
import { WorkingSet } from './working-set.ts'

/** What the head row showed when the rows in memory were right. */
export type Version = Pick<Head, 'batch' | 'id' | 'clock'>

/**
 * The same number is not yet the same batch: where a failover lost batches, others get their numbers. The id tells, and
 * an unknown one is nobody's.
 */
export const isSameBatch = (one: Version, other: Version): boolean =>
  one.batch === other.batch && one.id === other.id && (one.id !== null || one.batch === 0n)

type Kept = { set: WorkingSet; version: Version | null; isAtWork: boolean }

/**
 * Rows that stay in memory between batches. They are as the tenant's batch with that number left them, so they are
 * right exactly as long as the head row still shows it; one commit of another process makes them void.
 */
export class Memory {
  readonly #kept = new Map<TenantId, Kept>()

  setOf(tenant: TenantId): WorkingSet {
    return this.#of(tenant).set
  }

  isCurrent(tenant: TenantId, head: Version): boolean {
    const { set, version } = this.#of(tenant)
    return (version !== null && isSameBatch(version, head)) || set.isEmpty()
  }

  /** Whether this process has seen the head row's newest batch committed, or itself looked that it is. */
  hasSeen(tenant: TenantId, head: Version): boolean {
    const { version } = this.#of(tenant)
    return version !== null && isSameBatch(version, head)
  }

  /** Forgets everything of the tenant: after a fault, or when another process has committed. */
  forget(tenant: TenantId): WorkingSet {
    this.#kept.delete(tenant)
    return this.#of(tenant).set
  }

  /**
   * The batch is committed: keeps as many rows as each table allows, the newest. What the batch after it, `ahead`, has
   * changed already stays in any case: the database does not know it yet, so reading it again would bring the past.
   */
  keep(tenant: TenantId, version: Version, ahead: object | null = null): void {
    const kept = this.#of(tenant)
    kept.version = version
    for (const [table, cells] of kept.set.tables) {
      const most = table.keep?.most ?? ROWS_KEPT
      if (cells.size <= most) continue
      for (const [key, cell] of cells) {
        if (ahead !== null && cell.changedBy === ahead) continue
        cells.delete(key)
        if (cells.size <= most) break
      }
    }
  }

  /** The tenant's last unit is answered. Of the tenants that rest, those that worked last keep their rows. */
  rest(tenant: TenantId): void {
    const kept = this.#of(tenant)
    kept.isAtWork = false
    this.#kept.delete(tenant)
    this.#kept.set(tenant, kept)
    for (const [oldest, { isAtWork }] of this.#kept) {
      if (this.#kept.size <= TENANTS_KEPT) break
      if (!isAtWork) this.#kept.delete(oldest)
    }
  }

  #of(tenant: TenantId): Kept {
    const known = this.#kept.get(tenant)
    if (known !== undefined) {
      known.isAtWork = true
      return known
    }
    const made: Kept = { set: new WorkingSet(), version: null, isAtWork: true }
    this.#kept.set(tenant, made)
    return made
  }
}
