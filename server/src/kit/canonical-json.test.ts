import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson } from './canonical-json.ts'
import { sha256 } from './digest.ts'

test('members are sorted by their UTF-16 code units, as in the example of RFC 8785, 3.2.3', () => {
  const value = {
    '€': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '😀': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    ö: 'Latin Small Letter O With Diaeresis',
  }
  const order = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, text]) => text)
  assert.deepEqual(order, [
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

test('it is the same whatever the order of making, and says the same as JSON', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (record) => {
      const reversed = Object.fromEntries(Object.entries(record).reverse())
      assert.equal(canonicalJson(record), canonicalJson(reversed))
      assert.deepEqual(JSON.parse(canonicalJson(record)), JSON.parse(JSON.stringify(record)))
    }),
  )
})

test('undefined members are left out, nested ones as well', () => {
  assert.equal(canonicalJson({ b: [{ x: undefined, a: 1 }], a: null }), '{"a":null,"b":[{"a":1}]}')
})

test('SHA-256 of "abc" is that of FIPS 180-4', () => {
  assert.equal(
    sha256('abc').toString('hex'),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
