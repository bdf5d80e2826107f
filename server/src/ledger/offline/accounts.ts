import { ACCOUNT_COLUMNS, BALANCE_COLUMNS, TRIAL_COLUMNS } from '../figures/lines.ts'
import type { LedgerTotals } from '../figures/manifest.ts'
import type { Line } from './read-csv.ts'
import type { OfflineSheets } from './sheets.ts'

/** What is known of an account while the files are read: who it is, and what its entries add up to. */
export type Known = {
  readonly ledger: string
  readonly currency: string
  readonly code: string
  debits: bigint
  credits: bigint
  /** After its newest entry so far: posted balances only rise. */
  lastDebits: bigint
  lastCredits: bigint
  hasBalance: boolean
}

type Sums = { debits: bigint; credits: bigint; accounts: number }

const WHOLE = /^\d{1,40}$/

/** A number as the files have it; null where it is none. */
export const wholeOf = (cell: string | undefined): bigint | null =>
  cell !== undefined && WHOLE.test(cell) ? BigInt(cell) : null

const at = <Name extends string>(columns: readonly Name[]) =>
  Object.fromEntries(columns.map((name, index) => [name, index])) as Readonly<Record<Name, number>>

const ACCOUNT = at(ACCOUNT_COLUMNS)
const BALANCE = at(BALANCE_COLUMNS)
const TRIAL = at(TRIAL_COLUMNS)

const SUMS = [
  'opening_debits',
  'opening_credits',
  'movement_debits',
  'movement_credits',
  'closing_debits',
  'closing_credits',
] as const
type Each = Record<(typeof SUMS)[number], bigint>

/** The accounts of an export, their balances, and what they add up to. */
export class Accounts {
  readonly known = new Map<string, Known>()
  readonly #sheets: OfflineSheets
  readonly #codes = new Map<string, Sums>()
  readonly #ledgers = new Map<string, Each & { currency: string }>()

  constructor(sheets: OfflineSheets) {
    this.#sheets = sheets
  }

  account({ number, cells }: Line): void {
    const id = cells[ACCOUNT.account] ?? ''
    this.#sheets.accounts.rows += 1
    if (this.known.has(id)) {
      this.#sheets.accounts.find(null, 'an account stands twice', {
        file: 'accounts.csv',
        line: number,
        account: id,
      })
      return
    }
    this.known.set(id, {
      ledger: cells[ACCOUNT.ledger] ?? '',
      currency: cells[ACCOUNT.currency] ?? '',
      code: cells[ACCOUNT.code] ?? '',
      debits: 0n,
      credits: 0n,
      lastDebits: 0n,
      lastCredits: 0n,
      hasBalance: false,
    })
  }

  /** After the entries: their sums are what an account's movement must be. */
  balance({ number, cells }: Line): void {
    const sheet = this.#sheets.balances
    sheet.rows += 1
    const id = cells[BALANCE.account] ?? ''
    const where = { file: 'balances.csv', line: number, account: id }
    const known = this.known.get(id)
    if (
      known === undefined ||
      known.ledger !== cells[BALANCE.ledger] ||
      known.currency !== cells[BALANCE.currency] ||
      known.code !== cells[BALANCE.code]
    ) {
      this.#sheets.accounts.find(null, 'a balance is of no account of the list, or differs from it', where)
      return
    }
    const values = SUMS.map((name) => wholeOf(cells[BALANCE[name]]))
    if (values.includes(null) || known.hasBalance) {
      sheet.find(
        null,
        known.hasBalance ? 'an account has two balances' : 'a balance is no whole number',
        where,
      )
      return
    }
    known.hasBalance = true
    const each = Object.fromEntries(SUMS.map((name, index) => [name, values[index] ?? 0n])) as Each
    this.#compare(where, known, each)
    this.#add(known, each)
  }

  #compare(where: Record<string, string | number>, known: Known, each: Each): void {
    const sheet = this.#sheets.balances
    if (
      each.opening_debits + each.movement_debits !== each.closing_debits ||
      each.opening_credits + each.movement_credits !== each.closing_credits
    )
      sheet.find(null, 'opening and movement are not the closing', { ...where, ...each })
    if (each.movement_debits !== known.debits || each.movement_credits !== known.credits)
      sheet.find(null, 'the movement is not the sum of the entries', {
        ...where,
        movement_debits: each.movement_debits,
        movement_credits: each.movement_credits,
        entries_debits: known.debits,
        entries_credits: known.credits,
      })
  }

  #add(known: Known, each: Each): void {
    const code = `${known.ledger} ${known.code}`
    const sums = this.#codes.get(code) ?? { debits: 0n, credits: 0n, accounts: 0 }
    sums.debits += each.closing_debits
    sums.credits += each.closing_credits
    sums.accounts += 1
    this.#codes.set(code, sums)
    const zero = Object.fromEntries(SUMS.map((name) => [name, 0n])) as Each
    const ledger = this.#ledgers.get(known.ledger) ?? { ...zero, currency: known.currency }
    for (const name of SUMS) ledger[name] += each[name]
    this.#ledgers.set(known.ledger, ledger)
  }

  trial({ number, cells }: Line): void {
    const sheet = this.#sheets.trial_balance
    sheet.rows += 1
    const code = `${cells[TRIAL.ledger]} ${cells[TRIAL.code]}`
    const sums = this.#codes.get(code)
    this.#codes.delete(code)
    const stands =
      sums !== undefined &&
      wholeOf(cells[TRIAL.debits_posted]) === sums.debits &&
      wholeOf(cells[TRIAL.credits_posted]) === sums.credits &&
      wholeOf(cells[TRIAL.accounts]) === BigInt(sums.accounts) &&
      this.#ledgers.get(cells[TRIAL.ledger] ?? '')?.currency === cells[TRIAL.currency]
    if (!stands)
      sheet.find(null, 'a line of the trial balance is not the sum of its accounts', {
        file: 'trial_balance.csv',
        line: number,
        ledger: cells[TRIAL.ledger] ?? '',
        code: cells[TRIAL.code] ?? '',
        debits: cells[TRIAL.debits_posted] ?? '',
        sum_debits: sums?.debits ?? 0n,
        credits: cells[TRIAL.credits_posted] ?? '',
        sum_credits: sums?.credits ?? 0n,
        accounts: cells[TRIAL.accounts] ?? '',
        sum_accounts: sums?.accounts ?? 0,
      })
  }

  /** When all is read: what nobody named, and both sides of each ledger. */
  end(totals: readonly LedgerTotals[]): void {
    for (const code of this.#codes.keys()) {
      const [ledger, number] = code.split(' ')
      this.#sheets.trial_balance.find(null, 'the trial balance lacks a line', {
        ledger: ledger ?? '',
        code: number ?? '',
      })
    }
    for (const [id, known] of this.known) {
      if (known.hasBalance || (known.debits === 0n && known.credits === 0n)) continue
      this.#sheets.balances.find(null, 'an account with posted entries has no balance', { account: id })
    }
    for (const [ledger, sums] of this.#ledgers) this.#compareLedger(ledger, sums, totals)
    if (totals.length !== this.#ledgers.size)
      this.#sheets.debits_equal_credits.find(null, 'the manifest’s totals are of other ledgers', {
        manifest: totals.length,
        files: this.#ledgers.size,
      })
  }

  #compareLedger(ledger: string, sums: Each, totals: readonly LedgerTotals[]): void {
    const sheet = this.#sheets.debits_equal_credits
    sheet.rows += 1
    for (const kind of ['opening', 'movement', 'closing'] as const) {
      const debits = sums[`${kind}_debits`]
      const credits = sums[`${kind}_credits`]
      if (debits !== credits)
        sheet.find(null, `the ${kind} debits and credits differ`, { ledger, debits, credits })
    }
    const told = totals.find((each) => String(each.ledger) === ledger)
    if (told === undefined || SUMS.some((name) => told[name] !== String(sums[name])))
      sheet.find(null, 'the manifest’s totals are not the sums of the balances', { ledger })
  }
}
