import type { ClientBase } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { assert } from '../../kit/index.ts'

/** Types whose binary form has a fixed width, so that every row of a stream is equally long. */
const WIDTHS = { bigint: 8, uuid: 16, integer: 4, smallint: 2, date: 4, boolean: 1 } as const

/** What a column is in SQL, and its type. It must not be null: the SQL says what stands for null. */
export type FixedColumn = readonly [sql: string, type: keyof typeof WIDTHS]

export type FixedRows<Name extends string> = {
  /** Where each column's value begins, counted from the beginning of its row. */
  readonly at: Readonly<Record<Name, number>>
  readonly list: string
  readonly columns: number
  readonly bytes: number
}

const COUNT_BYTES = 2
const LENGTH_BYTES = 4

/** Lays out the columns of a query in the order in which they stand here. */
export const fixedRows = <Name extends string>(
  columns: Readonly<Record<Name, FixedColumn>>,
): FixedRows<Name> => {
  const entries = Object.entries<FixedColumn>(columns)
  let bytes = COUNT_BYTES
  const at: Record<string, number> = {}
  for (const [name, [, type]] of entries) {
    at[name] = bytes + LENGTH_BYTES
    bytes += LENGTH_BYTES + WIDTHS[type]
  }
  const list = entries.map(([, [sql, type]]) => `(${sql})::${type}`).join(', ')
  return { at: at as Record<Name, number>, list, columns: entries.length, bytes }
}

export type OnRow = (view: DataView, at: number) => void

/** The signature, the flags and the length of an extension that PostgreSQL does not have yet. */
const HEADER_BYTES = 19
const END = -1

/** Cuts the stream into rows; what is left of a piece waits for the next one. */
export class RowCutter {
  readonly #rows: FixedRows<string>
  readonly #onRow: OnRow
  #rest: Buffer = Buffer.alloc(0)
  #headerLeft = HEADER_BYTES
  count = 0

  constructor(rows: FixedRows<string>, onRow: OnRow) {
    this.#rows = rows
    this.#onRow = onRow
  }

  take(piece: Buffer): void {
    const skipped = Math.min(this.#headerLeft, piece.length)
    this.#headerLeft -= skipped
    const fresh = piece.subarray(skipped)
    const data = this.#rest.length === 0 ? fresh : Buffer.concat([this.#rest, fresh])
    this.#rest = data.subarray(this.#cut(data))
  }

  get ended(): boolean {
    return this.#rest.length === COUNT_BYTES && this.#rest.readInt16BE(0) === END
  }

  #cut(data: Buffer): number {
    const { bytes, columns } = this.#rows
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    let at = 0
    for (; at + bytes <= data.length; at += bytes) {
      assert(view.getInt16(at) === columns, 'a row of the stream has another shape than its columns')
      this.#onRow(view, at)
      this.count += 1
    }
    return at
  }
}

/**
 * Reads a query of fixed-width columns as fast as PostgreSQL sends it, without an object per row: `onRow` reads the
 * values where they lie. `from` is what follows the select list. The server waits while we are busy, so memory stays
 * bounded whatever the size of the table.
 */
export const copyRows = async <Name extends string>(
  client: ClientBase,
  rows: FixedRows<Name>,
  from: string,
  onRow: OnRow,
): Promise<number> => {
  const cutter = new RowCutter(rows, onRow)
  const stream = client.query(copyTo(`copy (select ${rows.list} ${from}) to stdout (format binary)`))
  for await (const piece of stream) cutter.take(piece as Buffer)
  assert(cutter.ended, 'the stream of rows broke off')
  return cutter.count
}
