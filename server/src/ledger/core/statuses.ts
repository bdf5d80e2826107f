import type { Kind } from '../../kit/index.ts'

/**
 * Every answer that the ledger can give to a command, in order of precedence: where several apply, the first is given.
 * The names are TigerBeetle's where it has one; the table of renamings stands in the README. None is ever renamed.
 */
export type StatusEntry = {
  readonly kind: Kind
  /** The id can never be used again: a retry of what failed for a passing reason must not succeed later by surprise. */
  readonly burns?: true
  readonly param?: string
  readonly message: string
}

const invalid = (param: string, message: string): StatusEntry => ({ kind: 'invalid', param, message })
const differs = (param: string): StatusEntry => ({
  kind: 'invalid',
  param,
  message: `This id already exists with a different ${param}. Use a new id, or send what was sent first.`,
})

const SHARED_FIRST = {
  linked_event_chain_open: invalid(
    'flags',
    'The last item of a batch cannot be linked. Remove `linked` from it, or add the item that ends the chain.',
  ),
  linked_event_failed: {
    kind: 'invalid',
    message: 'Another item of the same chain was refused, so the whole chain was.',
  },
  imported_event_expected: invalid(
    'flags',
    'The batch began with an imported item, so all of its items must be imported.',
  ),
  imported_event_not_expected: invalid(
    'flags',
    'The batch began with an item that is not imported, so none of its items can be.',
  ),
  timestamp_must_be_zero: invalid('timestamp_us', 'A time can be given only with the flag `imported`.'),
  imported_event_timestamp_out_of_range: invalid(
    'timestamp_us',
    'An imported item needs its time, in microseconds since 1970 and above zero.',
  ),
  imported_event_timestamp_must_not_advance: invalid(
    'timestamp_us',
    'An imported time must lie in the past.',
  ),
  id_must_not_be_zero: invalid('id', 'The id must not be the zero UUID.'),
  id_must_not_be_int_max: invalid('id', 'The id must not be the UUID with all bits set.'),
} satisfies Readonly<Record<string, StatusEntry>>

export const ACCOUNT_STATUSES = {
  ...SHARED_FIRST,
  exists_with_different_flags: differs('flags'),
  exists_with_different_user_data: differs('user_data'),
  exists_with_different_ledger: differs('ledger'),
  exists_with_different_code: differs('code'),
  exists_with_different_currency: differs('currency'),
  exists_with_different_reference: differs('reference'),
  exists: { kind: 'exists', message: 'The same account already exists.' },
  flags_are_mutually_exclusive: invalid(
    'flags',
    '`debits_must_not_exceed_credits` and `credits_must_not_exceed_debits` exclude each other.',
  ),
  ledger_must_not_be_zero: invalid('ledger', 'Give the ledger: the number that you chose for it, from 1.'),
  code_must_not_be_zero: invalid('code', 'Give a code: a number of yours for its kind, 1 to 65535.'),
  imported_event_timestamp_must_not_regress: invalid(
    'timestamp_us',
    'An imported time must be later than the newest of its kind, and no other item may stand at it.',
  ),
  reference_already_used: {
    kind: 'invalid',
    param: 'reference',
    message: 'Another account has this reference.',
  },
  ledger_currency_missing: invalid(
    'currency',
    'The ledger does not exist yet. Give its currency with its first account.',
  ),
  ledger_has_different_currency: {
    kind: 'invalid',
    param: 'currency',
    message: 'The ledger has another currency. Leave the currency out, or use another ledger.',
  },
} as const satisfies Readonly<Record<string, StatusEntry>>

export const TRANSFER_STATUSES = {
  ...SHARED_FIRST,
  exists_with_different_flags: differs('flags'),
  exists_with_different_pending_id: differs('pending_id'),
  exists_with_different_timeout: differs('timeout'),
  exists_with_different_debit_account_id: differs('debit_account'),
  exists_with_different_credit_account_id: differs('credit_account'),
  exists_with_different_amount: differs('amount'),
  exists_with_different_user_data: differs('user_data'),
  exists_with_different_ledger: differs('ledger'),
  exists_with_different_code: differs('code'),
  exists_with_different_currency: differs('currency'),
  exists_with_different_external_reference: differs('external_reference'),
  exists_with_different_book_date: differs('book_date'),
  exists_with_different_value_date: differs('value_date'),
  exists: { kind: 'exists', message: 'The same transfer already exists.' },
  id_already_failed: {
    kind: 'invalid',
    param: 'id',
    message: 'A transfer with this id failed before and never will succeed. Use a new id for a new attempt.',
  },
  flags_are_mutually_exclusive: invalid(
    'flags',
    'Post and void exclude each other and `pending`, the balancing and the closing flags.',
  ),
  debit_account_id_must_not_be_zero: invalid('debit_account', 'The debit account is missing.'),
  debit_account_id_must_not_be_int_max: invalid(
    'debit_account',
    'The debit account must not be the UUID with all bits set.',
  ),
  credit_account_id_must_not_be_zero: invalid('credit_account', 'The credit account is missing.'),
  credit_account_id_must_not_be_int_max: invalid(
    'credit_account',
    'The credit account must not be the UUID with all bits set.',
  ),
  accounts_must_be_different: invalid('credit_account', 'Debit and credit account must be two accounts.'),
  pending_id_must_be_zero: invalid('pending_id', 'Only a post or void names a pending transfer.'),
  pending_id_must_not_be_zero: invalid('pending_id', 'A post or void must name its pending transfer.'),
  pending_id_must_not_be_int_max: invalid(
    'pending_id',
    'The pending transfer must not be the UUID with all bits set.',
  ),
  pending_id_must_be_different: invalid('pending_id', 'A transfer cannot post or void itself.'),
  timeout_reserved_for_pending_transfer: invalid('timeout', 'Only a pending transfer can have a time-out.'),
  closing_transfer_must_be_pending: invalid(
    'flags',
    'A transfer that closes an account must be pending, so that voiding it can reopen the account.',
  ),
  ledger_must_not_be_zero: invalid('ledger', 'Give the ledger: the number that you chose for it, from 1.'),
  code_must_not_be_zero: invalid('code', 'Give a code: a number of yours for its kind, 1 to 65535.'),
  debit_account_not_found: {
    kind: 'not_found',
    burns: true,
    param: 'debit_account',
    message: 'There is no such debit account.',
  },
  credit_account_not_found: {
    kind: 'not_found',
    burns: true,
    param: 'credit_account',
    message: 'There is no such credit account.',
  },
  accounts_must_have_the_same_ledger: invalid(
    'credit_account',
    'Debit and credit account are of two ledgers. Money moves within one ledger only.',
  ),
  transfer_must_have_the_same_ledger_as_accounts: invalid('ledger', 'The accounts are of another ledger.'),
  transfer_must_have_the_same_currency_as_accounts: invalid(
    'currency',
    'The accounts are in another currency.',
  ),
  pending_transfer_not_found: {
    kind: 'not_found',
    burns: true,
    param: 'pending_id',
    message: 'There is no such pending transfer.',
  },
  pending_transfer_not_pending: invalid('pending_id', 'The transfer named is not a pending one.'),
  pending_transfer_has_different_debit_account_id: invalid(
    'debit_account',
    'The pending transfer has another debit account. Leave it out.',
  ),
  pending_transfer_has_different_credit_account_id: invalid(
    'credit_account',
    'The pending transfer has another credit account. Leave it out.',
  ),
  pending_transfer_has_different_ledger: invalid(
    'ledger',
    'The pending transfer is of another ledger. Leave it out.',
  ),
  pending_transfer_has_different_code: invalid(
    'code',
    'The pending transfer has another code. Leave it out.',
  ),
  pending_transfer_has_different_currency: invalid(
    'currency',
    'The pending transfer has another currency. Leave it out.',
  ),
  exceeds_pending_transfer_amount: invalid('amount', 'More than the pending transfer holds.'),
  pending_transfer_has_different_amount: invalid(
    'amount',
    'A void releases the whole hold. Leave the amount out.',
  ),
  pending_transfer_already_posted: {
    kind: 'invalid',
    param: 'pending_id',
    message: 'The pending transfer was posted before.',
  },
  pending_transfer_already_voided: {
    kind: 'invalid',
    param: 'pending_id',
    message: 'The pending transfer was voided before.',
  },
  pending_transfer_expired: {
    kind: 'invalid',
    param: 'pending_id',
    message: 'The pending transfer has expired.',
  },
  imported_event_timestamp_must_not_regress: invalid(
    'timestamp_us',
    'An imported time must be later than the newest of its kind, and no other item may stand at it.',
  ),
  imported_event_timestamp_must_postdate_debit_account: invalid(
    'timestamp_us',
    'The debit account was opened later.',
  ),
  imported_event_timestamp_must_postdate_credit_account: invalid(
    'timestamp_us',
    'The credit account was opened later.',
  ),
  imported_event_timeout_must_be_zero: invalid('timeout', 'An imported transfer cannot have a time-out.'),
  book_date_in_closed_period: invalid(
    'book_date',
    'The books are closed for that day. Book it on an open day, or reopen the period, which needs a reason.',
  ),
  debit_account_already_closed: {
    kind: 'invalid',
    burns: true,
    param: 'debit_account',
    message: 'The debit account is closed.',
  },
  credit_account_already_closed: {
    kind: 'invalid',
    burns: true,
    param: 'credit_account',
    message: 'The credit account is closed.',
  },
  overflows_debits_pending: invalid('amount', "The debit account's pending debits would pass 2^63 − 1."),
  overflows_credits_pending: invalid('amount', "The credit account's pending credits would pass 2^63 − 1."),
  overflows_debits_posted: invalid('amount', "The debit account's posted debits would pass 2^63 − 1."),
  overflows_credits_posted: invalid('amount', "The credit account's posted credits would pass 2^63 − 1."),
  overflows_debits: invalid('amount', "The debit account's debits, pending and posted, would pass 2^63 − 1."),
  overflows_credits: invalid(
    'amount',
    "The credit account's credits, pending and posted, would pass 2^63 − 1.",
  ),
  exceeds_credits: {
    kind: 'invalid',
    burns: true,
    param: 'amount',
    message: 'The debit account does not have that much: its debits would exceed its posted credits.',
  },
  exceeds_debits: {
    kind: 'invalid',
    burns: true,
    param: 'amount',
    message: 'The credit account cannot take that much: its credits would exceed its posted debits.',
  },
} as const satisfies Readonly<Record<string, StatusEntry>>

export type AccountStatus = 'created' | keyof typeof ACCOUNT_STATUSES
export type TransferStatus = 'created' | keyof typeof TRANSFER_STATUSES

/** The refusals that make an id unusable for ever. */
export type BurningStatus = {
  [S in keyof typeof TRANSFER_STATUSES]: (typeof TRANSFER_STATUSES)[S] extends { readonly burns: true }
    ? S
    : never
}[keyof typeof TRANSFER_STATUSES]

export const burns = (status: TransferStatus): status is BurningStatus =>
  status !== 'created' && 'burns' in TRANSFER_STATUSES[status]
