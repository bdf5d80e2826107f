import { setTimeout as pause } from 'node:timers/promises'
import { assert, Fault, type TenantId, type WallClock } from '../../kit/index.ts'
import { CommitUnknown, type OnStage, runBatch } from './batch.ts'
import type { Connection, Connections } from './connection.ts'
import type { Entry } from './entry.ts'
import { BATCH_RETRIES_MOST, BATCH_RETRY_PAUSE_MS, BUSY_RETRY_AFTER_S } from './limits.ts'
import { wasCommitted } from './looking.ts'
import { Memory } from './memory.ts'
import { Queue } from './queue.ts'
import { writeAll } from './write-all.ts'
import type { Writer } from './table.ts'
import type { Outcome, Unit } from './unit.ts'

/** How a database error is to be taken: again, or as a bug of the batch. */
export type ErrorClass = 'transient' | 'other'

export type CommitOptions = {
  readonly connections: Connections
  /** The capabilities' writers, in the order in which their tables are written. */
  readonly writers: readonly Writer[]
  readonly clock: WallClock
  readonly classify: (error: unknown) => ErrorClass
  readonly onStage?: OnStage
}

/** A batch that was answered: how many units, and how long from taking them to answering them. */
export type BatchSeen = { readonly tenant: TenantId; readonly units: number; readonly ms: number }

/** The one door through which anything changes. */
export type Commit = {
  readonly submit: <Answer>(unit: Unit<Answer>) => Promise<Outcome<Answer>>
  /** Units that wait or are being committed. */
  readonly waiting: () => number
  /** Tells of each batch, for metrics. */
  readonly observe: (observer: (batch: BatchSeen) => void) => void
  /** Resolves when everything that was submitted is answered; later units are refused with 503. */
  readonly drain: () => Promise<void>
}

const stopped = (): Fault =>
  new Fault('The server is stopping. Nothing was done. It is safe to retry with the same Idempotency-Key.', {
    kind: 'unavailable',
    code: 'stopping',
    retryAfterS: BUSY_RETRY_AFTER_S,
  })

const away = (cause: unknown): Fault =>
  new Fault('The database did not answer. It is safe to retry with the same Idempotency-Key.', {
    kind: 'unavailable',
    code: 'database_unavailable',
    retryAfterS: BUSY_RETRY_AFTER_S,
    cause,
  })

export const createCommit = (options: CommitOptions): Commit => {
  const { connections, clock, classify } = options
  const write = writeAll(options.writers)
  const memory = new Memory()
  const queues = new Map<TenantId, Queue>()
  const runs = new Set<Promise<void>>()
  const observers: ((batch: BatchSeen) => void)[] = []
  let stopping = false
  let inFlight = 0

  const attempt = async (tenant: TenantId, entries: readonly Entry[]): Promise<Entry[]> => {
    const connection: Connection = await connections.acquire()
    let broken = true
    try {
      const deferred = await runBatch(connection, { tenant, entries, write, memory, onStage: options.onStage ?? null })
      broken = false
      return deferred
    } catch (error) {
      // A connection that failed half-way is closed, which also ends its transaction and frees the head row.
      connection.release(broken)
      if (!(error instanceof CommitUnknown)) {
        memory.forget(tenant)
        throw error
      }
      if (await wasCommitted(connections, tenant, error)) return error.settle()
      memory.forget(tenant)
      throw error.cause
    } finally {
      if (!broken) connection.release(false)
    }
  }

  const isTransient = (error: unknown): boolean => !(error instanceof Fault) && classify(error) === 'transient'

  /** Tries a batch until it is committed, gives up on a fault that stays, and finds the unit that poisons it. */
  const run = async (tenant: TenantId, entries: readonly Entry[]): Promise<Entry[]> => {
    for (let retry = 0; ; retry++) {
      try {
        return await attempt(tenant, entries)
      } catch (error) {
        if (isTransient(error) && retry < BATCH_RETRIES_MOST) {
          await pause(BATCH_RETRY_PAUSE_MS * 2 ** retry)
          continue
        }
        if (error instanceof Fault || isTransient(error)) {
          for (const entry of entries) entry.reject(error instanceof Fault ? error : away(error))
          return []
        }
        return await isolate(tenant, entries, error)
      }
    }
  }

  const isolate = async (tenant: TenantId, entries: readonly Entry[], error: unknown): Promise<Entry[]> => {
    if (entries.length <= 1) {
      for (const entry of entries) entry.reject(error)
      return []
    }
    const half = Math.ceil(entries.length / 2)
    const first = await run(tenant, entries.slice(0, half))
    return [...first, ...(await run(tenant, entries.slice(half)))]
  }

  const work = async (tenant: TenantId, queue: Queue): Promise<void> => {
    while (queue.length > 0) {
      const entries = queue.take(clock.now())
      if (entries.length === 0) continue
      inFlight += entries.length
      const startedMs = clock.now()
      try {
        queue.putBack(await run(tenant, entries))
      } catch (error) {
        for (const entry of entries) entry.reject(error)
      }
      inFlight -= entries.length
      for (const observer of observers) observer({ tenant, units: entries.length, ms: clock.now() - startedMs })
    }
    queues.delete(tenant)
  }

  const enqueue = (entry: Entry): void => {
    const { tenant } = entry.unit
    const known = queues.get(tenant)
    if (known !== undefined) {
      known.add(entry)
      return
    }
    const queue = new Queue()
    queue.add(entry)
    queues.set(tenant, queue)
    // The first unit waits for the end of this turn of the event loop, so that what arrived with it goes with it.
    const running = Promise.resolve().then(() => work(tenant, queue))
    runs.add(running)
    void running.finally(() => runs.delete(running))
  }

  return {
    submit: <Answer>(unit: Unit<Answer>) => {
      assert(unit.reads.length <= 3, 'a unit reads in at most three rounds')
      if (stopping) return Promise.reject(stopped())
      return new Promise<Outcome<Answer>>((resolve, reject) => {
        enqueue({ unit, resolve: resolve as (outcome: Outcome<unknown>) => void, reject, deferrals: 0 })
      })
    },
    waiting: () => inFlight + [...queues.values()].reduce((sum, queue) => sum + queue.length, 0),
    observe: (observer) => void observers.push(observer),
    drain: async () => {
      stopping = true
      while (runs.size > 0) await Promise.all(runs)
    },
  }
}
