import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../test/properties/size.ts'
import { control, rules } from '../../../test/support/exposure-samples.ts'
import { bucketOf } from './bucket.ts'
import { choose } from './decide.ts'
import type { Control } from './model.ts'

const UNITS = 20_000
const units = Array.from({ length: UNITS }, (_, index) => `cus_${index}`)
const salt = fc.string({ minLength: 1, maxLength: 40 })
const exposure = fc.integer({ min: 0, max: 10_000 })

const isExposed = (change: Partial<Control>, unit: string | null): boolean => {
  const made = control({ unit: 'targeting_key', ...change })
  const one = rules(made).launches.get(made.launch)
  assert.ok(one)
  return choose(one, unit).exposed
}

describe('buckets', () => {
  test('are what sha256 says, in every process and for ever', () => {
    // printf 'salt-1:cus_1' | sha256sum: the first four bytes, modulo 10,000.
    assert.equal(bucketOf('salt-1', 'cus_1'), 7_141)
    assert.equal(bucketOf('salt-1', 'cus_2'), 7_022)
    assert.equal(bucketOf('šalt', 'ünit'), 1_094)
  })

  test('expose their share, give or take four sigma, whatever the salt', () => {
    fc.assert(
      fc.property(salt, exposure, (salt, exposureBp) => {
        const share = exposureBp / 10_000
        const exposed = units.filter((unit) => isExposed({ salt, exposureBp }, unit)).length
        const sigma = Math.sqrt(UNITS * share * (1 - share))
        assert.ok(Math.abs(exposed - UNITS * share) <= 4 * sigma, `${exposed} of ${UNITS} at ${exposureBp}`)
      }),
      runs({ ci: 10, full: 100, seed: 13_001 }),
    )
  })

  test('are ten thousand: a tenth of a percent can be told apart', () => {
    const seen = new Set(units.map((unit) => bucketOf('salt', unit)))
    assert.ok(seen.size > 8_000, `${seen.size} buckets of ${UNITS} units`)
    assert.ok([...seen].every((bucket) => bucket >= 0 && bucket < 10_000))
  })

  test('let nobody out when the exposure rises, and at full exposure everybody in', () => {
    fc.assert(
      fc.property(salt, exposure, exposure, fc.string({ minLength: 1 }), (salt, one, other, unit) => {
        const [low, high] = one < other ? [one, other] : [other, one]
        if (isExposed({ salt, exposureBp: low }, unit)) assert.ok(isExposed({ salt, exposureBp: high }, unit))
        assert.ok(isExposed({ salt, exposureBp: 10_000 }, unit))
        assert.ok(!isExposed({ salt, exposureBp: 0 }, unit))
      }),
      runs({ ci: 2_000, full: 200_000, seed: 13_002 }),
    )
  })

  test('of two launches have nothing to do with each other', () => {
    const both = units.filter((unit) => bucketOf('one', unit) < 1_000 && bucketOf('two', unit) < 1_000).length
    const sigma = Math.sqrt(UNITS * 0.01 * 0.99)
    assert.ok(
      Math.abs(both - UNITS * 0.01) <= 4 * sigma,
      `${both} of ${UNITS} are in the first tenth of both`,
    )
  })

  test('without a unit nobody is exposed, at full exposure neither', () => {
    assert.equal(isExposed({ exposureBp: 10_000 }, null), false)
  })
})
