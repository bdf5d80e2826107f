import type { Reasons } from '../../kit/index.ts'
import { ACCOUNT_STATUSES, CLOSING_REASONS, TRANSFER_STATUSES } from '../core/index.ts'

/** Why a request could not be read, though its shape was right; first, as nothing is decided before it is read. */
export const READING_REASONS = {
  parameter_invalid_id: {
    kind: 'invalid',
    message: 'An id has a prefix and 32 hexadecimal digits, or is a plain UUID.',
  },
  parameter_invalid_date: { kind: 'invalid', message: 'A date is a day of the calendar, as YYYY-MM-DD.' },
  currency_unknown: {
    kind: 'invalid',
    param: 'currency',
    message: 'A currency is one of ISO 4217, three letters.',
  },
  ledger_reserved: {
    kind: 'invalid',
    param: 'ledger',
    message:
      'Ledgers from 1,000,000,000 on, references that begin with payments/ and what is held there are the platform’s own: read them, post elsewhere.',
  },
  parameters_missing: { kind: 'invalid', message: 'A batch holds either accounts or transfers.' },
  ledger_exists: {
    kind: 'invalid',
    param: 'number',
    message: 'The ledger exists with another name or currency.',
  },
} as const satisfies Reasons

const withoutExists = (table: Readonly<Record<string, Reasons[string]>>): Reasons =>
  Object.fromEntries(Object.entries(table).filter(([code]) => code !== 'exists'))

export const ACCOUNT_REASONS: Reasons = { ...READING_REASONS, ...withoutExists(ACCOUNT_STATUSES) }
export const TRANSFER_REASONS: Reasons = { ...READING_REASONS, ...withoutExists(TRANSFER_STATUSES) }

/** For docs/ERRORS.md. */
export const ledgerErrors = {
  'Ledger: reading a request': READING_REASONS,
  'Ledger: accounts': withoutExists(ACCOUNT_STATUSES),
  'Ledger: transfers': withoutExists(TRANSFER_STATUSES),
  'Ledger: closing the books': CLOSING_REASONS,
} satisfies Readonly<Record<string, Reasons>>
