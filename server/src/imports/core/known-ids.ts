import type { Uuid } from '../../kit/index.ts'
import { KNOWN_IDS } from '../limits.ts'

/** Remembers ids in 12 to 24 bytes each, where a Set of texts would take a hundred. */
export type KnownIds = {
  /** Adds the id. False when it was there already; 'full' when no more can be remembered. */
  readonly add: (id: Uuid) => boolean | 'full'
}

const START_SLOTS = 1 << 12

/**
 * Open addressing over the last 64 bits of the id, 60 of them from a hash. Among 10 million different ids the chance
 * that any two look alike is one in 20,000, and then a line gets another id than it would have had alone.
 */
export const createKnownIds = (limit: number = KNOWN_IDS): KnownIds => {
  let slots = START_SLOTS
  let table = new Uint32Array(slots * 2)
  let size = 0

  /** The slot that holds the pair, or the free one where it belongs. Both halves zero is a free slot. */
  const find = (words: Uint32Array, high: number, low: number): number => {
    let slot = (low ^ high) & (words.length / 2 - 1)
    for (;;) {
      const a = words[slot * 2]
      const b = words[slot * 2 + 1]
      if ((a === high && b === low) || (a === 0 && b === 0)) return slot
      slot = (slot + 1) & (words.length / 2 - 1)
    }
  }

  const grow = (): void => {
    const old = table
    slots *= 2
    table = new Uint32Array(slots * 2)
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] ?? 0
      const low = old[at + 1] ?? 0
      if (high === 0 && low === 0) continue
      const slot = find(table, high, low)
      table[slot * 2] = high
      table[slot * 2 + 1] = low
    }
  }

  const add = (id: Uuid): boolean | 'full' => {
    const high = Number.parseInt(id.slice(19, 23) + id.slice(24, 28), 16) >>> 0
    const low = Number.parseInt(id.slice(28), 16) >>> 0
    const slot = find(table, high, low)
    if (table[slot * 2] === high && table[slot * 2 + 1] === low) return false
    if (size >= limit) return 'full'
    table[slot * 2] = high
    table[slot * 2 + 1] = low
    size += 1
    if (size * 3 > slots * 2) grow()
    return true
  }

  return { add }
}
