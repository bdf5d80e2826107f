// The ledger's resources as the API shows them, and the parameters that it takes. Amounts are integers of minor units.

export type Metadata = Readonly<Record<string, string>>

/** null beyond 2^53 - 1, where JSON is not exact; the exact text stands beside it. */
export type Balances = {
  readonly debits_pending: number | null
  readonly debits_pending_exact: string
  readonly debits_posted: number | null
  readonly debits_posted_exact: string
  readonly credits_pending: number | null
  readonly credits_pending_exact: string
  readonly credits_posted: number | null
  readonly credits_posted_exact: string
}

export type Ledger = {
  readonly object: 'ledger.ledger'
  readonly number: number
  readonly name: string
  readonly currency: string
  readonly created: number
  readonly livemode: boolean
}

export type AccountFlag =
  | 'linked'
  | 'debits_must_not_exceed_credits'
  | 'credits_must_not_exceed_debits'
  | 'history'
  | 'imported'
  | 'closed'

export type Account = {
  /** la_… */
  readonly id: string
  readonly object: 'ledger.account'
  readonly balances: Balances
  readonly closed: boolean
  readonly code: number
  readonly created: number
  readonly created_us: number | null
  readonly currency: string
  readonly flags: readonly AccountFlag[]
  readonly ledger: number
  readonly livemode: boolean
  readonly metadata: Metadata
  readonly reference: string | null
  readonly user_data: number | null
  readonly as_of_us?: number
  readonly as_of_book_date?: string
}

export type TransferFlag =
  | 'linked'
  | 'pending'
  | 'post_pending_transfer'
  | 'void_pending_transfer'
  | 'balancing_debit'
  | 'balancing_credit'
  | 'closing_debit'
  | 'closing_credit'
  | 'imported'

export type Hold = {
  readonly state: 'pending' | 'posted' | 'voided' | 'expired'
  readonly expires_at: number | null
  readonly resolved_by_sequence: number | null
}

export type Transfer = {
  /** lt_… */
  readonly id: string
  readonly object: 'ledger.transfer'
  readonly amount: number | null
  readonly amount_exact: string
  readonly book_date: string
  readonly code: number
  readonly created: number
  readonly created_us: number | null
  readonly credit_account: string
  readonly credit_balances: Balances
  readonly currency: string
  readonly debit_account: string
  readonly debit_balances: Balances
  readonly external_reference: string | null
  readonly flags: readonly TransferFlag[]
  readonly hold: Hold | null
  readonly ledger: number
  readonly livemode: boolean
  readonly metadata: Metadata
  readonly pending_id: string | null
  readonly sequence: number | null
  readonly timeout: number
  readonly user_data: number | null
  readonly value_date: string
}

export type Entry = {
  /** le_… */
  readonly id: string
  readonly object: 'ledger.entry'
  readonly account: string
  readonly amount: number | null
  readonly amount_exact: string
  readonly balances_after: Balances
  readonly balances_before: Balances
  readonly book_date: string
  readonly counterpart: string
  readonly created: number
  readonly created_us: number | null
  readonly currency: string
  readonly external_reference: string | null
  readonly livemode: boolean
  readonly metadata: Metadata
  readonly sequence: number | null
  readonly side: 'debit' | 'credit'
  readonly transfer: string
  readonly type: 'transfer' | 'pending' | 'post' | 'void' | 'expiry'
  readonly value_date: string
}

export type TrialBalance = {
  readonly object: 'ledger.trial_balance'
  readonly balanced: boolean
  readonly livemode: boolean
  readonly ledgers: readonly {
    readonly ledger: number
    readonly name: string
    readonly currency: string
    readonly accounts: number
    readonly balanced: boolean
    readonly balances: Balances
    readonly codes: readonly {
      readonly code: number
      readonly accounts: number
      readonly balances: Balances
    }[]
  }[]
}

export type Closing = {
  readonly id: string
  readonly object: 'ledger.closing'
  readonly created: number
  /** The last day that is closed. */
  readonly date: string
  /** Over the period's statements and its trial balance, as `evenkeel export` writes them; null while it is added up. */
  readonly digest: string | null
  readonly entries: number | null
  /** Null: everything from the beginning. */
  readonly from: string | null
  readonly livemode: boolean
  readonly number: number
  readonly reopened: number | null
  readonly reopened_reason: string | null
  readonly status: 'sealing' | 'closed' | 'reopened'
  /** Of the entry in the audit log; in the answer to whoever has closed. */
  readonly receipt?: { readonly position: number; readonly hash: string }
}

export type Reopening = {
  readonly object: 'ledger.reopening'
  readonly closed_through: string | null
  readonly livemode: boolean
  readonly reopened: readonly Closing[]
  readonly receipt?: { readonly position: number; readonly hash: string }
}

export type Health = {
  readonly object: 'ledger.health'
  readonly ok: boolean
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]
  readonly livemode: boolean
}

export type Batch = {
  readonly object: 'ledger.batch'
  readonly created: number
  readonly existing: number
  readonly refused: number
  readonly livemode: boolean
  /** One for each item, in their order: created, exists, or the reason of the refusal. */
  readonly results: readonly { readonly id: string; readonly status: string }[]
}
