import { ENTRY_COLUMNS } from '../figures/lines.ts'
import { type Accounts, wholeOf } from './accounts.ts'
import type { Line } from './read-csv.ts'
import type { OfflineSheets } from './sheets.ts'

const AT = Object.fromEntries(ENTRY_COLUMNS.map((name, index) => [name, index])) as Readonly<
  Record<(typeof ENTRY_COLUMNS)[number], number>
>

type Side = 'debit' | 'credit'

type Entry = {
  readonly line: Line
  readonly sequence: bigint
  readonly side: Side
  readonly amount: bigint
  readonly released: bigint
  readonly after: Readonly<
    Record<'debitsPending' | 'debitsPosted' | 'creditsPending' | 'creditsPosted', bigint>
  >
}

const DATE = /^\d{4,}-\d{2}-\d{2}$/

/** What both entries of a transfer say in the same words. */
const SHARED = [
  'created_us',
  'book_date',
  'value_date',
  'type',
  'ledger',
  'currency',
  'code',
  'transfer',
  'pending_id',
  'amount',
  'released',
  'user_data',
  'external_reference',
  'metadata',
] as const

const cell = ({ cells }: Line, name: (typeof ENTRY_COLUMNS)[number]): string => cells[AT[name]] ?? ''

const read = (line: Line): Entry | null => {
  const side = cell(line, 'side')
  const numbers = [
    'sequence',
    'amount',
    'released',
    'debits_pending_after',
    'debits_posted_after',
    'credits_pending_after',
    'credits_posted_after',
  ] as const
  const values = numbers.map((name) => wholeOf(cell(line, name)))
  if ((side !== 'debit' && side !== 'credit') || values.includes(null)) return null
  const [sequence, amount, released, debitsPending, debitsPosted, creditsPending, creditsPosted] =
    values as bigint[]
  return {
    line,
    sequence: sequence ?? 0n,
    side,
    amount: amount ?? 0n,
    released: released ?? 0n,
    after: {
      debitsPending: debitsPending ?? 0n,
      debitsPosted: debitsPosted ?? 0n,
      creditsPending: creditsPending ?? 0n,
      creditsPosted: creditsPosted ?? 0n,
    },
  }
}

/** Whether amount, release and ids are those of the entry's type. */
const isOfItsType = ({ line, amount, released }: Entry): boolean => {
  const transfer = cell(line, 'transfer') !== ''
  const pending = cell(line, 'pending_id') !== ''
  switch (cell(line, 'type')) {
    case 'transfer':
    case 'pending':
      return transfer && !pending && released === 0n
    case 'post':
      return transfer && pending && amount <= released
    case 'void':
      return transfer && pending && amount === released
    case 'expiry':
      return !transfer && pending && amount === released
    default:
      return false
  }
}

const POSTING: ReadonlySet<string> = new Set(['transfer', 'post'])

/** The entries of an export, two by two, in the order of the file. */
export class Entries {
  readonly #sheets: OfflineSheets
  readonly #accounts: Accounts
  readonly #period: { readonly from: string | null; readonly to: string }
  #debit: Entry | null = null
  #sequence = 0n

  constructor(
    sheets: OfflineSheets,
    accounts: Accounts,
    period: { readonly from: string | null; readonly to: string },
  ) {
    this.#sheets = sheets
    this.#accounts = accounts
    this.#period = period
  }

  entry(line: Line): void {
    this.#sheets.entries.rows += 1
    this.#sheets.arithmetic.rows += 1
    const entry = read(line)
    if (entry === null) {
      this.#find('a cell is missing or no whole number', line)
      return
    }
    this.#alone(entry)
    this.#move(entry)
    if (entry.side === 'debit') {
      if (this.#debit !== null) this.#find('a debit has no credit', this.#debit.line)
      this.#debit = entry
      return
    }
    this.#pair(entry)
    this.#debit = null
  }

  end(): void {
    if (this.#debit !== null) this.#find('a debit has no credit', this.#debit.line)
  }

  #find(what: string, line: Line, details: Record<string, string | bigint> = {}): void {
    this.#sheets.entries.find(null, what, {
      file: 'entries.csv',
      line: line.number,
      sequence: cell(line, 'sequence'),
      ...details,
    })
  }

  #alone(entry: Entry): void {
    const { line } = entry
    const day = cell(line, 'book_date')
    const { from, to } = this.#period
    if (!DATE.test(day) || day > to || (from !== null && day < from))
      this.#find('the book date is no day of the period', line, { book_date: day })
    if (!isOfItsType(entry))
      this.#find('amount, release and ids are not those of the type', line, { type: cell(line, 'type') })
    if (cell(line, 'account') === cell(line, 'counterpart'))
      this.#find('an account stands on both sides', line)
  }

  /** The debit is followed by its credit, which says the same from the other side. */
  #pair(credit: Entry): void {
    const debit = this.#debit
    if (debit === null || debit.sequence !== credit.sequence) {
      this.#find('a credit does not follow its debit', credit.line)
      return
    }
    if (debit.sequence <= this.#sequence) this.#find('the sequence does not rise', debit.line)
    this.#sequence = debit.sequence
    const differs = SHARED.find((name) => cell(debit.line, name) !== cell(credit.line, name))
    if (differs !== undefined) this.#find(`debit and credit differ in ${differs}`, credit.line)
    const isMirrored =
      cell(debit.line, 'account') === cell(credit.line, 'counterpart') &&
      cell(credit.line, 'account') === cell(debit.line, 'counterpart')
    if (!isMirrored) this.#find('debit and credit name other accounts', credit.line)
  }

  #move(entry: Entry): void {
    const { line, side, amount, released, after } = entry
    const account = cell(line, 'account')
    const known = this.#accounts.known.get(account)
    if (
      known === undefined ||
      known.ledger !== cell(line, 'ledger') ||
      known.currency !== cell(line, 'currency')
    ) {
      this.#sheets.accounts.find(null, 'an entry is of no account of the list, or of another ledger', {
        file: 'entries.csv',
        line: line.number,
        account,
      })
      return
    }
    const type = cell(line, 'type')
    const moved = POSTING.has(type) ? amount : 0n
    const held = type === 'pending' ? amount : -released
    const isDebit = side === 'debit'
    const before = {
      pending: (isDebit ? after.debitsPending : after.creditsPending) - held,
      debits: after.debitsPosted - (isDebit ? moved : 0n),
      credits: after.creditsPosted - (isDebit ? 0n : moved),
    }
    // Between two entries of the period there may be others, of other book dates. They only add.
    const follows = before.debits >= known.lastDebits && before.credits >= known.lastCredits
    if (before.pending < 0n || !follows)
      this.#sheets.arithmetic.find(null, 'the balances do not follow from the entry before and the amount', {
        file: 'entries.csv',
        line: line.number,
        account,
        sequence: entry.sequence,
      })
    known.lastDebits = after.debitsPosted
    known.lastCredits = after.creditsPosted
    if (isDebit) known.debits += moved
    else known.credits += moved
  }
}
