import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { newUuid, parseId, showId, UUID_MAX, UUID_ZERO, type Uuid } from './ids.ts'

const PLAIN = '0199a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7'
const HEX = '0199a1b2c3d47e5f8091a2b3c4d5e6f7'

describe('ids', () => {
  test('an id is read as it is shown, as a plain UUID, and without dashes', () => {
    for (const text of [`la_${HEX}`, PLAIN, HEX, PLAIN.toUpperCase(), HEX.toUpperCase()]) {
      assert.equal(parseId('la', text), PLAIN, text)
    }
    assert.equal(parseId('la', `la_${HEX.toUpperCase()}`), PLAIN)
  })

  test('what is no id of that prefix is null', () => {
    const wrong = [
      '',
      'la_',
      `lt_${HEX}`,
      `LA_${HEX}`,
      `la_${PLAIN}`,
      `la_${HEX}0`,
      HEX.slice(1),
      `${HEX.slice(1)}g`,
      `{${PLAIN}}`,
      PLAIN.replaceAll('-', '_'),
      `${PLAIN}\n`,
      ` ${HEX}`,
    ]
    for (const text of wrong) assert.equal(parseId('la', text), null, JSON.stringify(text))
  })

  test('showing and reading are each other’s inverse, for every UUID', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom('la', 'lt', 'acct'), (uuid, prefix) => {
        const shown = showId(prefix, uuid as Uuid)
        assert.match(shown, /^[a-z]+_[0-9a-f]{32}$/)
        assert.equal(parseId(prefix, shown), uuid)
      }),
    )
    assert.equal(parseId('la', showId('la', UUID_ZERO)), UUID_ZERO)
    assert.equal(parseId('la', showId('la', UUID_MAX)), UUID_MAX)
  })

  test('a new UUID is of version 7, carries its millisecond, and is not made twice', () => {
    const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
    const made = Array.from({ length: 5_000 }, () => newUuid(nowMs))
    for (const id of made) {
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      assert.equal(Number.parseInt(id.slice(0, 13).replace('-', ''), 16), nowMs)
    }
    assert.equal(new Set(made).size, made.length)
    assert.deepEqual(new Set(made.map((id) => id[19])), new Set(['8', '9', 'a', 'b']))
  })

  test('UUIDs of later milliseconds sort after those of earlier ones', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), fc.integer({ min: 1, max: 2 ** 40 }), (earlier, more) => {
        assert.ok(newUuid(earlier) < newUuid(earlier + more))
      }),
    )
  })
})
