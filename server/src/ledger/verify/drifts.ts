import { type Accounts, BALANCES, BALANCES_EACH } from './accounts.ts'
import type { Sheets } from './sheets.ts'
import { idAt, showAccount, showTransfer } from './shown.ts'
import { NEXT_BALANCE, TRANSFER_ROWS } from './transfer-rows.ts'

const AT = TRANSFER_ROWS.at

/**
 * Entries whose written balances are not the sums. An error stays in all later entries of its account, so it is
 * reported where it begins: when what is written moves away from the sums by something new.
 */
export class Drifts {
  readonly #tenant: number
  readonly #accounts: Accounts
  readonly #sheets: Sheets
  readonly #known = new Map<number, string>()

  constructor(options: { readonly tenant: number; readonly accounts: Accounts; readonly sheets: Sheets }) {
    this.#tenant = options.tenant
    this.#accounts = options.accounts
    this.#sheets = options.sheets
  }

  get any(): boolean {
    return this.#known.size > 0
  }

  agrees(account: number): void {
    this.#known.delete(account)
  }

  differs(view: DataView, at: number, account: number, after: number): void {
    const written = BALANCES.map((_, index) => view.getBigInt64(at + after + index * NEXT_BALANCE))
    const sums = BALANCES.map((_, index) => this.#accounts.balances[account * BALANCES_EACH + index] ?? 0n)
    const drift = written.map((value, index) => value - (sums[index] ?? 0n)).join(' ')
    if (this.#known.get(account) === drift) return
    this.#known.set(account, drift)
    const balances = BALANCES.flatMap((name, index) =>
      written[index] === sums[index] ? [] : [[name, `${written[index]}, the sum is ${sums[index]}`] as const],
    )
    this.#sheets.entries.find(this.#tenant, 'the balances written beside a transfer are not the sums', {
      sequence: view.getBigInt64(at + AT.sequence),
      transfer: showTransfer(idAt(view, at + AT.id)),
      account: showAccount(this.#accounts.idOf(account)),
      side: after === AT.debitAfter ? 'debit' : 'credit',
      ...Object.fromEntries(balances),
    })
  }
}
