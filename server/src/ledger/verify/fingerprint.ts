/** 32-bit words of one record: an id of four, four numbers, three bigints of two each. */
const WORDS = 14
const scratch = new Int32Array(WORDS)

export type FingerprintKey = readonly [number, number]

const finish = (hash: number): number => {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return second ^ (second >>> 16)
}

/** What a hold is, apart from its id. The accounts are their numbers in this run. */
export type HoldFacts = {
  debit: number
  credit: number
  ledger: number
  state: number
  amount: bigint
  expires: bigint
  resolvedBy: bigint
}

const low = (value: bigint): number => Number(BigInt.asIntN(32, value))
const high = (value: bigint): number => Number(BigInt.asIntN(32, value >> 32n))

/**
 * The fingerprint of a set of holds, in whatever order they come: so the holds that follow from the transfers can be
 * compared with the rows of another table in bounded memory. Two sums of 32-bit hashes under keys drawn for each run;
 * that two different sets agree by chance is one in 2^64.
 */
export class Fingerprint {
  readonly #key: FingerprintKey
  #first = 0
  #second = 0
  count = 0

  constructor(key: FingerprintKey) {
    this.#key = key
  }

  /** The id's words are read from a stream, or given by the caller's `words`. */
  add(id: (word: number) => number, hold: HoldFacts): void {
    for (let word = 0; word < 4; word += 1) scratch[word] = id(word)
    scratch[4] = hold.debit
    scratch[5] = hold.credit
    scratch[6] = hold.ledger
    scratch[7] = hold.state
    scratch[8] = low(hold.amount)
    scratch[9] = high(hold.amount)
    scratch[10] = low(hold.expires)
    scratch[11] = high(hold.expires)
    scratch[12] = low(hold.resolvedBy)
    scratch[13] = high(hold.resolvedBy)
    let [first, second] = this.#key
    for (const word of scratch) {
      first = Math.imul(first ^ word, 0x27d4eb2f)
      first = (first << 15) | (first >>> 17)
      second = Math.imul(second, 0x165667b1) + word
      second ^= second >>> 14
    }
    this.#first = (this.#first + finish(first)) | 0
    this.#second = (this.#second + finish(second)) | 0
    this.count += 1
  }

  equals(other: Fingerprint): boolean {
    return this.#first === other.#first && this.#second === other.#second && this.count === other.count
  }
}
