import { setTimeout as pause } from 'node:timers/promises'
import { Fault, type TenantId } from '../../kit/index.ts'
import { databaseAway, faultOfDatabase } from '../connect/database-fault.ts'
import type { OnStage } from './batch.ts'
import { runBatch } from './batch.ts'
import type { Connections } from './connection.ts'
import type { Decided } from './decide-all.ts'
import type { Entry } from './entry.ts'
import { BATCH_RETRIES_MOST, BATCH_RETRY_PAUSE_MS } from './limits.ts'
import { wasCommitted } from './looking.ts'
import type { Memory } from './memory.ts'
import type { Writer } from './table.ts'
import { CommitUnknown, settle } from './transaction.ts'

/** How a database error is to be taken: again, or as a bug of the batch. */
export type ErrorClass = 'transient' | 'other'

export type RecoveryOptions = {
  readonly connections: Connections
  readonly write: Writer
  readonly memory: Memory
  readonly classify: (error: unknown) => ErrorClass
  readonly onStage: OnStage | null
}

/** Runs batches one at a time and patiently: the way of a batch that failed, and of every batch under a test's hooks. */
export class Recovery {
  readonly #options: RecoveryOptions

  constructor(options: RecoveryOptions) {
    this.#options = options
  }

  /** Tries until it is committed, gives up on a fault that stays, and finds the unit that poisons the rest. */
  async run(tenant: TenantId, entries: readonly Entry[]): Promise<Entry[]> {
    for (let retry = 0; ; retry++) {
      try {
        return await this.#attempt(tenant, entries)
      } catch (error) {
        const isTransient = this.#isTransient(error)
        if (isTransient && retry < BATCH_RETRIES_MOST) {
          await pause(BATCH_RETRY_PAUSE_MS * 2 ** retry)
          continue
        }
        if (error instanceof Fault || isTransient) {
          const fault = error instanceof Fault ? error : (faultOfDatabase(error) ?? databaseAway(error))
          for (const entry of entries) entry.reject(fault)
          return []
        }
        return await this.#isolate(tenant, entries, error)
      }
    }
  }

  /** A batch whose COMMIT was sent and not answered: looks, and answers its callers if it was committed. */
  async look(tenant: TenantId, lost: CommitUnknown, decided: readonly Decided[]): Promise<boolean> {
    if (!(await wasCommitted(this.#options.connections, tenant, lost.batch))) return false
    settle(this.#options.memory, tenant, lost.batch, decided)
    return true
  }

  async #attempt(tenant: TenantId, entries: readonly Entry[]): Promise<Entry[]> {
    const { connections, write, memory, onStage } = this.#options
    const connection = await connections.acquire()
    let decided: readonly Decided[] = []
    const onDecided = (by: readonly Decided[]): void => {
      decided = by
    }
    try {
      const deferred = await runBatch(connection, { tenant, entries, write, memory, onStage, onDecided })
      connection.release(false)
      return deferred
    } catch (error) {
      // A connection that failed half-way is closed, which also ends its transaction and frees the head row.
      connection.release(true)
      // Before the look, which may itself end in a fault: what may not have happened must not stay in memory.
      memory.forget(tenant)
      if (!(error instanceof CommitUnknown)) throw error
      const settled = new Set(decided.map(({ entry }) => entry))
      if (await this.look(tenant, error, decided)) return entries.filter((entry) => !settled.has(entry))
      throw error.cause
    }
  }

  async #isolate(tenant: TenantId, entries: readonly Entry[], error: unknown): Promise<Entry[]> {
    if (entries.length <= 1) {
      for (const entry of entries) entry.reject(error)
      return []
    }
    const half = Math.ceil(entries.length / 2)
    const first = await this.run(tenant, entries.slice(0, half))
    return [...first, ...(await this.run(tenant, entries.slice(half)))]
  }

  #isTransient(error: unknown): boolean {
    return !(error instanceof Fault) && this.#options.classify(error) === 'transient'
  }
}
