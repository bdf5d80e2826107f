import { assert, type Micros } from '../../kit/index.ts'
import { RUNNING, type TenantClock } from './clock-state.ts'
import type { AnyAppendOnly, AnyTable, AppendOnly, Change, Table, Written } from './table.ts'
import { Cell, type WorkingSet } from './working-set.ts'

/** The tenant's counters as its head row holds them. */
export type Counters = {
  readonly newestMicros: Micros
  readonly accountMicros: Micros
  readonly transferMicros: Micros
  readonly transferSequence: bigint
  readonly eventSequence: bigint
}

/**
 * A unit read what it had not declared, because what it declared depends on rows that an earlier unit of the same
 * batch made. It is decided again in the next batch, where the declaring sees those rows.
 */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded'
}

type Undo = { readonly cell: Cell; readonly row: unknown }
type Mark = {
  readonly undo: number
  readonly counters: Counters
  readonly clock: TenantClock
  readonly now: Micros
  readonly lengths: ReadonlyMap<AnyAppendOnly, number>
}

/**
 * The state that the units of one batch see and change, one after the other. Nothing here touches the database:
 * it is filled before the first unit is decided and written after the last.
 */
export class Draft {
  /** The tenant's time: that of its clock, and never below what was recorded before the batch. */
  now: Micros
  clock: TenantClock
  /** The database's own clock in milliseconds: leases go by it, never by the tenant's clock. */
  readonly wallMs: number
  /** The tenant's time zone, by which days begin and end. */
  readonly timeZone: string
  counters: Counters
  readonly #set: WorkingSet
  readonly #changed = new Map<AnyTable, Cell[]>()
  readonly #appended = new Map<AnyAppendOnly, unknown[]>()
  readonly #undo: Undo[] = []
  readonly #marks: Mark[] = []

  constructor(options: {
    set: WorkingSet
    counters: Counters
    now: Micros
    wallMs: number
    timeZone: string
    clock?: TenantClock
  }) {
    this.#set = options.set
    this.counters = options.counters
    this.now = options.now
    this.clock = options.clock ?? RUNNING
    this.wallMs = options.wallMs
    this.timeZone = options.timeZone
  }

  get<Row>(table: Table<Row>, key: string): Row | undefined {
    const cell = this.#set.cellsOf(table).get(key)
    if (cell === undefined) throw new NotLoaded(`${table.name} ${key} was not declared`)
    return cell.row === null ? undefined : (cell.row as Row)
  }

  put<Row>(table: Table<Row>, key: string, row: Row): void {
    const cells = this.#set.cellsOf(table)
    let cell = cells.get(key)
    if (cell === undefined) {
      cell = new Cell(null)
      cells.set(key, cell)
    }
    if (cell.changedBy !== this) {
      cell.changedBy = this
      cell.before = cell.row
      const changed = this.#changed.get(table)
      if (changed === undefined) this.#changed.set(table, [cell])
      else changed.push(cell)
    }
    this.#undo.push({ cell, row: cell.row })
    cell.row = row
  }

  append<Row>(table: AppendOnly<Row>, row: Row): void {
    const rows = this.#appended.get(table)
    if (rows === undefined) this.#appended.set(table, [row])
    else rows.push(row)
  }

  /** Takes the next moment of recorded time: now, or one microsecond after the newest. */
  nextTime(): Micros {
    const { newestMicros } = this.counters
    const time = this.now > newestMicros ? this.now : newestMicros + 1n
    this.counters = { ...this.counters, newestMicros: time }
    return time
  }

  /** How the clock goes from here on, and what time it is by it: for freezeClock and releaseClock. */
  setClock(clock: TenantClock, now: Micros): void {
    this.clock = clock
    this.now = now
  }

  /** A place to come back to. Marks are undone in the opposite order of their making. */
  mark(): number {
    const lengths = new Map<AnyAppendOnly, number>()
    for (const [table, rows] of this.#appended) lengths.set(table, rows.length)
    const { counters, clock, now } = this
    return this.#marks.push({ undo: this.#undo.length, counters, clock, now, lengths }) - 1
  }

  rollback(mark: number): void {
    const to = this.#marks[mark]
    assert(to !== undefined, 'there is no such mark')
    while (this.#undo.length > to.undo) {
      const undo = this.#undo.pop()
      if (undo !== undefined) undo.cell.row = undo.row
    }
    for (const [table, rows] of this.#appended) rows.length = to.lengths.get(table) ?? 0
    this.counters = to.counters
    this.setClock(to.clock, to.now)
    this.#marks.length = mark
  }

  /** What all units together have changed, as the writers need it. Called once, when the last unit is decided. */
  written(): Written {
    const inserted = new Map<AnyTable, unknown[]>()
    const updated = new Map<AnyTable, Change<unknown>[]>()
    for (const [table, cells] of this.#changed) {
      const made = cells.filter(({ row, before }) => before === null && row !== null)
      inserted.set(
        table,
        made.map(({ row }) => row),
      )
      const moved = cells.filter(({ row, before }) => before !== null && row !== before)
      updated.set(
        table,
        moved.map(({ row, before }) => ({ before, after: row })),
      )
    }
    return {
      inserted: <Row>(table: Table<Row>) => (inserted.get(table) ?? []) as Row[],
      updated: <Row>(table: Table<Row>) => (updated.get(table) ?? []) as Change<Row>[],
      appended: <Row>(list: AppendOnly<Row>) => (this.#appended.get(list) ?? []) as Row[],
    }
  }
}
