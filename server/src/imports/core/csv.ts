/** One record of the file: its fields, and the line of the file that it begins on (the first line is 1). */
export type CsvRecord = { readonly line: number; readonly fields: readonly string[] }

/** A record that cannot be read, and why. Reading goes on with the line after the one named. */
export type CsvProblem = { readonly line: number; readonly problem: string }

export type CsvStyle = { readonly delimiter: string; readonly quote: string; readonly recordChars: number }

export type CsvReader = {
  /** Takes the next piece of text and gives the records that are complete. */
  readonly push: (text: string) => (CsvRecord | CsvProblem)[]
  /** Gives what is left when the text has ended. */
  readonly end: () => (CsvRecord | CsvProblem)[]
}

type Quoted = { readonly fields: readonly string[]; readonly next: number; readonly lines: number }

/** A line without the carriage return that a CRLF leaves at its end. */
const trimReturn = (text: string, from: number, to: number): string =>
  text.slice(from, to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to)

const countLines = (text: string): number => {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}

/**
 * Reads a record that has quotes: RFC 4180, so a field may hold delimiters, line ends and doubled quotes.
 * A quote inside a field that does not begin with one is an ordinary character.
 * 'open' says that the text ends before the record does, as far as can be seen.
 */
const readQuoted = (
  text: string,
  start: number,
  ended: boolean,
  style: CsvStyle,
): Quoted | 'open' | { readonly problem: string } => {
  const { delimiter, quote } = style
  const fields: string[] = []
  let at = start
  for (;;) {
    let value = ''
    if (text.startsWith(quote, at)) {
      at += 1
      for (;;) {
        const close = text.indexOf(quote, at)
        if (close === -1) return 'open'
        value += text.slice(at, close)
        at = close + 1
        if (!text.startsWith(quote, at)) break
        value += quote
        at += 1
      }
      const lastReturn = text.charCodeAt(at) === 13 && at + 1 === text.length
      if (lastReturn && !ended) return 'open'
      if (lastReturn || text.startsWith('\r\n', at)) at += 1
    } else {
      const comma = text.indexOf(delimiter, at)
      const line = text.indexOf('\n', at)
      const stop = comma === -1 || (line !== -1 && line < comma) ? line : comma
      const to = stop === -1 ? text.length : stop
      value = to === comma ? text.slice(at, to) : trimReturn(text, at, to)
      at = to
    }
    fields.push(value)
    if (text.startsWith(delimiter, at)) at += 1
    else if (text.startsWith('\n', at)) break
    else if (at >= text.length && !ended) return 'open'
    else if (at >= text.length) break
    else return { problem: `text follows the closing quote of field ${fields.length}` }
  }
  const next = at >= text.length ? at : at + 1
  return { fields, next, lines: countLines(text.slice(start, next)) }
}

type Taken = { readonly item: CsvRecord | CsvProblem; readonly next: number; readonly lines: number }

/** A record with quotes, or what is wrong with its first line; null when more text is needed. */
const takeQuoted = (
  text: string,
  from: { readonly at: number; readonly next: number; readonly line: number },
  ended: boolean,
  style: CsvStyle,
): Taken | null => {
  const { at, next, line } = from
  const quoted = readQuoted(text, at, ended, style)
  if (quoted === 'open' && !ended && text.length - at <= style.recordChars) return null
  if (quoted === 'open' || ('next' in quoted && quoted.next - at > style.recordChars + 1)) {
    const problem = `a quote that opens here is not closed within ${style.recordChars} characters`
    return { item: { line, problem }, next, lines: 1 }
  }
  if ('problem' in quoted) return { item: { line, problem: quoted.problem }, next, lines: 1 }
  return { item: { line, fields: quoted.fields }, next: quoted.next, lines: quoted.lines }
}

/** A reader of comma-separated text, piece by piece, that never holds more than a record and a piece. */
export const createCsvReader = (style: CsvStyle): CsvReader => {
  let rest = ''
  let line = 1
  let first = true
  /** Inside a line that is too long: everything to its end is dropped. */
  let dropping = false

  /** One record from `at`, or null when more text is needed. Moves `line` on. */
  const readOne = (
    text: string,
    at: number,
    ended: boolean,
  ): { readonly item: CsvRecord | CsvProblem | null; readonly next: number } | null => {
    const found = text.indexOf('\n', at)
    if (found === -1 && !ended && text.length - at <= style.recordChars) return null
    const to = found === -1 ? text.length : found
    const next = found === -1 ? to : found + 1
    if (dropping || to - at > style.recordChars) {
      const item = dropping
        ? null
        : { line, problem: `longer than ${style.recordChars} characters; are line ends LF or CRLF?` }
      dropping = found === -1 && !ended
      if (!dropping) line += 1
      return { item, next }
    }
    const content = trimReturn(text, at, to)
    if (style.quote === '' || !content.includes(style.quote)) {
      const item = content === '' ? null : { line, fields: content.split(style.delimiter) }
      line += 1
      return { item, next }
    }
    const quoted = takeQuoted(text, { at, next, line }, ended, style)
    if (quoted !== null) line += quoted.lines
    return quoted
  }

  const read = (text: string, ended: boolean): (CsvRecord | CsvProblem)[] => {
    const items: (CsvRecord | CsvProblem)[] = []
    let at = 0
    while (at < text.length) {
      const one = readOne(text, at, ended)
      if (one === null) break
      if (one.item !== null) items.push(one.item)
      at = one.next
    }
    rest = text.slice(at)
    return items
  }

  const push = (text: string): (CsvRecord | CsvProblem)[] => {
    const start = first && text.startsWith('\ufeff') ? text.slice(1) : text
    if (text !== '') first = false
    return read(rest + start, false)
  }

  return { push, end: () => read(rest, true) }
}
