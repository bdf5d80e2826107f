import type { Accounts } from './accounts.ts'

/**
 * Compares totals by account and book date without keeping them: a date has a random odd weight, and an account one
 * number for debits and one for credits, to which posted amounts are added times the weight of their date and from
 * which the stored totals are taken away in the same manner. What is left is zero when all totals agree. One wrong day
 * always leaves something (an odd weight has an inverse); several cancel out by chance less than once in 2^30 runs.
 */
export class BookDays {
  readonly #accounts: Accounts
  readonly #random: () => bigint
  readonly #slots = new Map<number, number>()
  #weights = new BigInt64Array(1_024)
  #lastDate = Number.NaN
  #lastSlot = 0

  constructor(accounts: Accounts, random: () => bigint) {
    this.#accounts = accounts
    this.#random = random
  }

  /** What was posted: `lane` is 0 for debits, 1 for credits. */
  add(account: number, lane: number, date: number, amount: bigint): void {
    const days = this.#accounts.days
    const at = account * 2 + lane
    const slot = this.#slotOf(date) // may replace the weights by longer ones, so it comes first
    const weight = this.#weights[slot] ?? 0n
    days[at] = BigInt.asIntN(64, (days[at] ?? 0n) + BigInt.asIntN(64, weight * amount))
  }

  /** What the books say was posted. */
  subtract(account: number, date: number, debits: bigint, credits: bigint): void {
    this.add(account, 0, date, -debits)
    this.add(account, 1, date, -credits)
  }

  *differing(): Generator<number> {
    const { days } = this.#accounts
    for (let at = 0; at < days.length; at += 2) if (days[at] !== 0n || days[at + 1] !== 0n) yield at / 2
  }

  /** Most transfers have the date of the one before them. */
  #slotOf(date: number): number {
    if (date === this.#lastDate) return this.#lastSlot
    const known = this.#slots.get(date)
    const slot = known ?? this.#newSlot(date)
    this.#lastDate = date
    this.#lastSlot = slot
    return slot
  }

  #newSlot(date: number): number {
    const slot = this.#slots.size
    this.#slots.set(date, slot)
    if (slot === this.#weights.length) {
      const longer = new BigInt64Array(slot * 2)
      longer.set(this.#weights)
      this.#weights = longer
    }
    this.#weights[slot] = this.#random() | 1n
    return slot
  }
}
