import { BITS_SEEN } from '../../limits.ts'

/*
 * Who was counted in the current hour: a bit for each hash. That two accounts share a bit drops one count, whatever its
 * payment's outcome, so it costs a little evidence and makes none.
 */

/** FNV-1a of 32 bits, whose lowest bits know only of each other; the last steps mix the others in (MurmurHash3). */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Empty until somebody is seen. */
export type Seen = { readonly hour: number; readonly bits: string }

export const NOBODY: Seen = { hour: 0, bits: '' }

/** The hour's bits, opened to be written to. */
export class OpenSeen {
  #hour: number
  #bits: Buffer | null
  #text: string | null

  constructor(seen: Seen) {
    this.#hour = seen.hour
    this.#text = seen.bits
    this.#bits = null
  }

  /** Whether it is the first of that name in this hour; from then on it is not. */
  isFirst(hour: number, name: string): boolean {
    if (hour > this.#hour) {
      this.#hour = hour
      this.#bits = Buffer.alloc(BITS_SEEN / 8)
    }
    this.#bits ??= this.#text ? Buffer.from(this.#text, 'base64') : Buffer.alloc(BITS_SEEN / 8)
    this.#text = null
    const place = hashOf(`${hour} ${name}`) % BITS_SEEN
    const byte = this.#bits[place >> 3] ?? 0
    const bit = 1 << (place & 7)
    this.#bits[place >> 3] = byte | bit
    return (byte & bit) === 0
  }

  close(): Seen {
    return { hour: this.#hour, bits: this.#text ?? this.#bits?.toString('base64') ?? '' }
  }
}
