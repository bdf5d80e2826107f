import type { Uuid } from '../../kit/index.ts'

const WORDS = 4
const NONE = -1
const SMALLEST = 1_024

/** The random seed keeps ids that a client has chosen from all falling on one place. */
const mix = (seed: number, first: number, second: number, third: number, fourth: number): number => {
  let hash = Math.imul(seed ^ first, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15) ^ second, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 13) ^ third, 0x27d4eb2f)
  hash = Math.imul(hash ^ (hash >>> 16) ^ fourth, 0x165667b1)
  return hash ^ (hash >>> 15)
}

/**
 * Numbers 16-byte ids where they lie in a stream, without a string or an object for any of them: open addressing with
 * linear probing over typed arrays. The numbers are small and dense; that of a removed id is given out again.
 */
export class IdIndex {
  readonly #seed: number
  #words: Int32Array
  /** The number that stands in each place, plus one; 0 is a free place. */
  #places: Int32Array
  #mask: number
  #next = 0
  readonly #free: number[] = []

  constructor(seed: number, expected: number) {
    let places = SMALLEST
    while (places < expected * 2) places *= 2
    this.#seed = seed
    this.#places = new Int32Array(places)
    this.#mask = places - 1
    this.#words = new Int32Array((places / 2) * WORDS)
  }

  get size(): number {
    return this.#next - this.#free.length
  }

  /** How many numbers may be given out before the next growth: arrays beside this one are as long. */
  get capacity(): number {
    return this.#words.length / WORDS
  }

  /** The number of the id that begins there, or -1. */
  find(view: DataView, at: number): number {
    const first = view.getInt32(at)
    const second = view.getInt32(at + 4)
    const third = view.getInt32(at + 8)
    const fourth = view.getInt32(at + 12)
    const places = this.#places
    const words = this.#words
    let place = mix(this.#seed, first, second, third, fourth) & this.#mask
    for (;;) {
      const number = (places[place] ?? 0) - 1
      if (number === NONE) return NONE
      const word = number * WORDS
      if (
        words[word + 3] === fourth &&
        words[word + 2] === third &&
        words[word + 1] === second &&
        words[word] === first
      ) {
        return number
      }
      place = (place + 1) & this.#mask
    }
  }

  /** A number for a new id, or -1 when it has one. */
  add(view: DataView, at: number): number {
    if (this.find(view, at) !== NONE) return NONE
    if (this.size === this.capacity) this.#grow()
    const number = this.#free.pop() ?? this.#next++
    const word = number * WORDS
    for (let index = 0; index < WORDS; index += 1) this.#words[word + index] = view.getInt32(at + index * 4)
    this.#settle(number)
    return number
  }

  /** Closes the gap, so that what was pushed on by the removed id is still found. */
  remove(number: number): void {
    const places = this.#places
    let gap = this.#homeOf(number)
    while ((places[gap] ?? 0) - 1 !== number) gap = (gap + 1) & this.#mask
    for (let place = (gap + 1) & this.#mask; ; place = (place + 1) & this.#mask) {
      const other = (places[place] ?? 0) - 1
      if (other === NONE) break
      const wanted = (place - this.#homeOf(other)) & this.#mask
      if (wanted < ((place - gap) & this.#mask)) continue
      places[gap] = other + 1
      gap = place
    }
    places[gap] = 0
    this.#free.push(number)
  }

  idOf(number: number): Uuid {
    const hex = [...this.#words.subarray(number * WORDS, number * WORDS + WORDS)]
      .map((word) => (word >>> 0).toString(16).padStart(8, '0'))
      .join('')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
      '-',
    ) as Uuid
  }

  /** One of the four 32-bit words of an id. */
  wordOf(number: number, word: number): number {
    return this.#words[number * WORDS + word] ?? 0
  }

  /** Every number that is given out. */
  *numbers(): Generator<number> {
    for (const occupant of this.#places) if (occupant !== 0) yield occupant - 1
  }

  #homeOf(number: number): number {
    const words = this.#words
    const word = number * WORDS
    const hash = mix(
      this.#seed,
      words[word] ?? 0,
      words[word + 1] ?? 0,
      words[word + 2] ?? 0,
      words[word + 3] ?? 0,
    )
    return hash & this.#mask
  }

  #settle(number: number): void {
    let place = this.#homeOf(number)
    while (this.#places[place] !== 0) place = (place + 1) & this.#mask
    this.#places[place] = number + 1
  }

  #grow(): void {
    const numbers = [...this.numbers()]
    const words = new Int32Array(this.#words.length * 2)
    words.set(this.#words)
    this.#words = words
    this.#places = new Int32Array(this.#places.length * 2)
    this.#mask = this.#places.length - 1
    for (const number of numbers) this.#settle(number)
  }
}
