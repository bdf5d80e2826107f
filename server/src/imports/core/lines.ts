import { type Day, MINOR_MAX, MINOR_MIN, type Minor, parseMinor } from '../../kit/index.ts'
import { METADATA_VALUE_CHARS, REFERENCE_CHARS } from '../limits.ts'
import type { CsvRecord } from './csv.ts'
import { createDateReader, type FileDay } from './dates.ts'
import { ownText } from './own-text.ts'
import type { AmountColumns, OwnAccount, Profile, Side } from './profile.ts'

/** A line of the file that was understood: one movement on one account. */
export type Movement = {
  readonly line: number
  readonly account: string
  readonly date: string
  readonly day: Day
  readonly valueDate: string | null
  /** What the line does to the account's balance: above zero it rises. */
  readonly amount: Minor
  /** What the old system says the balance is after the line. */
  readonly balance: Minor
  /** '' where the profile names no such column or the line leaves it empty. */
  readonly category: string
  readonly externalId: string | null
  readonly counterAccount: OwnAccount
  readonly metadata: Readonly<Record<string, string>> | null
  /** Metadata values cut to what the ledger keeps. */
  readonly shortened: number
}

/** A line that was not understood. It is listed, and nothing is posted for it. */
export type BadLine = { readonly line: number; readonly column: string | null; readonly reason: string }

export type LineReader = (record: CsvRecord) => Movement | BadLine

/** The column of each part of a movement, by its place in the record. */
type Places = ReadonlyMap<string, number>

/** What a decoder puts in the place of bytes that are not of its encoding. */
const REPLACEMENT = '\ufffd'

const bad = (record: CsvRecord, column: string | null, reason: string): BadLine => ({
  line: record.line,
  column,
  reason: ownText(reason),
})

const readField = (record: CsvRecord, places: Places, column: string): string =>
  record.fields[places.get(column) ?? -1] ?? ''

/** Reads one amount, with its column in the reason when it cannot be read. */
const readAmount = (record: CsvRecord, places: Places, column: string, profile: Profile): Minor | BadLine => {
  const minor = parseMinor(readField(record, places, column), profile.currency.exponent, profile.numbers)
  return typeof minor === 'bigint' ? minor : bad(record, column, minor.reason)
}

/** The movement's amount with its sign, from whichever columns the profile names. */
const readSigned = (
  record: CsvRecord,
  places: Places,
  columns: AmountColumns,
  profile: Profile,
): Minor | BadLine => {
  if (columns.kind === 'two_columns') {
    const credit = readField(record, places, columns.credit).trim()
    const debit = readField(record, places, columns.debit).trim()
    if (credit === '' && debit === '') return bad(record, columns.credit, 'neither credit nor debit is given')
    const raised = credit === '' ? 0n : readAmount(record, places, columns.credit, profile)
    const lowered = debit === '' ? 0n : readAmount(record, places, columns.debit, profile)
    if (typeof raised !== 'bigint') return raised
    if (typeof lowered !== 'bigint') return lowered
    if (raised !== 0n && lowered !== 0n) return bad(record, columns.debit, 'both credit and debit are given')
    return raised - lowered
  }
  const amount = readAmount(record, places, columns.amount, profile)
  if (typeof amount !== 'bigint' || columns.kind === 'signed') return amount
  const word = readField(record, places, columns.direction).trim()
  const side = columns.sides.get(word)
  if (side === undefined) {
    const known = [...columns.sides.keys()].map((one) => `"${one}"`).join(' or ')
    return bad(
      record,
      columns.direction,
      `"${word.slice(0, 40)}" is not a direction; the profile knows ${known}`,
    )
  }
  return side === 'credit' ? amount : -amount
}

/** Chooses the counter-account: the first rule that fits, else the profile's default. */
const createChooser = (profile: Profile, places: Places): ((record: CsvRecord, side: Side) => OwnAccount) => {
  const accounts = new Map(profile.counterAccounts.map((account) => [account.reference, account]))
  const fallback = accounts.get(profile.defaultCounterAccount) ?? profile.differencesAccount
  return (record, side) => {
    const rule = profile.rules.find(
      ({ side: wanted, when }) =>
        (wanted === null || wanted === side) &&
        when.every(({ column, values }) => values.has(readField(record, places, column).trim())),
    )
    return (rule === undefined ? undefined : accounts.get(rule.counterAccount)) ?? fallback
  }
}

type Taken = { readonly metadata: Record<string, string> | null; readonly shortened: number }

const takeMetadata = (record: CsvRecord, places: Places, profile: Profile): Taken => {
  const metadata: Record<string, string> = {}
  let shortened = 0
  let any = false
  for (const { key, column } of profile.metadata) {
    const value = readField(record, places, column).trim()
    if (value === '') continue
    if (value.length > METADATA_VALUE_CHARS) shortened += 1
    metadata[key] = value.slice(0, METADATA_VALUE_CHARS)
    any = true
  }
  return { metadata: any ? metadata : null, shortened }
}

/** The booking date, and the value date where the profile has one. */
const createDates = (
  profile: Profile,
  places: Places,
): ((record: CsvRecord) => (FileDay & { readonly valueDate: string | null }) | BadLine) => {
  const { date, valueDate } = profile.columns
  const readBooking = createDateReader(profile.dateFormat)
  const readValue = createDateReader(profile.dateFormat)
  return (record) => {
    const booked = readBooking(readField(record, places, date))
    if ('reason' in booked) return bad(record, date, booked.reason)
    const text = valueDate === null ? '' : readField(record, places, valueDate).trim()
    if (valueDate === null || text === '') return { ...booked, valueDate: null }
    const valued = readValue(text)
    return 'reason' in valued ? bad(record, valueDate, valued.reason) : { ...booked, valueDate: valued.text }
  }
}

/** A reader of the records below a header that headerProblems found nothing wrong with. */
export const createLineReader = (profile: Profile, header: readonly string[]): LineReader => {
  const places: Places = new Map(header.map((name, place) => [name.trim(), place]))
  const { columns } = profile
  const choose = createChooser(profile, places)
  const readDates = createDates(profile, places)
  const nameChars = REFERENCE_CHARS - profile.accounts.referencePrefix.length
  return (record) => {
    if (record.fields.length !== header.length) {
      return bad(record, null, `has ${record.fields.length} fields where the header has ${header.length}`)
    }
    const garbled = record.fields.findIndex((field) => field.includes(REPLACEMENT))
    if (garbled !== -1) {
      return bad(
        record,
        header[garbled] ?? null,
        `is not ${profile.encoding}; see format.encoding in the profile`,
      )
    }
    const account = readField(record, places, columns.account).trim()
    if (account === '') return bad(record, columns.account, 'the account is empty')
    if (account.length > nameChars)
      return bad(record, columns.account, `is longer than ${nameChars} characters`)
    const dates = readDates(record)
    if ('reason' in dates) return dates
    const amount = readSigned(record, places, columns.amount, profile)
    if (typeof amount !== 'bigint') return amount
    const balance = readAmount(record, places, columns.balance, profile)
    if (typeof balance !== 'bigint') return balance
    if (amount < -MINOR_MAX) return bad(record, null, `${MINOR_MIN} minor units cannot be posted`)
    const given = columns.externalId === null ? '' : readField(record, places, columns.externalId).trim()
    if (given.length > REFERENCE_CHARS) {
      return bad(record, columns.externalId, `is longer than ${REFERENCE_CHARS} characters`)
    }
    return {
      line: record.line,
      account: ownText(account),
      date: dates.text,
      day: dates.day,
      valueDate: dates.valueDate,
      amount,
      balance,
      category: columns.category === null ? '' : ownText(readField(record, places, columns.category).trim()),
      externalId: given === '' ? null : ownText(given),
      counterAccount: choose(record, amount < 0n ? 'debit' : 'credit'),
      ...takeMetadata(record, places, profile),
    }
  }
}
