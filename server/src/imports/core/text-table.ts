/** Rows with aligned columns: the first to the left, the others to the right, two spaces between. */
export const table = (rows: readonly (readonly string[])[], left: readonly number[] = [0]): string[] => {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      if (cell.length > (widths[column] ?? 0)) widths[column] = cell.length
    }
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0
      return left.includes(column) ? cell.padEnd(width) : cell.padStart(width)
    })
    return `  ${cells.join('  ')}`.trimEnd()
  })
}
