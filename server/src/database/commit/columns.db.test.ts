import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { openPotsDatabase, type PotsDatabase } from '../../../test/support/pots-database.ts'
import type { Uuid } from '../../kit/index.ts'
import { columns } from './columns.ts'

let world: PotsDatabase
before(async () => {
  world = await openPotsDatabase()
})
after(() => world.close())

/** What PostgreSQL makes of the binary array, each element as its own text. */
const read = async (column: Buffer, type: string): Promise<unknown[]> => {
  const { rows } = await world.pools.plain.query<unknown[]>({
    text: `select n::text from unnest($1::${type}[]) with ordinality as u (n, place) order by place`,
    values: [column],
    rowMode: 'array',
  })
  return rows.map(([text]) => text)
}

const agree = <Value>(
  type: string,
  values: fc.Arbitrary<Value>,
  encode: (values: readonly (Value | null)[]) => Buffer,
  show: (value: Value) => string,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.option(values), { maxLength: 20 }), async (column) => {
      assert.deepEqual(
        await read(encode(column), type),
        column.map((value) => (value === null ? null : show(value))),
      )
    }),
    { seed: 20_260_314, numRuns: 40 },
  )

const isoDay = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)
const text = fc.string({ unit: 'binary', maxLength: 30 }).map((value) => value.replaceAll('\0', ''))

describe('a column of values arrives in PostgreSQL as it was: nulls, ends of the range, nothing at all', () => {
  test('UUIDs', () =>
    agree(
      'uuid',
      fc.uuid(),
      (values) => columns.uuid(values as Uuid[]),
      (value) => value,
    ))
  test('64-bit integers', () => {
    const ends = fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 0n, -1n)
    return agree(
      'bigint',
      fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), ends),
      columns.bigint,
      String,
    )
  })
  test('32-bit integers', () => agree('integer', fc.integer(), columns.integer, String))
  test('booleans', () => agree('boolean', fc.boolean(), columns.boolean, String))
  test('days', () => agree('date', fc.integer({ min: -719_162, max: 2_932_896 }), columns.day, isoDay))
  test('texts', () => agree('text', text, columns.text, (value) => value))
  test('bytes', () =>
    agree(
      'bytea',
      fc.uint8Array({ maxLength: 20 }).map(Buffer.from),
      columns.bytes,
      (value) => `\\x${value.toString('hex')}`,
    ))
})
