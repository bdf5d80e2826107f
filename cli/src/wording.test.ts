import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderTable } from './table.ts'
import { count, duration, many, moment, took, wrap } from './wording.ts'

test('numbers are written for people', () => {
  assert.equal(count(32_869), '32,869')
  assert.equal(many(1, 'row'), '1 row')
  assert.equal(many(0, 'row'), '0 rows')
  assert.equal(many(2, 'entry', 'entries'), '2 entries')
})

test('durations are as exact as people want them', () => {
  for (const [seconds, text] of [
    [0.4, '0 s'],
    [59.6, '1 min 0 s'],
    [125, '2 min 5 s'],
    [3_780, '1 h 3 min'],
    [-1, '0 s'],
  ] as const)
    assert.equal(duration(seconds), text)
})

test('what took little is told in tenths', () => {
  assert.equal(took(0.26), '0.3 s')
  assert.equal(took(75), '1 min 15 s')
})

test('sentences are wrapped between words', () => {
  assert.equal(wrap('one two three', { width: 9, indent: 2 }), 'one two\n  three')
  assert.equal(wrap('immeasurable word', { width: 8, indent: 2 }), 'immeasurable\n  word')
  assert.equal(wrap('', { width: 8, indent: 2 }), '')
})

test('a moment is that of this machine, to the minute', () => {
  assert.equal(moment(new Date(2026, 10, 2, 7, 5).getTime()), '2026-11-02 07:05')
})

test('columns of a table stand under their titles', () => {
  const columns = [{ title: 'NAME' }, { title: 'ROWS', align: 'right' as const }]
  const rows = [
    ['a', '1,000'],
    ['long name', '2'],
  ]
  assert.equal(
    renderTable(columns, rows, (_style, text) => text),
    'NAME        ROWS\na          1,000\nlong name      2',
  )
})
