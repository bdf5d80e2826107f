import { ACCOUNT_FLAGS } from '../core/index.ts'
import { type Accounts, BALANCES, BALANCES_EACH } from './accounts.ts'
import type { BookDays } from './book-days.ts'
import { Drifts } from './drifts.ts'
import type { Phases } from './phases.ts'
import type { Sheets } from './sheets.ts'
import { idAt, showAccount, showTransfer } from './shown.ts'
import { EXPIRY, IMPORTED, NEXT_BALANCE, PENDING, TRANSFER_ROWS, VOID } from './transfer-rows.ts'

const { sequence: SEQUENCE, time: TIME, amount: AMOUNT, released: RELEASED, id: ID } = TRANSFER_ROWS.at
const { debit: DEBIT, credit: CREDIT, ledger: LEDGER, flags: FLAGS, bookDate: BOOK_DATE } = TRANSFER_ROWS.at
const { debitAfter: DEBIT_AFTER, creditAfter: CREDIT_AFTER } = TRANSFER_ROWS.at
const { debits_must_not_exceed_credits: DEBITS_LIMITED, credits_must_not_exceed_debits: CREDITS_LIMITED } =
  ACCOUNT_FLAGS

/** Where the debits and the credits begin among an account's four balances. */
const DEBIT_SIDE = 0
const CREDIT_SIDE = 2

const plus = (one: bigint, other: bigint): bigint => BigInt.asIntN(64, one + other)

/**
 * Adds up a tenant's history, transfer by transfer in the order of time, and compares at each step. It knows nothing
 * of how transfers are decided: only what a row says was moved. Nothing is allocated for a row that is right.
 */
export class Fold {
  readonly #tenant: number
  readonly #accounts: Accounts
  readonly #sheets: Sheets
  readonly #phases: Phases
  readonly #days: BookDays
  readonly #drifts: Drifts
  /** The newest sequence, time, and time that was not imported. */
  readonly #newest = new BigInt64Array(3)
  /** How many accounts were opened before the transfer at hand. They are numbered in the order of their times. */
  #opened = 0

  constructor(options: {
    readonly tenant: number
    readonly accounts: Accounts
    readonly sheets: Sheets
    readonly phases: Phases
    readonly days: BookDays
  }) {
    this.#tenant = options.tenant
    this.#accounts = options.accounts
    this.#sheets = options.sheets
    this.#phases = options.phases
    this.#days = options.days
    this.#drifts = new Drifts(options)
  }

  get newest(): { readonly sequence: bigint; readonly micros: bigint; readonly ownMicros: bigint } {
    const [sequence = 0n, micros = 0n, ownMicros = 0n] = this.#newest
    return { sequence, micros, ownMicros }
  }

  readonly row = (view: DataView, at: number): void => {
    const flags = view.getInt32(at + FLAGS)
    const debit = this.#accounts.index.find(view, at + DEBIT)
    const credit = this.#accounts.index.find(view, at + CREDIT)
    this.#order(view, at, flags)
    this.#known(view, at, debit, DEBIT)
    this.#known(view, at, credit, CREDIT)
    if ((flags & (VOID | EXPIRY)) === 0) {
      this.#notClosed(view, at, debit)
      this.#notClosed(view, at, credit)
    }
    this.#phases.row(view, at, flags, debit, credit)
    if (debit >= 0) this.#move(view, at, flags, debit, DEBIT_SIDE, DEBIT_AFTER)
    if (credit >= 0) this.#move(view, at, flags, credit, CREDIT_SIDE, CREDIT_AFTER)
  }

  #order(view: DataView, at: number, flags: number): void {
    const newest = this.#newest
    const sequence = view.getBigInt64(at + SEQUENCE)
    const time = view.getBigInt64(at + TIME)
    if (sequence !== plus(newest[0] ?? 0n, 1n)) {
      this.#sheets.sequence.find(this.#tenant, 'a number is missing, or out of the order of times', {
        sequence,
        after: newest[0] ?? 0n,
      })
    }
    if (time <= (newest[1] ?? 0n)) {
      this.#sheets.sequence.find(this.#tenant, 'a time is not later than the one before', { sequence, time })
    }
    newest[0] = sequence
    newest[1] = time
    if ((flags & IMPORTED) === 0) newest[2] = time
    const { opened } = this.#accounts
    while (this.#opened < opened.length && (opened[this.#opened] ?? time) < time) this.#opened += 1
    if (opened[this.#opened] === time) {
      this.#sheets.sequence.find(this.#tenant, 'an account and a transfer stand at one time', {
        sequence,
        time,
      })
    }
  }

  #known(view: DataView, at: number, account: number, side: number): void {
    const { ledger, opened } = this.#accounts
    const isRight =
      account >= 0 &&
      ledger[account] === view.getInt32(at + LEDGER) &&
      (opened[account] ?? 0n) < view.getBigInt64(at + TIME)
    if (isRight) return
    const wrong =
      account < 0 ? 'an account does not exist' : 'an account is of another ledger, or was opened later'
    this.#sheets.accounts.find(this.#tenant, wrong, {
      sequence: view.getBigInt64(at + SEQUENCE),
      transfer: showTransfer(idAt(view, at + ID)),
      account: showAccount(idAt(view, at + side)),
      side: side === DEBIT ? 'debit' : 'credit',
    })
  }

  #notClosed(view: DataView, at: number, account: number): void {
    if (account < 0 || this.#accounts.closed[account] === 0) return
    this.#sheets.closed.find(this.#tenant, 'a closed account received more than a void or expiry', {
      sequence: view.getBigInt64(at + SEQUENCE),
      account: showAccount(this.#accounts.idOf(account)),
    })
  }

  /** One side of the transfer: what it holds or releases, what it posts, and what was written down beside it. */
  #move(view: DataView, at: number, flags: number, account: number, side: number, after: number): void {
    const { balances, touched } = this.#accounts
    const base = account * BALANCES_EACH
    const pending = base + side
    const posted = pending + 1
    const amount = view.getBigInt64(at + AMOUNT)
    touched[account] = 1
    if ((flags & PENDING) !== 0) {
      balances[pending] = plus(balances[pending] ?? 0n, amount)
    } else {
      balances[pending] = BigInt.asIntN(64, (balances[pending] ?? 0n) - view.getBigInt64(at + RELEASED))
      if ((flags & (VOID | EXPIRY)) === 0) {
        balances[posted] = plus(balances[posted] ?? 0n, amount)
        this.#days.add(account, side >> 1, view.getInt32(at + BOOK_DATE), amount)
      }
    }
    const isWritten =
      balances[base] === view.getBigInt64(at + after) &&
      balances[base + 1] === view.getBigInt64(at + after + NEXT_BALANCE) &&
      balances[base + 2] === view.getBigInt64(at + after + 2 * NEXT_BALANCE) &&
      balances[base + 3] === view.getBigInt64(at + after + 3 * NEXT_BALANCE)
    if (!isWritten) this.#drifts.differs(view, at, account, after)
    else if (this.#drifts.any) this.#drifts.agrees(account)
    this.#limits(view, at, account)
  }

  #limits(view: DataView, at: number, account: number): void {
    const { balances, flags } = this.#accounts
    const base = account * BALANCES_EACH
    const debitsPending = balances[base] ?? 0n
    const debitsPosted = balances[base + 1] ?? 0n
    const creditsPending = balances[base + 2] ?? 0n
    const creditsPosted = balances[base + 3] ?? 0n
    // A sum beyond 64 bits wraps to below zero.
    const debits = plus(debitsPending, debitsPosted)
    const credits = plus(creditsPending, creditsPosted)
    const isInside =
      debitsPending >= 0n &&
      debitsPosted >= 0n &&
      creditsPending >= 0n &&
      creditsPosted >= 0n &&
      debits >= 0n &&
      credits >= 0n
    const limited = flags[account] ?? 0
    const isKept =
      ((limited & DEBITS_LIMITED) === 0 || debits <= creditsPosted) &&
      ((limited & CREDITS_LIMITED) === 0 || credits <= debitsPosted)
    if (isInside && isKept) return
    const what = isInside ? "the account's limit was broken" : 'a balance was below zero or above 2^63 − 1'
    const values = BALANCES.map((name, index) => [name, balances[base + index] ?? 0n] as const)
    this.#sheets.limits.find(this.#tenant, what, {
      sequence: view.getBigInt64(at + SEQUENCE),
      account: showAccount(this.#accounts.idOf(account)),
      ...Object.fromEntries(values),
    })
  }
}
