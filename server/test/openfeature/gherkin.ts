/** The little of Gherkin that the scenarios of OpenFeature are written in. */
export type Scenario = { readonly name: string; readonly steps: readonly string[] }

type Row = Readonly<Record<string, string>>
type Outline = { readonly name: string; readonly steps: string[]; readonly rows: Row[] }

const cellsOf = (line: string): string[] =>
  line
    .slice(1, line.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim())

const fill = (text: string, row: Row): string =>
  text.replace(/<(\w+)>/g, (all, name: string) => row[name] ?? all)

const STEP = /^(?:Given|When|Then|And) (.*)$/

/** Of an outline, one for each row of its examples. */
export const readScenarios = (feature: string): Scenario[] => {
  const outlines: Outline[] = []
  let header: readonly string[] | null = null
  for (const raw of feature.split('\n')) {
    const line = raw.trim()
    const current = outlines.at(-1)
    const name = /^Scenario(?: Outline)?: (.*)$/.exec(line)?.[1]
    const step = STEP.exec(line)?.[1]
    if (name !== undefined) {
      outlines.push({ name, steps: [], rows: [] })
      header = null
    } else if (line.startsWith('Examples')) header = []
    else if (step !== undefined) current?.steps.push(step)
    else if (line.startsWith('|') && header !== null) {
      const names: readonly string[] = header
      if (names.length === 0) header = cellsOf(line)
      else current?.rows.push(Object.fromEntries(cellsOf(line).map((cell, at) => [names[at] ?? '', cell])))
    }
  }
  return outlines.flatMap(({ name, steps, rows }) =>
    (rows.length === 0 ? [{}] : rows).map((row: Row) => ({
      name: rows.length === 0 ? name : `${name}: ${Object.values(row).join(', ')}`,
      steps: steps.map((step) => fill(step, row)),
    })),
  )
}
