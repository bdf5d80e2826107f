import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findTimeZone, isKeyName, isSandboxName } from './names.ts'

describe('the name of a sandbox', () => {
  test('is short, lower-case and fit for a command line', () => {
    for (const name of ['sandbox', 'a', '7', 'month-end-2', '-', 'a'.repeat(40)])
      assert.ok(isSandboxName(name), name)
    for (const name of ['', 'A', 'two words', 'ä', 'a_b', 'a/b', 'a\n', 'a'.repeat(41)])
      assert.ok(!isSandboxName(name), name)
  })
})

describe('the name of a key', () => {
  test('is what people call it, on one line', () => {
    for (const name of ['Secret key', "Ada's laptop", 'výplaty', 'x'.repeat(200)])
      assert.ok(isKeyName(name), name)
    for (const name of ['', '   ', 'a\nb', 'tab\t', 'x'.repeat(201)]) assert.ok(!isKeyName(name), name)
  })
})

describe('a time zone', () => {
  test('is found by its IANA name, however it is capitalised, and an alias stays one', () => {
    for (const [text, zone] of [
      ['UTC', 'UTC'],
      ['europe/prague', 'Europe/Prague'],
      ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
      ['Etc/GMT+1', 'Etc/GMT+1'],
    ] as const)
      assert.equal(findTimeZone(text), zone, text)
  })

  test('is neither an offset nor a place that does not exist', () => {
    for (const text of ['', '+01:00', 'Europe/Nowhere', 'Europe/Prague; drop', ' UTC', '1'])
      assert.equal(findTimeZone(text), null, text)
  })
})
