import { type Check, Sheet } from '../../database/index.ts'

/** What each check of the ledger proves when it finds nothing. */
const PROVED = {
  balances:
    'Each balance that an account shows, which is that of its newest entry, is the sum of all its transfers, added up one by one.',
  entries: 'The balances written beside each transfer, for both accounts, are the sums up to that transfer.',
  debits_equal_credits: 'In every ledger debits equal credits, posted and pending: nothing is left over.',
  phases:
    'Every post, void and expiry ends one open pending transfer, once and wholly, between the same accounts; no post takes more than was held, and nothing expires before its time.',
  holds:
    'Every pending transfer has one hold and every hold one pending transfer, with the same amount, accounts and end, and in the state that the transfers left it in.',
  held_balances: "Each account's pending balances are the sums of its open holds.",
  timers: 'Every open hold that can expire has a timer at that time, and there is no other.',
  ids: 'Ids and references are unique, none is zero or all ones, and no recorded id is marked as failed for ever.',
  sequence:
    'The transfers are numbered 1, 2, 3 … without a gap in the order of their times, and no two items of a tenant stand at one time.',
  head: 'The counters of the head row are those of the newest rows.',
  accounts: 'Both accounts of every transfer exist, are of its ledger, and were opened before it.',
  limits:
    'At no moment did an account break the limit that its flags set, or have a balance below zero or above 2^63 − 1.',
  closed:
    'While it was closed, no account received anything but voids and expiries; what is closed now follows from that.',
  book_dates:
    "Each account's totals by book date, the newest day's and the earlier ones', are those of its posted transfers.",
  closed_periods:
    'Each period that is closed still adds up to what it was closed with, to the byte: its statements and its trial balance give the same digest, and the periods follow one another without a gap.',
} as const

export type SheetName = keyof typeof PROVED
export type Sheets = Readonly<Record<SheetName, Sheet>>

const NAMES = Object.keys(PROVED) as readonly SheetName[]

export const openSheets = (): Sheets =>
  Object.fromEntries(NAMES.map((name) => [name, new Sheet(name, PROVED[name])])) as Record<SheetName, Sheet>

export const checksOf = (sheets: Sheets): readonly Check[] => NAMES.map((name) => sheets[name].result())
