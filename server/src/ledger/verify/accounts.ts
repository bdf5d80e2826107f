import { fixedRows } from '../../database/index.ts'
import type { Uuid } from '../../kit/index.ts'
import { IdIndex } from './id-index.ts'

/** What is needed of an account before its first transfer. */
export const ACCOUNT_ROWS = fixedRows({
  id: ['id', 'uuid'],
  opened: ['time_micros', 'bigint'],
  ledger: ['ledger', 'integer'],
  flags: ['flags', 'integer'],
})

/** The four balances of an account stand together, in this order. */
export const BALANCES = ['debits_pending', 'debits_posted', 'credits_pending', 'credits_posted'] as const
export const BALANCES_EACH = BALANCES.length

/**
 * What is recomputed of every account: one number in typed arrays for each thing, so that millions of accounts need
 * about a hundred bytes each and no object.
 */
export class Accounts {
  readonly index: IdIndex
  readonly opened: BigInt64Array
  readonly ledger: Int32Array
  readonly flags: Int32Array
  /** Four for each account: the sum of its transfers so far. */
  readonly balances: BigInt64Array
  readonly closed: Uint8Array
  readonly touched: Uint8Array
  /** Two for each account: its debits and credits by book date, weighted by the date (see book-days.ts). */
  readonly days: BigInt64Array
  /** Two for each account: what the rows of open holds keep in its pending debits and credits. */
  readonly held: BigInt64Array
  /** The newest book date, as the account's row has it. */
  readonly bookDay: Int32Array

  constructor(seed: number, count: number) {
    this.index = new IdIndex(seed, count)
    this.opened = new BigInt64Array(count)
    this.ledger = new Int32Array(count)
    this.flags = new Int32Array(count)
    this.balances = new BigInt64Array(count * BALANCES_EACH)
    this.closed = new Uint8Array(count)
    this.touched = new Uint8Array(count)
    this.days = new BigInt64Array(count * 2)
    this.held = new BigInt64Array(count * 2)
    this.bookDay = new Int32Array(count)
  }

  /** The account that begins there in a stream of ACCOUNT_ROWS; -1 when its id was there before. */
  add(view: DataView, at: number): number {
    const account = this.index.add(view, at + ACCOUNT_ROWS.at.id)
    if (account < 0) return account
    this.opened[account] = view.getBigInt64(at + ACCOUNT_ROWS.at.opened)
    this.ledger[account] = view.getInt32(at + ACCOUNT_ROWS.at.ledger)
    this.flags[account] = view.getInt32(at + ACCOUNT_ROWS.at.flags)
    return account
  }

  idOf(account: number): Uuid {
    return this.index.idOf(account)
  }
}
