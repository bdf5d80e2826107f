import { Fault } from '../../kit/index.ts'
import type { Entry } from './entry.ts'
import {
  BATCH_BYTES_MOST,
  BATCH_ITEMS_MOST,
  BATCH_UNITS_MOST,
  BUSY_RETRY_AFTER_S,
  SMALL_UNIT_ITEMS_MOST,
  WAITING_BYTES_MOST,
  WAITING_UNITS_MOST,
} from './limits.ts'

const SAFE = 'Nothing was done. It is safe to retry with the same Idempotency-Key.'

const full = (): Fault =>
  new Fault(`Too many requests are waiting. ${SAFE}`, {
    kind: 'exhausted',
    code: 'queue_full',
    retryAfterS: BUSY_RETRY_AFTER_S,
  })

const late = (): Fault =>
  new Fault(`The request's deadline passed while it was waiting. ${SAFE}`, {
    kind: 'unavailable',
    code: 'deadline_passed',
    retryAfterS: BUSY_RETRY_AFTER_S,
  })

/** Units of one tenant that wait for their commit: small ones share it, a large one has its own. */
export class Queue {
  #small: Entry[] = []
  #large: Entry[] = []
  #bytes = 0
  #largeIsNext = false

  get length(): number {
    return this.#small.length + this.#large.length
  }

  add(entry: Entry): void {
    const { bytes, items } = entry.unit
    if (this.length >= WAITING_UNITS_MOST || this.#bytes + bytes > WAITING_BYTES_MOST) throw full()
    this.#bytes += bytes
    if (items > SMALL_UNIT_ITEMS_MOST) this.#large.push(entry)
    else this.#small.push(entry)
  }

  /** Puts units back at the front, in their order: they are the first of the next batch. */
  putBack(entries: readonly Entry[]): void {
    if (entries.length === 0) return
    const isLarge = (entry: Entry): boolean => entry.unit.items > SMALL_UNIT_ITEMS_MOST
    this.#large = [...entries.filter(isLarge), ...this.#large]
    this.#small = [...entries.filter((entry) => !isLarge(entry)), ...this.#small]
    for (const entry of entries) this.#bytes += entry.unit.bytes
  }

  /** The next batch: what waits now, within the bounds. Large and small units take turns. */
  take(nowMs: number): Entry[] {
    const large = this.#large.length > 0 && (this.#largeIsNext || this.#small.length === 0)
    this.#largeIsNext = !large
    const taken = large ? this.#large.splice(0, 1) : this.#takeSmall()
    for (const entry of taken) this.#bytes -= entry.unit.bytes
    return taken.filter((entry) => {
      if (entry.unit.deadlineMs > nowMs) return true
      entry.reject(late())
      return false
    })
  }

  #takeSmall(): Entry[] {
    let items = 0
    let bytes = 0
    let count = 0
    for (const { unit } of this.#small) {
      items += unit.items
      bytes += unit.bytes
      if (count > 0 && (count >= BATCH_UNITS_MOST || items > BATCH_ITEMS_MOST || bytes > BATCH_BYTES_MOST))
        break
      count++
    }
    return this.#small.splice(0, count)
  }
}
