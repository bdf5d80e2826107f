import type { DifferenceKind } from './agreement.ts'
import type { BadLine } from './lines.ts'
import type { RefusedLine } from './tally.ts'

/** Minor units as an integer; beyond 2^53 - 1, where JSON is no longer exact everywhere, as a text. */
export type JsonAmount = number | string

/** How the lines were recorded in the ledger. */
export type Mode = 'imported' | 'ordinary' | 'mixed'

export type JsonSums = {
  readonly lines: number
  readonly differing: number
  readonly credit_lines: number
  readonly credits: JsonAmount
  readonly debit_lines: number
  readonly debits: JsonAmount
}

export type ImportReport = {
  readonly profile: string
  readonly file: { readonly name: string; readonly bytes: number; readonly sha256: string }
  readonly currency: string
  readonly exponent: number
  readonly complete: boolean
  readonly stopped: { readonly line: number | null; readonly reason: string } | null
  readonly mode: Mode
  readonly mode_reason: string
  readonly imported_transfers: number
  readonly ordinary_transfers: number
  readonly lines: number
  readonly accounts: number
  readonly agree: number
  readonly differences: readonly (readonly [JsonAmount, number])[]
  readonly differences_beyond_limit: number
  readonly closing_sum: JsonAmount
  readonly our_closing_sum: JsonAmount
  readonly drift_sum: JsonAmount
  readonly first_date: string | null
  readonly last_date: string | null
  readonly totals: JsonSums
  readonly per_category: readonly ({ readonly category: string } & JsonSums)[]
  readonly counter_accounts: readonly ({ readonly reference: string } & JsonSums)[]
  readonly kinds: readonly {
    readonly kind: DifferenceKind
    readonly lines: number
    readonly sum: JsonAmount
    readonly sizes: readonly {
      readonly difference: JsonAmount
      readonly lines: number
      readonly first_line: number
    }[]
  }[]
  readonly disagreements: readonly {
    readonly line: number
    readonly account: string
    readonly date: string
    readonly category: string
    readonly amount: JsonAmount
    readonly stated_before: JsonAmount
    readonly stated_after: JsonAmount
    readonly difference: JsonAmount
    readonly kind: DifferenceKind
  }[]
  readonly accounts_with_differences: number
  readonly accounts_with_drift: number
  readonly per_account: readonly {
    readonly account: string
    readonly lines: number
    readonly differing: number
    readonly closing: JsonAmount
    readonly our_closing: JsonAmount
    readonly drift: JsonAmount
    readonly first_cause: {
      readonly line: number
      readonly date: string
      readonly difference: JsonAmount
      readonly kind: DifferenceKind
    }
  }[]
  readonly settled: { readonly account: string; readonly transfers: number; readonly sum: JsonAmount } | null
  readonly bad_line_count: number
  readonly bad_lines: readonly BadLine[]
  readonly refused_line_count: number
  readonly refused_lines: readonly RefusedLine[]
  readonly repeated_id_count: number
  readonly repeated_ids: readonly {
    readonly line: number
    readonly account: string
    readonly external_id: string
  }[]
  readonly shortened_values: number
  readonly ledger_check: LedgerCheck
}

export type LedgerCheck = {
  readonly ledger: number
  readonly debits: JsonAmount
  readonly credits: JsonAmount
  readonly balanced: boolean
  readonly accounts_checked: number
  readonly accounts_equal: number
  /** What the customers' accounts hold in the ledger now. */
  readonly customers_sum: JsonAmount
  readonly differing: readonly {
    readonly account: string
    readonly expected: JsonAmount
    readonly held: JsonAmount | null
  }[]
}
