import type { MoneyCurrency, NumberStyle } from '../../kit/index.ts'

export type Encoding = 'utf-8' | 'latin1' | 'windows-1250'

/** Which way a movement moves the customer's balance: a credit raises it, a debit lowers it. */
export type Side = 'credit' | 'debit'

export const SIDES: readonly Side[] = ['credit', 'debit']

/** Where the amount of a movement stands in the file. */
export type AmountColumns =
  | { readonly kind: 'signed'; readonly amount: string }
  | {
      readonly kind: 'direction'
      readonly amount: string
      readonly direction: string
      /** What the direction column says, and which side that is. */
      readonly sides: ReadonlyMap<string, Side>
    }
  | { readonly kind: 'two_columns'; readonly credit: string; readonly debit: string }

/** An account of our own that movements are posted against. */
export type OwnAccount = { readonly reference: string; readonly code: number }

/** The first rule that fits a movement chooses its counter-account. */
export type Rule = {
  /** Column of the file and the values that fit; all of them must. */
  readonly when: readonly { readonly column: string; readonly values: ReadonlySet<string> }[]
  readonly side: Side | null
  readonly counterAccount: string
}

/** How to read one old system's file and where to post it: a checked profile. */
export type Profile = {
  readonly name: string
  readonly description: string
  readonly encoding: Encoding
  readonly delimiter: string
  readonly quote: string
  readonly numbers: NumberStyle
  readonly dateFormat: string
  readonly columns: {
    readonly account: string
    readonly date: string
    readonly valueDate: string | null
    readonly balance: string
    readonly category: string | null
    readonly externalId: string | null
    readonly amount: AmountColumns
  }
  readonly currency: MoneyCurrency
  readonly ledger: { readonly number: number; readonly name: string }
  readonly accounts: {
    readonly code: number
    /** credit: the balance is credits − debits, as a bank's customers have it; debit: the reverse. */
    readonly normalSide: Side
    readonly referencePrefix: string
    readonly flags: readonly string[]
  }
  readonly counterAccounts: readonly OwnAccount[]
  readonly rules: readonly Rule[]
  readonly defaultCounterAccount: string
  readonly differencesAccount: OwnAccount
  /** Key of the transfer's metadata, and the column it is taken from. */
  readonly metadata: readonly { readonly key: string; readonly column: string }[]
}

/** One thing that is wrong with a profile: the key, as a path, and a sentence with the fix. */
export type ProfileProblem = { readonly key: string; readonly message: string }
