import type { TenantId } from '../../kit/index.ts'
import { claimKey, claimsTable } from './claims.ts'
import type { Result } from './connection.ts'
import type { Entry } from './entry.ts'
import type { AnyTable, Statement } from './table.ts'
import type { Declare, Found } from './unit.ts'
import { Cell, type WorkingSet } from './working-set.ts'

/** A unit names what it needs in at most three rounds: what is named, what that points to, and what that points to. */
export const ROUNDS_MOST = 3

export type Wanted = Map<AnyTable, Set<string>>

/** One round of declaring over all units: what is named and not yet in memory. */
export const declareRound = (set: WorkingSet, entries: readonly Entry[], round: number): Wanted => {
  const wanted: Wanted = new Map()
  const declare: Declare = (table, key) => {
    if (set.cellsOf(table).has(key)) return
    const keys = wanted.get(table)
    if (keys === undefined) wanted.set(table, new Set([key]))
    else keys.add(key)
  }
  const found: Found = <Row>(table: AnyTable, key: string) =>
    (set.cellsOf(table).get(key)?.row ?? undefined) as Row | undefined
  for (const { unit } of entries) {
    if (round === 0 && unit.claim !== null) declare(claimsTable, claimKey(unit.claim))
    unit.reads[round]?.(declare, found)
  }
  return wanted
}

/** One statement for each table, for all units together. */
export const loadStatements = (tenant: TenantId, wanted: Wanted): Statement[] =>
  [...wanted].map(([table, keys]) => table.load(tenant, [...keys]))

/** Puts into memory what was loaded, and for each key that brought no row, that there is none. */
export const takeIn = (set: WorkingSet, wanted: Wanted, results: readonly Result[]): void => {
  for (const [index, [table, keys]] of [...wanted].entries()) {
    const cells = set.cellsOf(table)
    for (const raw of results[index]?.rows ?? []) {
      const { key, row } = table.read(raw)
      cells.set(key, new Cell(row))
    }
    for (const key of keys) {
      if (!cells.has(key)) cells.set(key, new Cell(null))
    }
  }
}
