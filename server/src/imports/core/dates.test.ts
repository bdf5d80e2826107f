import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDateReader, dateFormatProblem } from './dates.ts'

test('dates are read in the formats that old systems write', () => {
  const table: readonly (readonly [string, string, string])[] = [
    ['YYYY-MM-DD', '1993-01-31', '1993-01-31'],
    ['YYYY-MM-DD', ' 1993-01-31 ', '1993-01-31'],
    ['YYMMDD', '930131', '1993-01-31'],
    ['YYMMDD', '690101', '2069-01-01'],
    ['YYMMDD', '700101', '1970-01-01'],
    ['YYYYMMDD', '20240229', '2024-02-29'],
    ['DD.MM.YYYY', '31.01.1993', '1993-01-31'],
    ['D.M.YYYY', '1.2.1993', '1993-02-01'],
    ['D. M. YYYY', '1. 2. 1993', '1993-02-01'],
    ['MM/DD/YYYY', '01/31/1993', '1993-01-31'],
    ['DD-MM-YY', '31-01-93', '1993-01-31'],
  ]
  for (const [format, text, day] of table) {
    const read = createDateReader(format)(text)
    assert.ok(!('reason' in read), `${format} ${text}`)
    assert.equal(read.text, day)
  }
})

test('what is no such date is refused', () => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    ['YYYY-MM-DD', '', /the date is empty/],
    ['YYYY-MM-DD', '31.01.1993', /"31\.01\.1993" is not a date written YYYY-MM-DD/],
    ['YYYY-MM-DD', '1993-1-31', /not a date written/],
    ['YYYY-MM-DD', '1993-02-29', /not a day of the calendar/],
    ['YYYY-MM-DD', '1993-13-01', /not a day of the calendar/],
    ['YYYY-MM-DD', '0000-01-01', /not a day of the calendar/],
    ['YYYY-MM-DD', '1993-01-31T10:00', /not a date written/],
    ['DD.MM.YYYY', '31x01x1993', /not a date written/],
    ['YYMMDD', '1993013', /not a date written/],
  ]
  for (const [format, text, reason] of table) {
    const read = createDateReader(format)(text)
    assert.ok('reason' in read, `${format} ${text}`)
    assert.match(read.reason, reason)
  }
})

test('a reader answers anew for each text, whatever it answered before', () => {
  const read = createDateReader('YYYY-MM-DD')
  assert.deepEqual(read('1970-01-02'), { text: '1970-01-02', day: 1 })
  assert.deepEqual(read('1970-01-02'), { text: '1970-01-02', day: 1 })
  assert.deepEqual(read('1970-01-03'), { text: '1970-01-03', day: 2 })
  assert.ok('reason' in read('tomorrow'))
  assert.deepEqual(read('1969-12-31'), { text: '1969-12-31', day: -1 })
})

test('a format that leaves a part out, names one twice or holds something else is refused', () => {
  assert.equal(dateFormatProblem('YYYY-MM-DD'), null)
  assert.match(dateFormatProblem('YYYY-MM') ?? '', /once each/)
  assert.match(dateFormatProblem('YYYY-MM-DD-DD') ?? '', /once each/)
  assert.match(dateFormatProblem('YYYY-MM-DD HH:mm') ?? '', /"H" is not a part of a date/)
  assert.match(dateFormatProblem('(YYYY)MMDD') ?? '', /"\(" is not a part/)
})
