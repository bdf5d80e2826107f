import { IdIndex } from './id-index.ts'

const EXPECTED = 8_192

const longer = <Values extends BigInt64Array | Int32Array>(values: Values, made: Values): Values => {
  made.set(values as never)
  return made
}

/** The pending transfers that nothing has ended so far. Memory grows with how many are open at once, not with history. */
export class OpenHolds {
  readonly index: IdIndex
  amount = new BigInt64Array(0)
  /** 0: never. */
  expires = new BigInt64Array(0)
  debit = new Int32Array(0)
  credit = new Int32Array(0)
  ledger = new Int32Array(0)
  flags = new Int32Array(0)
  /** Set for a hold whose timer was found. */
  timed = new Int32Array(0)

  constructor(seed: number) {
    this.index = new IdIndex(seed, EXPECTED)
    this.#lengthen()
  }

  /** A place for the hold whose id begins there; -1 when it is open already. */
  add(view: DataView, at: number): number {
    const hold = this.index.add(view, at)
    if (this.index.capacity > this.amount.length) this.#lengthen()
    return hold
  }

  #lengthen(): void {
    const length = this.index.capacity
    this.amount = longer(this.amount, new BigInt64Array(length))
    this.expires = longer(this.expires, new BigInt64Array(length))
    this.debit = longer(this.debit, new Int32Array(length))
    this.credit = longer(this.credit, new Int32Array(length))
    this.ledger = longer(this.ledger, new Int32Array(length))
    this.flags = longer(this.flags, new Int32Array(length))
    this.timed = longer(this.timed, new Int32Array(length))
  }
}
