import { findEventsByNumber, readEventRow } from '../../database/index.ts'
import { assert, type Micros, type TenantId, type Uuid } from '../../kit/index.ts'
import { isEnabled } from '../core/endpoint.ts'
import {
  ADVANCE_TIMEOUT_MS,
  LINGER_MS,
  LOAD_BELOW,
  LOAD_MOST,
  RENEW_MS,
  ROUND_MOST_MS,
  ROUND_MS,
} from '../limits.ts'
import { cancelDue, countPending, type Due, loadDue, readDueRow } from '../store/deliveries.ts'
import { onList, renew } from '../store/listening.ts'
import type { Result } from '../store/results.ts'
import { runFor } from '../store/run.ts'
import { showEvent, showEventId } from '../views.ts'
import { fanOut, readState, type State } from './fan-out.ts'
import { type Attempted, isSuccess, Lane } from './lane.ts'
import { resultOf, settle } from './settle.ts'
import type { World } from './world.ts'

export type TurnOptions = {
  readonly world: World
  readonly tenant: TenantId
  /** Who holds the lease. */
  readonly worker: Uuid
  readonly timeoutMs: number
  /** What is due up to then, once; null: what is due, for as long as there is something to do. */
  readonly untilMicros: Micros | null
}

export type Report = { readonly attempted: number; readonly succeeded: number; readonly failed: number }

/**
 * Works on one tenant's deliveries, for as long as it holds the lease: what happened since, to whom it goes, sending, and
 * writing down what came of it. Rounds of a few statements go on beside the sending, which waits for none of them.
 * Whatever was sent and not written down when this ends in a crash is sent again by whoever comes next.
 */
export class Turn {
  readonly #options: TurnOptions
  readonly #lanes = new Map<Uuid, Lane>()
  readonly #results: Result[] = []
  #state: State | null = null
  #renewedMs: number
  #activeMs: number
  #isLost = false
  #isEnding = false
  #isFresh = true
  #hasReached = false
  readonly #timeUp = new AbortController()
  #wake: () => void = () => undefined
  #report = { attempted: 0, succeeded: 0, failed: 0 }

  constructor(options: TurnOptions) {
    this.#options = options
    this.#renewedMs = this.#activeMs = options.world.options.clock.now()
  }

  /** Whether something was committed since the tenant was last looked at. */
  get isFresh(): boolean {
    return this.#isFresh
  }

  /** Something was committed for the tenant. */
  fresh(): void {
    this.#isFresh = true
    this.#wake()
  }

  /** Begins nothing new, and waits no longer for answers than the one who asks would. */
  end(): void {
    if (this.#isEnding) return
    this.#isEnding = true
    setTimeout(() => this.#timeUp.abort(), ADVANCE_TIMEOUT_MS).unref()
    this.#wake()
  }

  async run(): Promise<Report> {
    try {
      while (await this.#round()) await this.#rest()
    } finally {
      // Their answers are of no use any more, but the bound of requests must know of their end.
      for (const lane of this.#lanes.values()) lane.queue.clear()
    }
    return this.#report
  }

  /** One round; whether there is to be another. */
  async #round(): Promise<boolean> {
    await this.#renew()
    if (this.#isLost) return false
    await this.#writeDown()
    if (this.#isEnding) for (const lane of this.#lanes.values()) lane.queue.clear()
    else await this.#look()
    for (const lane of this.#lanes.values()) lane.pump()
    return !this.#isDone()
  }

  #isDone(): boolean {
    const { world, untilMicros } = this.#options
    const lanes = [...this.#lanes.values()]
    const isBusy =
      this.#results.length > 0 || lanes.some((lane) => lane.inFlight > 0 || lane.queue.waiting > 0)
    if (isBusy) {
      this.#activeMs = world.options.clock.now()
      return false
    }
    if (this.#isEnding) return true
    if (this.#isFresh || !this.#hasReached) return false
    return untilMicros !== null || world.options.clock.now() - this.#activeMs > LINGER_MS
  }

  async #renew(): Promise<void> {
    const { world, tenant, worker, untilMicros } = this.#options
    const nowMs = world.options.clock.now()
    if (nowMs - this.#renewedMs < RENEW_MS) return
    const [row] = await onList(world.options.connections, renew(worker, tenant))
    this.#renewedMs = nowMs
    if (row === undefined) this.#isLost = true
    // The one who asked does not give way to himself.
    else if (row[0] === true && untilMicros === null) this.end()
  }

  async #writeDown(): Promise<void> {
    const results = this.#results.splice(0)
    if (results.length === 0) return
    await settle(this.#options.world, this.#options.tenant, results)
    // What this turn is to try once stays known, and is not read again.
    if (this.#options.untilMicros !== null) return
    for (const { due } of results) this.#lanes.get(due.endpoint)?.queue.forget(due.id)
  }

  async #look(): Promise<void> {
    const { world, tenant } = this.#options
    this.#isFresh = false
    const state = await readState(world, tenant)
    this.#state = state
    await this.#setLanes(state)
    this.#hasReached = await fanOut(world, tenant, state)
    await this.#load(state)
  }

  async #setLanes(state: State): Promise<void> {
    const { world, tenant, timeoutMs } = this.#options
    const enabled = state.endpoints.filter(isEnabled)
    const ids = new Set(enabled.map(({ id }) => id))
    for (const [id, lane] of this.#lanes) if (!ids.has(id)) lane.queue.clear()
    for (const endpoint of enabled) {
      const secrets = await world.secretsOf(tenant, endpoint)
      const lane = this.#lanes.get(endpoint.id)
      if (secrets === null) {
        lane?.queue.clear()
        this.#lanes.delete(endpoint.id)
        continue
      }
      if (lane !== undefined) {
        lane.endpoint = endpoint
        lane.secrets = secrets
        continue
      }
      const { signal } = this.#timeUp
      const onAttempted = (attempted: Attempted): void => this.#take(attempted)
      this.#lanes.set(endpoint.id, new Lane(endpoint, secrets, { world, timeoutMs, signal, onAttempted }))
    }
  }

  #take(attempted: Attempted): void {
    const state = this.#state
    assert(state !== null, 'nothing is sent before the tenant was looked at')
    this.#results.push(resultOf(attempted, state.nowMicros, this.#options.world.options.chance()))
    this.#report.attempted++
    if (isSuccess(attempted.posted)) this.#report.succeeded++
    else this.#report.failed++
    this.#wake()
  }

  /** Fills the lanes that have little left. */
  async #load(state: State): Promise<void> {
    const { world, tenant } = this.#options
    const untilMicros = this.#options.untilMicros ?? state.nowMicros
    const disabled = state.endpoints.filter((endpoint) => !isEnabled(endpoint)).map(({ id }) => id)
    const low = state.endpoints
      .filter(isEnabled)
      .flatMap(({ id }) => this.#lanes.get(id) ?? [])
      .filter(({ queue }) => queue.waiting < LOAD_BELOW)
    const statements = low.map(({ endpoint, queue }) =>
      loadDue(tenant, { endpoint: endpoint.id, untilMicros, known: queue.known, most: LOAD_MOST }),
    )
    const cancel = disabled.length === 0 ? [] : [cancelDue(tenant, disabled, untilMicros)]
    if (statements.length + cancel.length === 0) return
    const loaded = await runFor(world.options.connections, tenant, [...statements, ...cancel])
    const due = low.map((lane, index) => ({ lane, rows: (loaded[index] ?? []).map(readDueRow) }))
    // A lane that was filled to the brim may have more.
    if (due.some(({ rows }) => rows.length === LOAD_MOST)) this.#hasReached = false
    await this.#fill(due)
  }

  async #fill(due: readonly { readonly lane: Lane; readonly rows: readonly Due[] }[]): Promise<void> {
    const { world, tenant } = this.#options
    const sequences = [...new Set(due.flatMap(({ rows }) => rows.map((row) => row.eventSequence)))]
    if (sequences.length === 0) return
    const [found = [], counts = []] = await runFor(world.options.connections, tenant, [
      findEventsByNumber(tenant, sequences),
      countPending(tenant, sequences),
    ])
    const pending = new Map(counts.map(([sequence, count]) => [sequence as bigint, Number(count as bigint)]))
    const events = new Map(found.map(readEventRow).map((row) => [row.sequence, row]))
    for (const { lane, rows } of due) {
      const ready = rows.flatMap((row) => {
        const event = events.get(row.eventSequence)
        if (event === undefined) return []
        const { livemode } = lane.endpoint
        const shown = showEvent(event, { livemode, pending: pending.get(event.sequence) ?? 0 })
        return [{ ...row, eventId: showEventId(event.id), body: JSON.stringify(shown) }]
      })
      lane.queue.add(ready)
    }
  }

  /** What happens within a short time is written together; where nothing happens, one looks again after a longer one. */
  async #rest(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, ROUND_MS))
    const isWaiting = (): boolean =>
      this.#results.length === 0 && !this.#isFresh && !this.#isEnding && this.#hasReached
    if (!isWaiting()) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ROUND_MOST_MS)
      this.#wake = () => {
        if (isWaiting()) return
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = () => undefined
  }
}
