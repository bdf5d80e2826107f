import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CsvReader, NoCsv } from '../offline/read-csv.ts'
import { guarded, lineOf, unguarded } from './csv.ts'

test('a line has commas, CRLF, and quotes where RFC 4180 wants them', () => {
  assert.equal(lineOf(['a', 1, 2n, null, 'b,c', 'd"e', 'f\r\ng']), 'a,1,2,,"b,c","d""e","f\r\ng"\r\n')
})

test('no text becomes a formula in a program for tables', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "'quoted"]) {
    assert.ok(guarded(text).startsWith("'"), text)
    assert.equal(unguarded(guarded(text)), text)
  }
  assert.equal(guarded('1=1'), '1=1')
  assert.equal(guarded(''), '')
})

test('whatever text is written is read again, in pieces of any size', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[=+\-@',"\r\n a]{0,8}$/))
  fc.assert(
    fc.property(
      fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
      fc.nat(),
      (rows, seed) => {
        const written = rows.map(lineOf).join('')
        const reader = new CsvReader()
        const size = 1 + (seed % 7)
        const lines = Array.from({ length: Math.ceil(written.length / size) }, (_, index) =>
          reader.take(written.slice(index * size, (index + 1) * size)),
        ).flat()
        reader.end()
        assert.deepEqual(
          lines.map(({ cells }) => cells.map(unguarded)),
          rows,
        )
      },
    ),
    { numRuns: 300 },
  )
})

test('what is no such file is refused with its line', () => {
  const refusals: readonly (readonly [string, number, RegExp])[] = [
    ['a,b\r\n"c,d', 2, /cut off/],
    ['a,b\r\nc"x",d\r\n', 2, /within a cell/],
    ['a,b\r\n"c"x,d\r\n', 2, /closing quote/],
    ['a,b', 1, /cut off/],
  ]
  for (const [written, line, what] of refusals) {
    const reader = new CsvReader()
    assert.throws(
      () => {
        reader.take(written)
        reader.end()
      },
      (error) => error instanceof NoCsv && error.line === line && what.test(error.message),
      written,
    )
  }
})
