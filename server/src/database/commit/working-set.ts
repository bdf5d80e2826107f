import type { AnyTable } from './table.ts'

/** One row's place in memory; null stands for "there is no such row". */
export class Cell {
  row: unknown
  /** The draft that changed it last, and what stood here before that draft. */
  changedBy: object | null = null
  before: unknown = null

  constructor(row: unknown) {
    this.row = row
  }
}

export type Cells = Map<string, Cell>

/** A tenant's rows in memory, by table and key: what was loaded, and what units have made of it. */
export class WorkingSet {
  readonly tables = new Map<AnyTable, Cells>()

  cellsOf(table: AnyTable): Cells {
    const known = this.tables.get(table)
    if (known !== undefined) return known
    const made: Cells = new Map()
    this.tables.set(table, made)
    return made
  }

  isEmpty(): boolean {
    return [...this.tables.values()].every((cells) => cells.size === 0)
  }
}
