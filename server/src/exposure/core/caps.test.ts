import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../test/properties/size.ts'
import { caps } from '../../../test/support/exposure-samples.ts'
import { fits, release, reserve, type Taken, takenOn } from './caps.ts'

const NOTHING: Taken = { day: 1, reservedToday: 0, reservedInStage: 0 }

type Step = { readonly days: number; readonly amount: number; readonly back: number; readonly share: number }
const step: fc.Arbitrary<Step> = fc.record({
  days: fc.constantFrom(0, 0, 0, 0, 1, 3),
  amount: fc.integer({ min: 1, max: 400 }),
  back: fc.nat(20),
  share: fc.integer({ min: 0, max: 100 }),
})

describe('caps', () => {
  test('hold to the cent at their very bound', () => {
    const all = caps({ perPayment: 300, perStage: 1_000, perDay: 500 })
    assert.ok(fits(all, NOTHING, 300n))
    assert.ok(!fits(all, NOTHING, 301n), 'per payment')
    const later = reserve(NOTHING, 400)
    assert.ok(fits(all, later, 100n))
    assert.ok(!fits(all, later, 101n), 'per day')
    const nextDay = takenOn({ ...NOTHING, reservedToday: 500, reservedInStage: 900 }, 2)
    assert.ok(fits(all, nextDay, 100n))
    assert.ok(!fits(all, nextDay, 101n), 'per stage')
    assert.ok(!fits(all, NOTHING, 2n ** 60n), 'what is no safe integer')
  })

  test('what is given back on a later day makes no room today', () => {
    const today = reserve(takenOn(reserve(NOTHING, 400), 2), 100)
    assert.deepEqual(release(today, 1, 400), { day: 2, reservedToday: 100, reservedInStage: 100 })
    assert.deepEqual(release(today, 2, 100), { day: 2, reservedToday: 0, reservedInStage: 400 })
  })

  test('giving back more than was taken is a bug', () => {
    assert.throws(() => release(reserve(NOTHING, 100), 1, 101), { name: 'Bug' })
    assert.throws(() => release(release(reserve(NOTHING, 100), 1, 100), 1, 100), { name: 'Bug' })
    assert.throws(() => release(reserve(takenOn(reserve(NOTHING, 900), 2), 10), 2, 11), { name: 'Bug' })
  })

  /** The model keeps every reservation; the counters keep two sums. */
  test('count as if every reservation were kept and added up, whatever comes and goes on whatever day', () => {
    const all = caps({ perPayment: 350, perStage: 2_000, perDay: 700 })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let taken = NOTHING
        let day = 1
        const open: { day: number; amount: number }[] = []
        const sum = (of: readonly { amount: number }[]): number => of.reduce((a, { amount }) => a + amount, 0)
        for (const { days, amount, back, share } of steps) {
          day += days
          taken = takenOn(taken, day)
          if (fits(all, taken, BigInt(amount))) {
            taken = reserve(taken, amount)
            open.push({ day, amount })
          }
          const one = open[back]
          if (one !== undefined) {
            const part = Math.floor((one.amount * share) / 100)
            taken = release(taken, one.day, part)
            one.amount -= part
          }
          const today = sum(open.filter((each) => each.day === day))
          assert.deepEqual(taken, { day, reservedToday: today, reservedInStage: sum(open) })
          assert.ok(today <= 700 && sum(open) <= 2_000)
        }
      }),
      runs({ ci: 300, full: 20_000, seed: 13_003 }),
    )
  })
})
