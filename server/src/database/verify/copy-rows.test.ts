import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fixedRows, RowCutter } from './copy-rows.ts'

const ROWS = fixedRows({ number: ['number', 'integer'], amount: ['coalesce(amount, 0)', 'bigint'] })
const SIGNATURE = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const END = Buffer.from([0xff, 0xff])

const encode = ([number, amount]: readonly [number, bigint]): Buffer => {
  const row = Buffer.alloc(ROWS.bytes)
  row.writeInt16BE(ROWS.columns, 0)
  row.writeInt32BE(4, ROWS.at.number - 4)
  row.writeInt32BE(number, ROWS.at.number)
  row.writeInt32BE(8, ROWS.at.amount - 4)
  row.writeBigInt64BE(amount, ROWS.at.amount)
  return row
}

test('the columns of a row stand where they were laid out', () => {
  assert.deepEqual(ROWS, {
    at: { number: 6, amount: 14 },
    list: '(number)::integer, (coalesce(amount, 0))::bigint',
    columns: 2,
    bytes: 22,
  })
})

test('rows come out whole wherever the stream was cut', () => {
  const rows = fc.array(fc.tuple(fc.integer(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })))
  const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 })
  fc.assert(
    fc.property(rows, cuts, (wanted, sizes) => {
      const stream = Buffer.concat([SIGNATURE, ...wanted.map(encode), END])
      const got: [number, bigint][] = []
      const cutter = new RowCutter(ROWS, (view, at) => {
        got.push([view.getInt32(at + ROWS.at.number), view.getBigInt64(at + ROWS.at.amount)])
      })
      let turn = 0
      for (let from = 0; from < stream.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1
        assert.equal(cutter.ended, false)
        cutter.take(stream.subarray(from, from + size))
        from += size
      }
      assert.deepEqual(got, wanted)
      assert.equal(cutter.count, wanted.length)
      assert.equal(cutter.ended, true)
    }),
  )
})

test('a stream whose rows have another shape is a bug and not read on', () => {
  const cutter = new RowCutter(ROWS, () => undefined)
  const row = encode([1, 1n])
  row.writeInt16BE(3, 0)
  assert.throws(() => cutter.take(Buffer.concat([SIGNATURE, row])), /another shape/)
})
