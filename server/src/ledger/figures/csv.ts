/**
 * A text as a cell. Programs for tables take a cell that begins with one of these for a formula, and one that somebody
 * else has written must not become one; so an apostrophe stands before it, and before an apostrophe as well, so that
 * whoever reads the file can take it away again.
 */
const RISKY = /^[=+\-@'\t\r\n]/
const QUOTED = /[",\r\n]/

export const guarded = (text: string): string => (RISKY.test(text) ? `'${text}` : text)

/** The text that a cell was made of. */
export const unguarded = (cell: string): string =>
  cell.startsWith("'") && RISKY.test(cell.slice(1)) ? cell.slice(1) : cell

export type Cell = string | number | bigint | null

const quoted = (text: string): string => (QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const cellOf = (value: Cell): string => {
  if (value === null) return ''
  return typeof value === 'string' ? quoted(guarded(value)) : value.toString()
}

/** A line as RFC 4180 has it, with its end. */
export const lineOf = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`
