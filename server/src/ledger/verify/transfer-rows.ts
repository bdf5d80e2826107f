import { fixedRows } from '../../database/index.ts'
import { TRANSFER_FLAGS } from '../core/index.ts'

/** A flag of ours, beside those of the table: the row has no id, and so is an expiry. */
export const EXPIRY = 1 << 30
export const { pending: PENDING, post_pending_transfer: POST, void_pending_transfer: VOID } = TRANSFER_FLAGS
export const {
  closing_debit: CLOSING_DEBIT,
  closing_credit: CLOSING_CREDIT,
  imported: IMPORTED,
} = TRANSFER_FLAGS
export const SECOND_PHASE = POST | VOID | EXPIRY

const NO_ID = `'00000000-0000-0000-0000-000000000000'`

/** What is read of a transfer. The eight balances are the debit account's four, then the credit account's. */
export const TRANSFER_ROWS = fixedRows({
  sequence: ['sequence', 'bigint'],
  time: ['time_micros', 'bigint'],
  amount: ['amount', 'bigint'],
  released: ['released', 'bigint'],
  debitAfter: ['debit_debits_pending', 'bigint'],
  debitAfterPosted: ['debit_debits_posted', 'bigint'],
  debitAfterCreditsPending: ['debit_credits_pending', 'bigint'],
  debitAfterCreditsPosted: ['debit_credits_posted', 'bigint'],
  creditAfter: ['credit_debits_pending', 'bigint'],
  creditAfterPosted: ['credit_debits_posted', 'bigint'],
  creditAfterCreditsPending: ['credit_credits_pending', 'bigint'],
  creditAfterCreditsPosted: ['credit_credits_posted', 'bigint'],
  id: [`coalesce(id, ${NO_ID})`, 'uuid'],
  debit: ['debit_account', 'uuid'],
  credit: ['credit_account', 'uuid'],
  pendingId: [`coalesce(pending_id, ${NO_ID})`, 'uuid'],
  ledger: ['ledger', 'integer'],
  flags: [`case when id is null then flags | ${EXPIRY} else flags end`, 'integer'],
  timeout: ['timeout_s', 'integer'],
  bookDate: ['book_date', 'date'],
})

/** From the `after` of one balance to that of the next. */
export const NEXT_BALANCE = TRANSFER_ROWS.at.debitAfterPosted - TRANSFER_ROWS.at.debitAfter
