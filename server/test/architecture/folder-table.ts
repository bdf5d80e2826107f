// Reads the table of folders from docs/ARCHITECTURE.md, which is the law: one row per folder.
//
//   | folder | may import | owns schema |

import type { House } from './house.ts'

export const PAGE = 'docs/ARCHITECTURE.md'

export type Row = {
  readonly folder: string
  readonly mayImport: ReadonlySet<string> | 'everything'
  readonly schema: string | null
  readonly line: number
}

const NOTHING = '–'
const HEADER = /^\|\s*folder\s*\|\s*may import\s*\|\s*owns schema\s*\|$/

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.replaceAll('`', '').trim())

const parseRow = (text: string, line: number): Row => {
  const [folder = '', imports = '', schema = ''] = cellsOf(text)
  const names = imports.split(',').map((name) => name.trim())
  return {
    folder,
    mayImport: imports === 'everything' ? 'everything' : new Set(names.filter((name) => name !== NOTHING)),
    schema: schema === NOTHING ? null : schema,
    line,
  }
}

/** The rows in the order of the page; empty when the page has no such table. */
export const folderTable = (house: House): Row[] => {
  const lines = (house.get(PAGE) ?? '').split('\n')
  const header = lines.findIndex((line) => HEADER.test(line.trim()))
  if (header < 0) return []
  const rows: Row[] = []
  for (let at = header + 2; lines[at]?.startsWith('|'); at += 1) rows.push(parseRow(lines[at] ?? '', at + 1))
  return rows
}
