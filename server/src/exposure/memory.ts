import type { RawRow, Read, Statement } from '../database/index.ts'
import { Fault, type TenantId, type WallClock } from '../kit/index.ts'
import { rulesOf } from './commit.ts'
import type { Rules } from './core/compile.ts'
import type { Controls } from './core/model.ts'
import { ASKED_LATELY_MS, FRESH_MS, POLL_MS, TENANTS_KEPT } from './limits.ts'
import { NO_CONTROLS, readControlsRow } from './store.ts'

/**
 * The controls of this process for questions from outside the commit: features, and the question of an operator. Payments
 * never ask here, they decide over the row itself. What is answered is never older than a second: controls are looked at
 * every POLL_MS while a tenant asks, and a question that finds them older than FRESH_MS waits until they are read.
 */
export type ExposureMemory = {
  readonly rules: (tenant: TenantId) => Rules | Promise<Rules>
}

type Entry = {
  controls: Controls
  /** What the body is known by: after a failover another one may have the same version. */
  digest: string
  /** When the newest reading of them began; null before the first. */
  readMs: number | null
  askedMs: number
  reading: Promise<void> | null
}

/** The body is only sent along where it is another one. */
const findChanged = (tenant: TenantId, { controls, digest }: Entry): Statement => ({
  name: 'exposure_controls_changed',
  text: `select c.tenant, c.version,
                case when c.version <> $2 or md5(c.body::text) <> $3 then c.body::text end, md5(c.body::text)
           from exposure.controls c where c.tenant = $1`,
  values: [tenant, BigInt(controls.version), digest],
})

const controlsOf = (row: RawRow | undefined, before: Controls): Controls => {
  if (row === undefined) return NO_CONTROLS
  return row[2] === null ? before : readControlsRow(row)
}

/** Old controls are no answer: a stop might be among what could not be read. */
const unavailable = (cause: unknown): Fault =>
  new Fault('The controls of exposure cannot be read.', {
    kind: 'unavailable',
    code: 'database_unavailable',
    retryAfterS: 1,
    cause,
  })

type Ground = { readonly read: Read; readonly clock: WallClock }

class Memory implements ExposureMemory {
  readonly #ground: Ground
  readonly #entries = new Map<TenantId, Entry>()
  #isPolling = false

  constructor(ground: Ground) {
    this.#ground = ground
  }

  rules = (tenant: TenantId): Rules | Promise<Rules> => {
    const nowMs = this.#ground.clock.now()
    const entry = this.#entryOf(tenant)
    entry.askedMs = nowMs
    this.#poll()
    return this.#isFresh(entry, nowMs) ? rulesOf(entry.controls) : this.#wait(tenant, entry, nowMs)
  }

  #entryOf(tenant: TenantId): Entry {
    const known = this.#entries.get(tenant)
    if (known !== undefined) return known
    const made: Entry = { controls: NO_CONTROLS, digest: '', readMs: null, askedMs: 0, reading: null }
    this.#entries.set(tenant, made)
    if (this.#entries.size > TENANTS_KEPT) this.#forgetOldest()
    return made
  }

  #forgetOldest(): void {
    const [oldest] = [...this.#entries].toSorted(([, a], [, b]) => a.askedMs - b.askedMs)
    if (oldest !== undefined) this.#entries.delete(oldest[0])
  }

  /** A wall clock that was set back makes nothing fresh. */
  #isFresh({ readMs }: Entry, askedMs: number): boolean {
    return readMs !== null && askedMs - readMs <= FRESH_MS && askedMs >= readMs - FRESH_MS
  }

  /** A reading that was under way already may have begun too long ago; one that begins now has not. */
  async #wait(tenant: TenantId, entry: Entry, askedMs: number): Promise<Rules> {
    try {
      if (entry.reading !== null) await entry.reading
      if (!this.#isFresh(entry, askedMs)) await this.#refresh(tenant, entry)
    } catch (error) {
      throw unavailable(error)
    }
    return rulesOf(entry.controls)
  }

  #refresh(tenant: TenantId, entry: Entry): Promise<void> {
    entry.reading ??= this.#read(tenant, entry).finally(() => {
      entry.reading = null
    })
    return entry.reading
  }

  async #read(tenant: TenantId, entry: Entry): Promise<void> {
    const { read, clock } = this.#ground
    const beganMs = clock.now()
    const [rows = []] = await read(tenant, [findChanged(tenant, entry)])
    entry.controls = controlsOf(rows[0], entry.controls)
    entry.digest = String(rows[0]?.[3] ?? '')
    entry.readMs = beganMs
  }

  /** Runs while somebody asks, and keeps no process alive. */
  #poll(): void {
    if (this.#isPolling) return
    this.#isPolling = true
    setTimeout(() => void this.#lookAtAll(), POLL_MS).unref()
  }

  async #lookAtAll(): Promise<void> {
    const nowMs = this.#ground.clock.now()
    const asked = [...this.#entries].filter(([, { askedMs }]) => nowMs - askedMs <= ASKED_LATELY_MS)
    for (const [tenant, entry] of asked) {
      try {
        await this.#refresh(tenant, entry)
      } catch {
        // Whoever asks next reads it himself, and is told.
      }
    }
    this.#isPolling = false
    if (asked.length > 0) this.#poll()
  }
}

export const createExposureMemory = (ground: Ground): ExposureMemory => new Memory(ground)
