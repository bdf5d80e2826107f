import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crc32 as referenceCrc32 } from 'node:zlib'
import fc from 'fast-check'
import type { TenantId } from '../../kit/index.ts'
import { KEY_RANDOM_BYTES } from '../limits.ts'
import { fromBase62, toBase62 } from './base62.ts'
import { crc32 } from './checksum.ts'
import { type KeyText, lastOf, readKeyText, showKey, writeKeyText } from './key-text.ts'

const keyTexts = fc.record<KeyText>(
  {
    kind: fc.constantFrom('secret', 'restricted', 'publishable', 'person'),
    mode: fc.constantFrom('live', 'test'),
    tenant: fc.integer({ min: 1, max: 0x7fff_ffff }).map((number) => number as TenantId),
  },
  { noNullPrototype: true },
)
const chance = fc.uint8Array({ minLength: KEY_RANDOM_BYTES, maxLength: KEY_RANDOM_BYTES })

describe('base 62', () => {
  test('brings every number back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 200n }),
        fc.integer({ min: 1, max: 40 }),
        (value, width) => {
          const text = toBase62(value, width)
          assert.equal(fromBase62(text), value)
          assert.ok(text.length >= width)
        },
      ),
    )
  })

  test('refuses what is no number', () => {
    for (const text of ['', '-1', '1 ', 'ä', '1_0']) assert.equal(fromBase62(text), null, text)
  })
})

test('the checksum is the one that everybody calls CRC-32', () => {
  assert.equal(crc32('123456789'), 0xcbf43926)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      assert.equal(crc32(text), referenceCrc32(text))
    }),
  )
})

describe('the text of a key', () => {
  test('says its kind, mode and tenant, and is as long as the tenant needs', () => {
    fc.assert(
      fc.property(keyTexts, chance, (key, random) => {
        const text = writeKeyText(key, random)
        assert.deepEqual(readKeyText(text), { kind: 'key', key })
        assert.match(text, /^[srpu]k_(live|test)_[0-9A-Za-z]{40,45}$/)
      }),
    )
  })

  test('is noticed when one character of it is wrong, missing or doubled, or two are swapped', () => {
    const at = fc.nat()
    const digit = fc.constantFrom(...'0123456789ABCXYZabcxyz')
    fc.assert(
      fc.property(keyTexts, chance, at, digit, (key, random, seed, other) => {
        const text = writeKeyText(key, random)
        const start = 'sk_test_'.length
        const i = start + (seed % (text.length - start - 1))
        const [before, one, two, after] = [
          text.slice(0, i),
          text.charAt(i),
          text.charAt(i + 1),
          text.slice(i + 2),
        ]
        const slips = [
          before + other + two + after,
          before + two + after,
          before + one + one + two + after,
          before + two + one + after,
        ]
        for (const slip of slips.filter((candidate) => candidate !== text)) {
          assert.deepEqual(readKeyText(slip), { kind: 'mistyped' }, `${slip} was ${text}`)
        }
      }),
    )
  })

  test('is not found in what is no key', () => {
    for (const text of [
      '',
      'sk_test',
      'sk_test_',
      'xk_test_abc',
      'sk_prod_abc',
      'sk_test_a-b',
      'sk_test_abc def',
    ]) {
      assert.deepEqual(readKeyText(text), { kind: 'shapeless' }, text)
    }
    assert.deepEqual(readKeyText('sk_test_abc'), { kind: 'mistyped' })
  })

  test('does not name tenant zero', () => {
    const random = new Uint8Array(KEY_RANDOM_BYTES)
    const text = writeKeyText({ kind: 'secret', mode: 'test', tenant: 0 as TenantId }, random)
    assert.deepEqual(readKeyText(text), { kind: 'mistyped' })
  })

  test('uses all of its chance', () => {
    const key: KeyText = { kind: 'secret', mode: 'test', tenant: 2 as TenantId }
    const highest = new Uint8Array(KEY_RANDOM_BYTES).fill(255)
    const next = highest.with(KEY_RANDOM_BYTES - 1, 254)
    assert.notEqual(writeKeyText(key, highest), writeKeyText(key, next))
    assert.equal(
      writeKeyText(key, highest).length,
      writeKeyText(key, new Uint8Array(KEY_RANDOM_BYTES)).length,
    )
  })

  test('is shown by its ends only', () => {
    assert.equal(lastOf('sk_test_2abcXy9z'), 'Xy9z')
    assert.equal(showKey('secret', 'live', 'Xy9z'), 'sk_live_…Xy9z')
  })
})
