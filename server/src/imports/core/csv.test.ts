import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CsvProblem, type CsvRecord, type CsvStyle, createCsvReader } from './csv.ts'

const comma: CsvStyle = { delimiter: ',', quote: '"', recordChars: 200 }

const readAll = (pieces: readonly string[], style: CsvStyle = comma): (CsvRecord | CsvProblem)[] => {
  const reader = createCsvReader(style)
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

/** The same text in one piece and character by character must read the same. */
const read = (text: string, style: CsvStyle = comma): (CsvRecord | CsvProblem)[] => {
  const whole = readAll([text], style)
  assert.deepEqual(readAll([...text], style), whole)
  return whole
}

test('records are split at delimiters and carry the line they begin on', () => {
  assert.deepEqual(read('a,b\n1,2\n3,\n'), [
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['1', '2'] },
    { line: 3, fields: ['3', ''] },
  ])
})

test('CRLF, a byte-order mark, a missing last line end and empty lines are all fine', () => {
  assert.deepEqual(read('\ufeffa,b\r\n\r\n1,2\r\n\n3,4'), [
    { line: 1, fields: ['a', 'b'] },
    { line: 3, fields: ['1', '2'] },
    { line: 5, fields: ['3', '4'] },
  ])
})

test('quoted fields hold delimiters, doubled quotes and line ends', () => {
  assert.deepEqual(read('"a,1","say ""so""","two\nlines"\r\nx,"",z\n"last"'), [
    { line: 1, fields: ['a,1', 'say "so"', 'two\nlines'] },
    { line: 3, fields: ['x', '', 'z'] },
    { line: 4, fields: ['last'] },
  ])
})

test('a quote inside an unquoted field is an ordinary character', () => {
  assert.deepEqual(read('5" pipe,b\n'), [{ line: 1, fields: ['5" pipe', 'b'] }])
})

test('another delimiter and no quoting at all', () => {
  assert.deepEqual(read('"a";b\n', { ...comma, delimiter: ';', quote: '' }), [
    { line: 1, fields: ['"a"', 'b'] },
  ])
  assert.deepEqual(read("'a\tb'\tc\n", { ...comma, delimiter: '\t', quote: "'" }), [
    { line: 1, fields: ['a\tb', 'c'] },
  ])
})

test('text after a closing quote is a problem of that line only', () => {
  assert.deepEqual(read('"a"x,b\n1,2\n'), [
    { line: 1, problem: 'text follows the closing quote of field 1' },
    { line: 2, fields: ['1', '2'] },
  ])
})

test('a quote that is never closed costs its own line, not the rest of the file', () => {
  const rest = Array.from({ length: 30 }, (_, index) => `row ${index},x`)
  const records = read(['1,"open', ...rest, ''].join('\n'))
  assert.deepEqual(records[0], {
    line: 1,
    problem: 'a quote that opens here is not closed within 200 characters',
  })
  assert.equal(records.length, 31)
  assert.deepEqual(records[30], { line: 31, fields: ['row 29', 'x'] })
})

test('a line that is too long is named once and dropped to its end', () => {
  const records = read(`a,b\n${'x'.repeat(1000)}\n1,2\n`)
  assert.equal(records.length, 3)
  assert.match(JSON.stringify(records[1]), /"line":2,"problem":"longer than 200 characters/)
  assert.deepEqual(records[2], { line: 3, fields: ['1', '2'] })
})

test('a file without a single line end is one problem, not endless memory', () => {
  const records = readAll(Array.from({ length: 100 }, () => 'y'.repeat(150)))
  assert.equal(records.length, 1)
})

test('what is written by the rules reads back, however the text is cut into pieces', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é'), maxLength: 8 })
  const row = fc.array(field, { minLength: 2, maxLength: 4 })
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 })
  const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`
  fc.assert(
    fc.property(fc.array(row, { maxLength: 6 }), cuts, fc.boolean(), (rows, sizes, crlf) => {
      const text = rows.map((fields) => fields.map(quote).join(',') + (crlf ? '\r\n' : '\n')).join('')
      const pieces: string[] = []
      for (let at = 0, cut = 0; at < text.length; cut += 1) {
        const size = sizes[cut % sizes.length] ?? 1
        pieces.push(text.slice(at, at + size))
        at += size
      }
      assert.deepEqual(
        readAll(pieces, { ...comma, recordChars: 10_000 }).map((record) =>
          'fields' in record ? record.fields : record,
        ),
        rows,
      )
    }),
    { numRuns: 500 },
  )
})
