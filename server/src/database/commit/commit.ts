import { assert, Fault, type TenantId, type WallClock } from '../../kit/index.ts'
import type { OnStage } from './batch.ts'
import type { Connections } from './connection.ts'
import type { Entry } from './entry.ts'
import { BUSY_RETRY_AFTER_S } from './limits.ts'
import { Memory } from './memory.ts'
import { Queue } from './queue.ts'
import { type ErrorClass, Recovery } from './recovery.ts'
import { runSeries, SeriesFailed } from './series.ts'
import type { Writer } from './table.ts'
import { CommitUnknown } from './transaction.ts'
import type { Outcome, Unit } from './unit.ts'
import { writeAll } from './write-all.ts'

export type CommitOptions = {
  readonly connections: Connections
  /** The capabilities' writers, in the order in which their tables are written. */
  readonly writers: readonly Writer[]
  readonly clock: WallClock
  readonly classify: (error: unknown) => ErrorClass
  readonly onStage?: OnStage
}

/** A batch that was answered: how many units, and how long from its deciding to its answers. */
export type BatchSeen = { readonly tenant: TenantId; readonly units: number; readonly ms: number }

/** The one door through which anything changes. */
export type Commit = {
  readonly submit: <Answer>(unit: Unit<Answer>) => Promise<Outcome<Answer>>
  /** Units that are not answered yet. */
  readonly waiting: () => number
  /** Tells of each batch, for metrics. */
  readonly observe: (observer: (batch: BatchSeen) => void) => void
  /** Resolves when everything that was submitted is answered; later units are refused with 503. */
  readonly drain: () => Promise<void>
}

const stopped = (): Fault =>
  new Fault('The server is stopping. Nothing was done. It is safe to retry with the same Idempotency-Key.', {
    kind: 'unavailable',
    code: 'server_stopping',
    retryAfterS: BUSY_RETRY_AFTER_S,
  })

/** A tenant's units are worked on by one loop, as long as there are any. */
class Committer implements Commit {
  readonly #options: CommitOptions
  readonly #write: Writer
  readonly #memory = new Memory()
  readonly #recovery: Recovery
  readonly #queues = new Map<TenantId, Queue>()
  readonly #loops = new Set<Promise<void>>()
  readonly #observers: ((batch: BatchSeen) => void)[] = []
  #waiting = 0
  #stopping = false

  constructor(options: CommitOptions) {
    const { connections, classify, onStage = null } = options
    this.#options = options
    this.#write = writeAll(options.writers)
    this.#recovery = new Recovery({
      connections,
      classify,
      onStage,
      write: this.#write,
      memory: this.#memory,
    })
  }

  submit = <Answer>(unit: Unit<Answer>): Promise<Outcome<Answer>> => {
    assert(unit.reads.length <= 3, 'a unit reads in at most three rounds')
    if (this.#stopping) return Promise.reject(stopped())
    return new Promise<Outcome<Answer>>((resolve, reject) => {
      const entry: Entry = {
        unit,
        deferrals: 0,
        resolve: (outcome) => {
          this.#waiting--
          resolve(outcome as Outcome<Answer>)
        },
        reject: (error) => {
          this.#waiting--
          reject(error)
        },
      }
      this.#enqueue(entry)
      this.#waiting++
    })
  }

  waiting = (): number => this.#waiting

  observe = (observer: (batch: BatchSeen) => void): void => {
    this.#observers.push(observer)
  }

  drain = async (): Promise<void> => {
    this.#stopping = true
    while (this.#loops.size > 0) await Promise.all(this.#loops)
  }

  #enqueue(entry: Entry): void {
    const { tenant } = entry.unit
    const known = this.#queues.get(tenant)
    if (known !== undefined) {
      known.add(entry)
      return
    }
    const queue = new Queue()
    queue.add(entry)
    this.#queues.set(tenant, queue)
    // The first unit waits for the end of this turn of the event loop, so that what arrived with it goes with it.
    const loop = Promise.resolve().then(() => this.#work(tenant, queue))
    this.#loops.add(loop)
    void loop.finally(() => this.#loops.delete(loop))
  }

  async #work(tenant: TenantId, queue: Queue): Promise<void> {
    while (queue.length > 0) {
      if (this.#options.onStage === undefined) await this.#series(tenant, queue)
      else await this.#recover(tenant, queue, queue.take(this.#options.clock.now()))
    }
    this.#queues.delete(tenant)
    this.#memory.rest(tenant)
  }

  async #series(tenant: TenantId, queue: Queue): Promise<void> {
    const { connections, clock } = this.#options
    let failure: SeriesFailed | null = null
    try {
      const connection = await connections.acquire()
      const onAnswered = (units: number, sinceMs: number): void =>
        this.#tell(tenant, units, clock.now() - sinceMs)
      try {
        await runSeries(connection, {
          tenant,
          queue,
          write: this.#write,
          memory: this.#memory,
          connections,
          clock,
          onAnswered,
        })
        connection.release(false)
      } catch (error) {
        // A connection that failed half-way is closed, which also ends its transaction and frees the head row.
        connection.release(true)
        throw error
      }
    } catch (error) {
      failure =
        error instanceof SeriesFailed
          ? error
          : new SeriesFailed({ decided: [], entries: queue.take(clock.now()), cause: error })
    }
    if (failure !== null) await this.#afterFailure(tenant, queue, failure)
  }

  async #afterFailure(
    tenant: TenantId,
    queue: Queue,
    { decided, entries, cause }: SeriesFailed,
  ): Promise<void> {
    this.#memory.forget(tenant)
    const all = [...decided.map(({ entry }) => entry), ...entries]
    try {
      if (cause instanceof CommitUnknown && (await this.#recovery.look(tenant, cause, decided))) return
    } catch (error) {
      for (const entry of all) entry.reject(error)
      return
    }
    await this.#recover(tenant, queue, all)
  }

  /** Runs a batch by itself. Nothing it throws may end the loop: others wait behind it. */
  async #recover(tenant: TenantId, queue: Queue, entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return
    const startedMs = this.#options.clock.now()
    try {
      queue.putBack(await this.#recovery.run(tenant, entries))
    } catch (error) {
      for (const entry of entries) entry.reject(error)
    }
    this.#tell(tenant, entries.length, this.#options.clock.now() - startedMs)
  }

  #tell(tenant: TenantId, units: number, ms: number): void {
    for (const observer of this.#observers) {
      try {
        observer({ tenant, units, ms })
      } catch {
        // A metric only looks on. Were its failure taken for the batch's own, what is committed would be done again.
      }
    }
  }
}

export const createCommit = (options: CommitOptions): Commit => new Committer(options)
