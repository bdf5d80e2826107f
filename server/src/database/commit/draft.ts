import { assert, type Micros } from '../../kit/index.ts'
import type { AnyAppendOnly, AnyTable, AppendOnly, Change, Table, Written } from './table.ts'

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

type Rows = Map<string, unknown>
type Changes = { readonly inserted: unknown[]; readonly updated: Change<unknown>[] }
type Undo = { readonly rows: Rows; readonly key: string; readonly previous: unknown }
type Mark = { readonly undo: number; readonly counters: Counters; readonly lengths: ReadonlyMap<AnyAppendOnly, number> }

/** Rows as they were loaded, or as the last batch left them; null stands for "there is no such row". */
export class WorkingSet {
  readonly tables = new Map<AnyTable, Rows>()

  isEmpty(): boolean {
    return [...this.tables.values()].every((rows) => rows.size === 0)
  }

  rowsOf(table: AnyTable): Rows {
    const known = this.tables.get(table)
    if (known !== undefined) return known
    const made: Rows = new Map()
    this.tables.set(table, made)
    return made
  }
}

/**
 * The state that the units of one batch see and change, one after the other. Nothing here touches the database:
 * it is filled before the first unit is decided and written after the last.
 */
export class Draft {
  readonly now: Micros
  /** The database's own clock in milliseconds: leases go by it, never by the tenant's clock. */
  readonly wallMs: number
  /** The tenant's time zone, by which days begin and end. */
  readonly timeZone: string
  counters: Counters
  readonly #set: WorkingSet
  readonly #changed = new Map<AnyTable, Map<string, unknown>>()
  readonly #appended = new Map<AnyAppendOnly, unknown[]>()
  readonly #undo: Undo[] = []
  readonly #marks: Mark[] = []

  constructor(options: { set: WorkingSet; counters: Counters; now: Micros; wallMs: number; timeZone: string }) {
    this.#set = options.set
    this.counters = options.counters
    this.now = options.now
    this.wallMs = options.wallMs
    this.timeZone = options.timeZone
  }

  get<Row>(table: Table<Row>, key: string): Row | undefined {
    const row = this.#set.rowsOf(table).get(key)
    if (row === undefined) throw new NotLoaded(`${table.name} ${key} was not declared`)
    return row === null ? undefined : (row as Row)
  }

  put<Row>(table: Table<Row>, key: string, row: Row): void {
    const rows = this.#set.rowsOf(table)
    const previous = rows.get(key) ?? null
    let changed = this.#changed.get(table)
    if (changed === undefined) {
      changed = new Map()
      this.#changed.set(table, changed)
    }
    if (!changed.has(key)) changed.set(key, previous)
    this.#undo.push({ rows, key, previous })
    rows.set(key, row)
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

  mark(): number {
    const lengths = new Map<AnyAppendOnly, number>()
    for (const [table, rows] of this.#appended) lengths.set(table, rows.length)
    return this.#marks.push({ undo: this.#undo.length, counters: this.counters, lengths }) - 1
  }

  rollback(mark: number): void {
    const to = this.#marks[mark]
    assert(to !== undefined, 'there is no such mark')
    while (this.#undo.length > to.undo) {
      const undo = this.#undo.pop()
      if (undo !== undefined) undo.rows.set(undo.key, undo.previous)
    }
    for (const [table, rows] of this.#appended) rows.length = to.lengths.get(table) ?? 0
    this.counters = to.counters
    this.#marks.length = mark
  }

  /** What all units together have changed, as the writers need it. */
  written(): Written {
    const changes = new Map<AnyTable, Changes>()
    const changesOf = (table: AnyTable): Changes => {
      const known = changes.get(table)
      if (known !== undefined) return known
      const made = this.#changesOf(table)
      changes.set(table, made)
      return made
    }
    return {
      inserted: <Row>(table: Table<Row>) => changesOf(table).inserted as Row[],
      updated: <Row>(table: Table<Row>) => changesOf(table).updated as Change<Row>[],
      appended: <Row>(list: AppendOnly<Row>) => (this.#appended.get(list) ?? []) as Row[],
    }
  }

  #changesOf(table: AnyTable): Changes {
    const inserted: unknown[] = []
    const updated: Change<unknown>[] = []
    const rows = this.#set.rowsOf(table)
    for (const [key, original] of this.#changed.get(table) ?? []) {
      const row = rows.get(key)
      if (row === original || row === null) continue
      if (original === null) inserted.push(row)
      else updated.push({ before: original, after: row })
    }
    return { inserted, updated }
  }
}
