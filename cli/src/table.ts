import type { Paint } from './paint.ts'

export type Column = { readonly title: string; readonly align?: 'left' | 'right' }

const pad = (text: string, width: number, align: Column['align']): string =>
  align === 'right' ? text.padStart(width) : text.padEnd(width)

/** Columns under their titles, two spaces apart. What is painted is painted after it was measured. */
export const renderTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string => {
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)),
  )
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, at) => pad(cells[at] ?? '', widths[at] ?? 0, align))
      .join('  ')
      .trimEnd()
  return [paint('bold', line(columns.map(({ title }) => title))), ...rows.map(line)].join('\n')
}
