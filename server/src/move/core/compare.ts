/** What a table holds, told by two numbers: equal on both sides, no row is missing, too many or changed. */
export type Holding = {
  readonly table: string
  readonly rows: bigint
  /** The sum of a digest of each row, so the order in which rows lie does not count. */
  readonly digest: string
}

export type Difference = { readonly table: string; readonly what: string }

const differenceOf = (table: string, source: Holding | undefined, target: Holding | undefined) => {
  if (source === undefined) return { table, what: 'is not in the old database' }
  if (target === undefined) return { table, what: 'is not in the new database' }
  if (source.rows !== target.rows)
    return { table, what: `has ${source.rows} rows in the old database and ${target.rows} in the new one` }
  return source.digest === target.digest ? null : { table, what: 'has rows with other content' }
}

/** Where the two databases differ; none: each row of the one is in the other, and no other row. */
export const compareHoldings = (
  source: readonly Holding[],
  target: readonly Holding[],
): readonly Difference[] => {
  const inSource = new Map(source.map((holding) => [holding.table, holding]))
  const inTarget = new Map(target.map((holding) => [holding.table, holding]))
  const tables = [...new Set([...inSource.keys(), ...inTarget.keys()])].toSorted()
  return tables
    .map((table) => differenceOf(table, inSource.get(table), inTarget.get(table)))
    .filter((difference) => difference !== null)
}
