import { setTimeout as pause } from 'node:timers/promises'
import { nextReached, type Unit } from '../database/index.ts'
import { assert, Fault, type Micros, newUuid, type TenantId, type Uuid } from '../kit/index.ts'
import type { Door } from '../requests/index.ts'
import { addCounts, type ClockRow, type Counts, nextStop, totalOf } from './core/model.ts'
import { arriveUnit, type Lead, moveUnit, renewUnit, resignUnit, takeLeadUnit } from './lead.ts'
import { ATTEMPTS_MOST, RENEW_EVERY_MS, RETRY_PAUSE_MS, ROUNDS_MOST, WORK_DEADLINE_MS } from './limits.ts'

/**
 * Work of another capability that goes by the tenant's clock without being a timer: answers that a sandbox's rail owes,
 * deliveries that are due. It is asked at every stop, and again as long as something happened there.
 */
export type Drain = {
  /** Does what is due up to that moment, each once, and says how much of what kind it did. */
  readonly run: (tenant: TenantId, untilMicros: Micros) => Promise<Counts>
  /** When it has something to do next; left out where its work is always set as timers. */
  readonly nextDue?: (tenant: TenantId) => Promise<Micros | null>
}

export type AdvanceOptions = {
  readonly door: Door
  readonly drains: readonly Drain[]
  /** The timer worker's: fires what the clock has reached. */
  readonly fireReached: (tenant: TenantId) => Promise<ReadonlyMap<string, number>>
  readonly onError: (error: unknown) => void
}

/** Somebody else leads by now, or the clock is gone: nothing of it is this process's any more. */
class Deposed extends Error {
  override readonly name = 'Deposed'
}

/** One advance, led by this process. */
class Advance {
  readonly #options: AdvanceOptions
  readonly #lead: Omit<Lead, 'deadlineMs'>
  readonly #stopping: AbortSignal
  #isDeposed = false
  /** What was done at this stop so far. */
  #done: Counts = {}

  constructor(options: AdvanceOptions, lead: Omit<Lead, 'deadlineMs'>, stopping: AbortSignal) {
    this.#options = options
    this.#lead = lead
    this.#stopping = stopping
  }

  async run(): Promise<void> {
    const row = await this.#submit(takeLeadUnit)
    if (row === null) return
    const renewing = setInterval(() => this.#renew(), RENEW_EVERY_MS).unref()
    try {
      await this.#go(row)
    } catch (error) {
      if (!(error instanceof Deposed)) throw error
    } finally {
      clearInterval(renewing)
    }
  }

  #renew(): void {
    this.#submit(renewUnit).then(
      (row) => {
        if (row === null) this.#isDeposed = true
      },
      (error: unknown) => this.#options.onError(error),
    )
  }

  async #submit(unit: (lead: Lead) => Unit<ClockRow | null>): Promise<ClockRow | null> {
    const { commit, clock } = this.#options.door
    const outcome = await commit.submit(unit({ ...this.#lead, deadlineMs: clock.now() + WORK_DEADLINE_MS }))
    assert(outcome.kind === 'decided', 'a unit without a key is decided')
    return outcome.answer
  }

  async #ledBy(unit: (lead: Lead) => Unit<ClockRow | null>): Promise<ClockRow> {
    const row = await this.#submit(unit)
    if (row === null) throw new Deposed()
    return row
  }

  /** From stop to stop: at each one everything that is due is done before the clock moves on. */
  async #go(start: ClockRow): Promise<void> {
    for (let row = start; ; ) {
      const settled = await this.#settleWithPatience(row)
      const counts = this.#done
      this.#done = {}
      if (settled === 'stopping') {
        await this.#submit((lead) => resignUnit(lead, counts))
        return
      }
      const isThere = row.frozenMicros >= row.targetMicros
      if (settled === 'failed' || isThere) {
        const status = settled === 'failed' ? 'internal_failure' : 'ready'
        await this.#ledBy((lead) => arriveUnit(lead, { status, counts }))
        return
      }
      const atMicros = await this.#nextStop(row)
      row = await this.#ledBy((lead) => moveUnit(lead, { atMicros, counts }))
    }
  }

  /** A fault of the world is met with patience; a stop at which nothing succeeds ends the advance. */
  async #settleWithPatience(row: ClockRow): Promise<'quiet' | 'failed' | 'stopping'> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#settle(row)) ? 'quiet' : 'stopping'
      } catch (error) {
        if (error instanceof Deposed || isGone(error)) throw new Deposed()
        this.#options.onError(error)
        if (attempt === ATTEMPTS_MOST) return 'failed'
        await pause(RETRY_PAUSE_MS * attempt)
      }
    }
  }

  /** Timers and drains in turns, until a whole round has found nothing; false when this process is to stop. */
  async #settle({ frozenMicros }: ClockRow): Promise<boolean> {
    const { drains, fireReached } = this.#options
    const { tenant } = this.#lead
    for (let round = 0; round < ROUNDS_MOST; round++) {
      if (this.#stopping.aborted) return false
      if (this.#isDeposed) throw new Deposed()
      const before = totalOf(this.#done)
      this.#done = addCounts(this.#done, Object.fromEntries(await fireReached(tenant)))
      for (const drain of drains) this.#done = addCounts(this.#done, await drain.run(tenant, frozenMicros))
      if (totalOf(this.#done) === before) return true
    }
    throw new Error(`something makes itself due again and again at ${frozenMicros}`)
  }

  async #nextStop({ frozenMicros, targetMicros }: ClockRow): Promise<Micros> {
    const { door, drains } = this.#options
    const { tenant } = this.#lead
    const [rows = []] = await door.read(tenant, [nextReached(tenant, targetMicros)])
    const dues = [rows[0]?.[0] as Micros | null]
    for (const drain of drains) dues.push((await drain.nextDue?.(tenant)) ?? null)
    const stop = nextStop(dues, targetMicros)
    // What came due meanwhile is done at the next stop, which is never the same one again.
    return stop > frozenMicros ? stop : nextStop([frozenMicros + 1n], targetMicros)
  }
}

/** The sandbox was deleted meanwhile. */
const isGone = (error: unknown): boolean => error instanceof Fault && error.code === 'tenant_gone'

export type Advances = {
  /** Moves a clock on in the background, if nobody does; called again and again while it moves, by its timer. */
  readonly begin: (tenant: TenantId, clock: Uuid) => void
  /** Leaves what is being moved to another process, and waits for the step that is being done. */
  readonly stop: () => Promise<void>
}

export const createAdvances = (options: AdvanceOptions): Advances => {
  const stopping = new AbortController()
  const running = new Map<string, Promise<void>>()
  return {
    begin: (tenant, clock) => {
      const name = `${tenant} ${clock}`
      if (stopping.signal.aborted || running.has(name)) return
      const lead = { tenant, clock, leader: newUuid(options.door.clock.now()) }
      const advance = new Advance(options, lead, stopping.signal)
      const run = advance
        .run()
        .catch(options.onError)
        .finally(() => running.delete(name))
      running.set(name, run)
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(running.values())
    },
  }
}
