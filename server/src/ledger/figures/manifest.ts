/** What stands in an export, for whoever checks it without a database: amounts as texts, as they may be of any size. */
export type ExportManifest = {
  readonly format: 'evenkeel.ledger_export'
  readonly version: 1
  /** Of the release that wrote it. */
  readonly release: string
  readonly made: string
  readonly tenant: {
    readonly number: number
    readonly name: string
    readonly kind: string
    readonly time_zone: string
  }
  readonly period: { readonly from: string | null; readonly to: string }
  /** The last day that was closed when it was written. */
  readonly closed_through: string | null
  /** The closing whose figures these are: its digest is the one of this export. Null: the period is none that was closed. */
  readonly closing: { readonly id: string; readonly number: number; readonly digest: string } | null
  /** sha256sum entries.csv trial_balance.csv | sha256sum */
  readonly digest: string
  readonly totals: readonly LedgerTotals[]
  readonly files: readonly ExportFile[]
}

export type LedgerTotals = {
  readonly ledger: number
  readonly currency: string
  readonly opening_debits: string
  readonly opening_credits: string
  readonly movement_debits: string
  readonly movement_credits: string
  readonly closing_debits: string
  readonly closing_credits: string
}

export type ExportFile = {
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  /** Lines without the one of the names. */
  readonly rows: number
}

export const MANIFEST_FILE = 'manifest.json'
export const ACCOUNTS_FILE = 'accounts.csv'
export const BALANCES_FILE = 'balances.csv'
