import type { ClientBase } from 'pg'
import { copyRows, fixedRows } from '../../database/index.ts'
import type { TenantId } from '../../kit/index.ts'
import { accountsWithBalances } from '../store/tables.ts'
import { type Accounts, BALANCES, BALANCES_EACH } from './accounts.ts'
import type { BookDays } from './book-days.ts'
import type { Sheets } from './sheets.ts'
import { idAt, showAccount } from './shown.ts'

/** An account as the API would show it: its balances are those of its newest entry, looked up as for a reader. */
const ROWS = fixedRows({
  debits_pending: ['coalesce(e.debits_pending, 0)', 'bigint'],
  debits_posted: ['coalesce(e.debits_posted, 0)', 'bigint'],
  credits_pending: ['coalesce(e.credits_pending, 0)', 'bigint'],
  credits_posted: ['coalesce(e.credits_posted, 0)', 'bigint'],
  dailyDebits: ['a.daily_debits', 'bigint'],
  dailyCredits: ['a.daily_credits', 'bigint'],
  id: ['a.id', 'uuid'],
  ledger: ['a.ledger', 'integer'],
  bookDay: ['a.book_day', 'date'],
  closed: ['a.closed', 'boolean'],
})
const AT = ROWS.at

const DEBITS_POSTED = BALANCES.indexOf('debits_posted')
const CREDITS_POSTED = BALANCES.indexOf('credits_posted')

type Totals = { debitsPending: bigint; debitsPosted: bigint; creditsPending: bigint; creditsPosted: bigint }

/** Compares the accounts' rows with what was added up, when the whole history has been read. */
class StoredAccounts {
  readonly #tenant: number
  readonly #accounts: Accounts
  readonly #sheets: Sheets
  readonly #days: BookDays
  readonly #totals = new Map<number, Totals>()

  constructor(options: {
    readonly tenant: number
    readonly accounts: Accounts
    readonly sheets: Sheets
    readonly days: BookDays
  }) {
    this.#tenant = options.tenant
    this.#accounts = options.accounts
    this.#sheets = options.sheets
    this.#days = options.days
  }

  readonly row = (view: DataView, at: number): void => {
    const account = this.#accounts.index.find(view, at + AT.id)
    this.#addUp(view, at)
    if (account < 0) return
    this.#compareBalances(view, at, account)
    this.#compareHolds(view, at, account)
    this.#compareClosed(view, at, account)
    this.#takeNewestDay(view, at, account)
  }

  finish(): void {
    const { debits_equal_credits: sheet } = this.#sheets
    sheet.rows += this.#totals.size
    for (const [ledger, { debitsPending, debitsPosted, creditsPending, creditsPosted }] of this.#totals) {
      if (debitsPending === creditsPending && debitsPosted === creditsPosted) continue
      sheet.find(this.#tenant, 'debits do not equal credits', {
        ledger,
        residual_posted: debitsPosted - creditsPosted,
        residual_pending: debitsPending - creditsPending,
      })
    }
  }

  #addUp(view: DataView, at: number): void {
    const ledger = view.getInt32(at + AT.ledger)
    const totals = this.#totals.get(ledger) ?? {
      debitsPending: 0n,
      debitsPosted: 0n,
      creditsPending: 0n,
      creditsPosted: 0n,
    }
    totals.debitsPending += view.getBigInt64(at + AT.debits_pending)
    totals.debitsPosted += view.getBigInt64(at + AT.debits_posted)
    totals.creditsPending += view.getBigInt64(at + AT.credits_pending)
    totals.creditsPosted += view.getBigInt64(at + AT.credits_posted)
    this.#totals.set(ledger, totals)
  }

  /** What the daily totals do not hold was posted on the newest day. */
  #takeNewestDay(view: DataView, at: number, account: number): void {
    const { balances, bookDay } = this.#accounts
    const base = account * BALANCES_EACH
    const date = view.getInt32(at + AT.bookDay)
    const debits = (balances[base + DEBITS_POSTED] ?? 0n) - view.getBigInt64(at + AT.dailyDebits)
    const credits = (balances[base + CREDITS_POSTED] ?? 0n) - view.getBigInt64(at + AT.dailyCredits)
    bookDay[account] = date
    this.#days.subtract(account, date, debits, credits)
  }

  #compareBalances(view: DataView, at: number, account: number): void {
    BALANCES.forEach((balance, index) => {
      const sum = this.#accounts.balances[account * BALANCES_EACH + index] ?? 0n
      const shown = view.getBigInt64(at + AT[balance])
      if (sum === shown) return
      this.#sheets.balances.find(this.#tenant, 'a balance is not the sum of its transfers', {
        account: showAccount(idAt(view, at + AT.id)),
        balance,
        shown,
        sum,
      })
    })
  }

  #compareHolds(view: DataView, at: number, account: number): void {
    const { held } = this.#accounts
    for (const [lane, balance] of (['debits_pending', 'credits_pending'] as const).entries()) {
      const sum = held[account * 2 + lane] ?? 0n
      const shown = view.getBigInt64(at + AT[balance])
      if (sum === shown) continue
      this.#sheets.held_balances.find(this.#tenant, 'a pending balance is not the sum of the open holds', {
        account: showAccount(idAt(view, at + AT.id)),
        balance,
        shown,
        sum,
      })
    }
  }

  /** An account that was opened closed never received anything, so only one with transfers can be wrong. */
  #compareClosed(view: DataView, at: number, account: number): void {
    const isClosed = view.getUint8(at + AT.closed)
    if (this.#accounts.touched[account] === 0 || isClosed === this.#accounts.closed[account]) return
    const what =
      isClosed === 1
        ? 'it is closed, and no closing transfer is pending'
        : 'it is open, and a closing transfer is pending'
    this.#sheets.closed.find(this.#tenant, what, { account: showAccount(idAt(view, at + AT.id)) })
  }
}

/** Also hands the newest days' totals to `days`. */
export const compareAccounts = async (
  client: ClientBase,
  options: {
    readonly tenant: TenantId
    readonly accounts: Accounts
    readonly sheets: Sheets
    readonly days: BookDays
  },
): Promise<void> => {
  const stored = new StoredAccounts(options)
  const rows = await copyRows(
    client,
    ROWS,
    `from ${accountsWithBalances()} where a.tenant = ${options.tenant}`,
    stored.row,
  )
  stored.finish()
  options.sheets.balances.rows += rows
  options.sheets.held_balances.rows += rows
  options.sheets.closed.rows += rows
}
