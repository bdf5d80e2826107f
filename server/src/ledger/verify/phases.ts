import type { Accounts } from './accounts.ts'
import { Fingerprint, type FingerprintKey, type HoldFacts } from './fingerprint.ts'
import { OpenHolds } from './open-holds.ts'
import type { Sheets } from './sheets.ts'
import { idAt, showTransfer } from './shown.ts'
import {
  CLOSING_CREDIT,
  CLOSING_DEBIT,
  EXPIRY,
  PENDING,
  POST,
  SECOND_PHASE,
  TRANSFER_ROWS,
  VOID,
} from './transfer-rows.ts'

const AT = TRANSFER_ROWS.at
const MICROS_PER_SECOND = 1_000_000n

/** The states of a hold's row. */
export const OPEN = 0
const POSTED = 1
const VOIDED = 2
const EXPIRED = 3

/** Follows pending transfers from their first phase to their second, and what closes and reopens accounts. */
export class Phases {
  readonly open: OpenHolds
  /** The holds as the transfers leave them, to be compared with their rows. */
  readonly expected: Fingerprint
  readonly #tenant: number
  readonly #accounts: Accounts
  readonly #sheets: Sheets
  readonly #facts: HoldFacts = {
    debit: 0,
    credit: 0,
    ledger: 0,
    state: 0,
    amount: 0n,
    expires: 0n,
    resolvedBy: 0n,
  }
  ended = 0

  constructor(options: {
    readonly tenant: number
    readonly accounts: Accounts
    readonly sheets: Sheets
    readonly seed: number
    readonly key: FingerprintKey
  }) {
    this.#tenant = options.tenant
    this.#accounts = options.accounts
    this.#sheets = options.sheets
    this.open = new OpenHolds(options.seed)
    this.expected = new Fingerprint(options.key)
  }

  row(view: DataView, at: number, flags: number, debit: number, credit: number): void {
    if ((flags & SECOND_PHASE) !== 0) this.#end(view, at, flags, debit, credit)
    else if ((flags & PENDING) !== 0) this.#begin(view, at, flags, debit, credit)
    if ((flags & SECOND_PHASE) === 0) this.#releasesNothing(view, at, flags)
  }

  /** What is open at the end of the history. */
  finish(): void {
    const { open } = this
    for (const hold of open.index.numbers()) {
      this.#keep(hold, OPEN, 0n)
      this.expected.add((word) => open.index.wordOf(hold, word), this.#facts)
    }
  }

  #find(view: DataView, at: number, what: string, details: Record<string, string | bigint> = {}): void {
    this.#sheets.phases.find(this.#tenant, what, {
      sequence: view.getBigInt64(at + AT.sequence),
      ...details,
      pending: showTransfer(idAt(view, at + AT.pendingId)),
    })
  }

  #begin(view: DataView, at: number, flags: number, debit: number, credit: number): void {
    const { open } = this
    const hold = open.add(view, at + AT.id)
    if (hold < 0) return
    const timeout = view.getInt32(at + AT.timeout)
    open.amount[hold] = view.getBigInt64(at + AT.amount)
    open.expires[hold] =
      timeout === 0 ? 0n : view.getBigInt64(at + AT.time) + BigInt(timeout) * MICROS_PER_SECOND
    open.debit[hold] = debit
    open.credit[hold] = credit
    open.ledger[hold] = view.getInt32(at + AT.ledger)
    open.flags[hold] = flags
    open.timed[hold] = 0
    if ((flags & CLOSING_DEBIT) !== 0 && debit >= 0) this.#accounts.closed[debit] = 1
    if ((flags & CLOSING_CREDIT) !== 0 && credit >= 0) this.#accounts.closed[credit] = 1
  }

  #end(view: DataView, at: number, flags: number, debit: number, credit: number): void {
    const { open } = this
    this.ended += 1
    const hold = open.index.find(view, at + AT.pendingId)
    if (hold < 0) {
      this.#find(view, at, 'it posts, voids or expires what was not pending, or no more')
      return
    }
    this.#compare(view, at, flags, hold)
    if (open.debit[hold] !== debit || open.credit[hold] !== credit) {
      this.#find(view, at, 'its accounts are not those of its pending transfer')
    }
    if ((flags & POST) === 0) this.#reopen(hold)
    this.#keep(hold, stateAfter(flags), view.getBigInt64(at + AT.sequence))
    this.expected.add((word) => view.getInt32(at + AT.pendingId + word * 4), this.#facts)
    open.index.remove(hold)
  }

  #compare(view: DataView, at: number, flags: number, hold: number): void {
    const { open } = this
    const held = open.amount[hold] ?? 0n
    const amount = view.getBigInt64(at + AT.amount)
    const released = view.getBigInt64(at + AT.released)
    if (released !== held) this.#find(view, at, 'it does not release the whole hold', { released, held })
    if (amount > held) this.#find(view, at, 'it takes more than was held', { amount, held })
    if ((flags & POST) === 0 && amount !== held) {
      this.#find(view, at, 'a void or expiry has another amount than its hold', { amount, held })
    }
    if (open.ledger[hold] !== view.getInt32(at + AT.ledger)) {
      this.#find(view, at, 'its ledger is not that of its pending transfer')
    }
    if ((flags & (PENDING | CLOSING_DEBIT | CLOSING_CREDIT)) !== 0 || !isOnePhase(flags)) {
      this.#find(view, at, 'its flags exclude each other')
    }
    if ((flags & EXPIRY) === 0) return
    const expires = open.expires[hold] ?? 0n
    const time = view.getBigInt64(at + AT.time)
    if (expires === 0n) this.#find(view, at, 'it expired, though it had no time-out')
    else if (time < expires) this.#find(view, at, 'it expired before its time', { time, expires })
  }

  #reopen(hold: number): void {
    const { open } = this
    const flags = open.flags[hold] ?? 0
    const debit = open.debit[hold] ?? -1
    const credit = open.credit[hold] ?? -1
    if ((flags & CLOSING_DEBIT) !== 0 && debit >= 0) this.#accounts.closed[debit] = 0
    if ((flags & CLOSING_CREDIT) !== 0 && credit >= 0) this.#accounts.closed[credit] = 0
  }

  #keep(hold: number, state: number, resolvedBy: bigint): void {
    const { open } = this
    const facts = this.#facts
    facts.debit = open.debit[hold] ?? -1
    facts.credit = open.credit[hold] ?? -1
    facts.ledger = open.ledger[hold] ?? 0
    facts.amount = open.amount[hold] ?? 0n
    facts.expires = open.expires[hold] ?? 0n
    facts.state = state
    facts.resolvedBy = resolvedBy
  }

  #releasesNothing(view: DataView, at: number, flags: number): void {
    if (view.getBigInt64(at + AT.released) !== 0n) {
      this.#find(view, at, 'it releases something and is neither a post, a void nor an expiry')
    }
    for (let word = 0; word < 16; word += 4) {
      if (view.getInt32(at + AT.pendingId + word) === 0) continue
      this.#find(view, at, 'it names a pending transfer and is neither a post, a void nor an expiry')
      break
    }
    if ((flags & PENDING) !== 0) return
    if (view.getInt32(at + AT.timeout) !== 0) this.#find(view, at, 'it has a time-out and is not pending')
    if ((flags & (CLOSING_DEBIT | CLOSING_CREDIT)) !== 0)
      this.#find(view, at, 'it closes an account and is not pending')
  }
}

const stateAfter = (flags: number): number => {
  if ((flags & EXPIRY) !== 0) return EXPIRED
  return (flags & VOID) !== 0 ? VOIDED : POSTED
}

const isOnePhase = (flags: number): boolean => {
  const phases = flags & SECOND_PHASE
  return (phases & (phases - 1)) === 0
}
