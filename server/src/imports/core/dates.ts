import { type Day, parseDay } from '../../kit/index.ts'

/** A day as the file states it, and as a number for reckoning. */
export type FileDay = { readonly text: string; readonly day: Day }

export type DateReader = (text: string) => FileDay | { readonly reason: string }

/** Years of two digits: 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069. */
const PIVOT = 70

const PARTS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  YY: '(?<year>\\d{2})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{2})',
  D: '(?<day>\\d{1,2})',
}

const TOKEN = /YYYY|YY|MM|M|DD|D|[-./ ]|./g

/** The pattern of a date format, or what is wrong with the format. */
const compile = (format: string): RegExp | { readonly reason: string } => {
  const tokens = format.match(TOKEN) ?? []
  const counts = { Y: 0, M: 0, D: 0 }
  let source = ''
  for (const token of tokens) {
    const part = PARTS[token]
    if (part !== undefined) counts[token.charAt(0) as 'Y' | 'M' | 'D'] += 1
    else if (!/^[-./ ]$/.test(token)) return { reason: `"${token}" is not a part of a date` }
    source += part ?? `\\${token}`
  }
  if (counts.Y !== 1 || counts.M !== 1 || counts.D !== 1) {
    return { reason: 'it must name year, month and day once each' }
  }
  return new RegExp(`^${source}$`)
}

/** What is wrong with a date format, null when it can be read. */
export const dateFormatProblem = (format: string): string | null => {
  const pattern = compile(format)
  return pattern instanceof RegExp ? null : pattern.reason
}

/**
 * A reader of dates in a format such as YYYY-MM-DD, YYMMDD, DD.MM.YYYY, D.M.YYYY or MM/DD/YYYY.
 * It keeps the last answer, because neighbouring lines of a statement mostly share their day.
 */
export const createDateReader = (format: string): DateReader => {
  const pattern = compile(format)
  let lastText = ''
  let last: FileDay | { readonly reason: string } = { reason: 'the date is empty' }
  return (text) => {
    const trimmed = text.trim()
    if (trimmed === lastText) return last
    lastText = trimmed
    last = read(trimmed, format, pattern)
    return last
  }
}

const read = (
  text: string,
  format: string,
  pattern: RegExp | { readonly reason: string },
): FileDay | { readonly reason: string } => {
  if (text === '') return { reason: 'the date is empty' }
  const groups = pattern instanceof RegExp ? pattern.exec(text)?.groups : undefined
  const { year, month, day } = groups ?? {}
  if (year === undefined || month === undefined || day === undefined) {
    return { reason: `"${text.slice(0, 40)}" is not a date written ${format}` }
  }
  const century = Number(year) < PIVOT ? '20' : '19'
  const whole = `${year.length === 2 ? century : ''}${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const number = parseDay(whole)
  return number === null ? { reason: `"${text}" is not a day of the calendar` } : { text: whole, day: number }
}
