import { setTimeout as pause } from 'node:timers/promises'
import { Fault, type Micros, newUuid, type TenantId, type Uuid } from '../kit/index.ts'
import { isEnabled } from './core/endpoint.ts'
import { readState } from './deliver/fan-out.ts'
import { type Report, Turn } from './deliver/turn.ts'
import { World, type WorldOptions } from './deliver/world.ts'
import {
  ADVANCE_TIMEOUT_MS,
  ASK_MS,
  ATTEMPT_TIMEOUT_MS,
  ERROR_PAUSE_MS,
  LOOK_MS,
  NOT_LISTENING_MS,
  POLL_MS,
  ROUND_MS,
  STOP_MS,
  TENANTS_AT_ONCE_MOST,
} from './limits.ts'
import { nextDue } from './store/deliveries.ts'
import { ask, claimAny, claimOne, onList, release } from './store/listening.ts'
import { runFor } from './store/run.ts'

export type Webhooks = {
  /** Something was committed for the tenant: its events are looked at soon. Called after each batch, so it costs nothing. */
  readonly kick: (tenant: TenantId) => void
  /**
   * For whoever moves a tenant's clock on: makes the deliveries of all that has happened, tries each that is due up to
   * a moment once, for at most 2 s, and says what came of it.
   */
  readonly deliverDue: (tenant: TenantId, untilMicros: Micros) => Promise<Report>
  /** When the next delivery falls due, by the tenant's clock; null when none waits. */
  readonly nextDue: (tenant: TenantId) => Promise<Micros | null>
  /** Begins nothing new, and waits for what is under way. */
  readonly stop: () => Promise<void>
}

const MICROS_PER_MS = 1_000n

const NOTHING: Report = { attempted: 0, succeeded: 0, failed: 0 }

const busy = (): Fault =>
  new Fault('Another server is still delivering this tenant’s webhooks.', {
    kind: 'unavailable',
    code: 'webhooks_busy',
    retryAfterS: 1,
  })

/** Delivers events to the endpoints of all tenants. Several processes share the work by leases, a tenant at a time. */
class WebhookWorker implements Webhooks {
  readonly #world: World
  readonly #turns = new Map<TenantId, Turn>()
  readonly #running = new Set<Promise<unknown>>()
  readonly #kicked = new Set<TenantId>()
  readonly #notListening = new Map<TenantId, number>()
  readonly #stopping = new AbortController()
  readonly #polling: Promise<void>

  constructor(options: WorldOptions) {
    this.#world = new World(options)
    this.#polling = this.#poll()
  }

  kick = (tenant: TenantId): void => {
    const turn = this.#turns.get(tenant)
    if (turn !== undefined) turn.fresh()
    else if (!this.#kicked.has(tenant) && !this.#stopping.signal.aborted && !this.#isDeaf(tenant)) {
      this.#kicked.add(tenant)
      this.#run(this.#answerKick(tenant))
    }
  }

  deliverDue = async (tenant: TenantId, untilMicros: Micros): Promise<Report> => {
    const { connections, clock } = this.#world.options
    const worker = newUuid(clock.now())
    await onList(connections, ask(tenant, ASK_MS))
    const lastMs = clock.now() + ASK_MS
    for (;;) {
      // A turn of this process need not wait for its next renewal to hear of it.
      this.#turns.get(tenant)?.end()
      const [row] = await onList(connections, claimOne(worker, tenant, true))
      if (row === undefined) return NOTHING
      if (row[0] === true) break
      if (clock.now() > lastMs) throw busy()
      await pause(ROUND_MS)
    }
    const options = { world: this.#world, tenant, worker, timeoutMs: ADVANCE_TIMEOUT_MS, untilMicros }
    try {
      return await new Turn(options).run()
    } finally {
      await onList(connections, release(worker, tenant, { inMs: 0, hasAsked: true }))
    }
  }

  nextDue = async (tenant: TenantId): Promise<Micros | null> => {
    const state = await readState(this.#world, tenant)
    return this.#dueAmong(
      tenant,
      state.endpoints.filter(isEnabled).map(({ id }) => id),
    )
  }

  stop = async (): Promise<void> => {
    this.#stopping.abort()
    for (const turn of this.#turns.values()) turn.end()
    await this.#polling
    const cut = setTimeout(() => this.#world.cut(), STOP_MS)
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
    clearTimeout(cut)
    this.#world.cut()
  }

  #run(work: Promise<unknown>): void {
    const told = work.catch((error: unknown) => this.#tell(error))
    this.#running.add(told)
    void told.finally(() => this.#running.delete(told))
  }

  #tell(error: unknown): void {
    this.#world.options.log.warn(
      { error: String(error) },
      'webhooks could not be worked on; it is tried again',
    )
  }

  #isDeaf(tenant: TenantId): boolean {
    const untilMs = this.#notListening.get(tenant)
    if (untilMs === undefined) return false
    if (untilMs > this.#world.options.clock.now()) return true
    this.#notListening.delete(tenant)
    return false
  }

  /** What is committed within a moment is looked at together. */
  async #answerKick(tenant: TenantId): Promise<void> {
    const { connections, clock } = this.#world.options
    await pause(ROUND_MS)
    this.#kicked.delete(tenant)
    if (this.#turns.has(tenant) || this.#stopping.signal.aborted) return
    const worker = newUuid(clock.now())
    const [row] = await onList(connections, claimOne(worker, tenant, false))
    if (row === undefined) this.#notListening.set(tenant, clock.now() + NOT_LISTENING_MS)
    if (row?.[0] === true) this.#begin(tenant, worker)
  }

  #begin(tenant: TenantId, worker: Uuid): void {
    const turn = new Turn({
      world: this.#world,
      tenant,
      worker,
      timeoutMs: ATTEMPT_TIMEOUT_MS,
      untilMicros: null,
    })
    this.#turns.set(tenant, turn)
    if (this.#stopping.signal.aborted) turn.end()
    this.#run(this.#work(tenant, worker, turn))
  }

  async #work(tenant: TenantId, worker: Uuid, turn: Turn): Promise<void> {
    const { connections } = this.#world.options
    let inMs = ERROR_PAUSE_MS
    try {
      await turn.run()
      inMs = await this.#lookIn(tenant)
    } finally {
      this.#turns.delete(tenant)
      const isLate = turn.isFresh || this.#stopping.signal.aborted
      await onList(connections, release(worker, tenant, { inMs: isLate ? 0 : inMs, hasAsked: false }))
    }
    if (turn.isFresh) this.kick(tenant)
  }

  /** How long the tenant may be left alone if nobody kicks. */
  async #lookIn(tenant: TenantId): Promise<number> {
    const state = await readState(this.#world, tenant)
    const due = await this.#dueAmong(
      tenant,
      state.endpoints.map(({ id }) => id),
    )
    if (due === null) return LOOK_MS
    const inMs = Number((due - state.nowMicros) / MICROS_PER_MS)
    return Math.max(0, Math.min(LOOK_MS, inMs))
  }

  async #dueAmong(tenant: TenantId, ids: readonly Uuid[]): Promise<Micros | null> {
    if (ids.length === 0) return null
    const [rows = []] = await runFor(this.#world.options.connections, tenant, [nextDue(tenant, ids)])
    return (rows[0]?.[0] ?? null) as Micros | null
  }

  /** What nobody was kicked about: another process's events, retries that fall due, what a dead process left. */
  async #look(): Promise<void> {
    const { connections, clock } = this.#world.options
    const room = TENANTS_AT_ONCE_MOST - this.#turns.size
    if (room <= 0) return
    const worker = newUuid(clock.now())
    const rows = await onList(connections, claimAny(worker, room))
    for (const [tenant] of rows) {
      if (this.#turns.has(tenant as TenantId))
        await onList(connections, release(worker, tenant as TenantId, { inMs: POLL_MS, hasAsked: false }))
      else this.#begin(tenant as TenantId, worker)
    }
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      let pauseMs = POLL_MS
      try {
        await this.#look()
      } catch (error) {
        this.#tell(error)
        pauseMs = ERROR_PAUSE_MS
      }
      await pause(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

export const startWebhooks = (options: WorldOptions): Webhooks => new WebhookWorker(options)
