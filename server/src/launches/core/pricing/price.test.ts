import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { contentOf, riskOf } from '../../../../test/support/launch-content.ts'
import type { Risk } from '../model.ts'
import { drawNormal, normalQuantile } from './normal.ts'
import { priceRisks } from './price.ts'
import { createRandom } from './random.ts'
import { drawCount, drawLognormal, expectedLoss, lognormalOf, meanOf, rateOf } from './risk.ts'
import { costOfWaiting } from './waiting.ts'

const near = (found: number, wanted: number, share: number): void =>
  assert.ok(Math.abs(found - wanted) <= share * Math.abs(wanted), `${found} is not near ${wanted}`)

const drawn = (seed: string, count: number, draw: (random: () => number) => number): number[] => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => draw(random))
}

const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length

describe('chance', () => {
  test('is the same for the same seed, and another for another', () => {
    const first = drawn('one', 5, (random) => random())
    assert.deepEqual(
      drawn('one', 5, (random) => random()),
      first,
    )
    assert.notDeepEqual(
      drawn('two', 5, (random) => random()),
      first,
    )
  })

  test('is spread evenly: 100 cells by chi-square', () => {
    const cells = new Array<number>(100).fill(0)
    for (const number of drawn('even', 100_000, (random) => random())) {
      const cell = Math.floor(number * 100)
      cells[cell] = (cells[cell] ?? 0) + 1
    }
    const chiSquare = cells.reduce((sum, cell) => sum + (cell - 1_000) ** 2 / 1_000, 0)
    // 99 degrees of freedom: above 149 in one of a thousand cases.
    assert.ok(chiSquare < 149, String(chiSquare))
  })

  test('normal quantiles are those of the tables', () => {
    for (const [chance, wanted] of [
      [0.5, 0],
      [0.8, 0.841621],
      [0.95, 1.644854],
      [0.975, 1.959964],
      [0.999, 3.090232],
      [0.001, -3.090232],
    ] as const)
      assert.ok(Math.abs(normalQuantile(chance) - wanted) < 1e-6, `${chance}`)
  })

  test('normal numbers have mean 0 and deviation 1', () => {
    const numbers = drawn('normal', 50_000, drawNormal)
    assert.ok(Math.abs(average(numbers)) < 0.02)
    near(average(numbers.map((number) => number * number)), 1, 0.02)
  })
})

describe('a risk', () => {
  test('costs between its bounds in nine of ten cases', () => {
    const impact = lognormalOf(20_000, 90_000)
    const losses = drawn('impact', 50_000, (random) => drawLognormal(impact, random))
    const inside = losses.filter((loss) => loss >= 20_000 && loss <= 90_000).length
    near(inside / losses.length, 0.9, 0.01)
    assert.ok(Math.abs(impact.sigma - Math.log(4.5) / 3.29) < 1e-12)
    near(impact.mu, (Math.log(20_000) + Math.log(90_000)) / 2, 1e-12)
  })

  test('happens at least once as often as it says, and on average -ln(1 - p) times', () => {
    for (const percent of [1, 20, 63, 99]) {
      const counts = drawn(`count ${percent}`, 40_000, (random) => drawCount(rateOf(percent), random))
      near(
        counts.filter((count) => count > 0).length / counts.length,
        percent / 100,
        percent < 5 ? 0.15 : 0.03,
      )
      near(average(counts), -Math.log(1 - percent / 100), percent < 5 ? 0.15 : 0.03)
    }
  })

  test('that costs always the same has the price of its count', () => {
    const price = priceRisks([riskOf({ probability: 50, impact_low: 1_000, impact_high: 1_000 })])
    // Rate ln 2: none in a half, at most one in 84.7 %, at most two in 96.7 % of histories.
    const [half = -1, most = -1, more = -1] = [price.total.p50, price.total.p90, price.total.p95]
    assert.ok(half === 0 || half === 1_000)
    assert.deepEqual([most, more], [2_000, 2_000])
    assert.equal(price.total.mean, Math.ceil(1_000 * Math.LN2))
    assert.equal(price.anyBp, 5_000)
  })

  test('seldom enough costs nothing in half of all histories, and something in one of twenty', () => {
    const { total } = priceRisks([riskOf({ probability: 10 })])
    assert.equal(total.p50, 0)
    assert.ok(total.p95 > 0 && total.p95 < 90_000_00)
  })
})

const risks = (): fc.Arbitrary<Risk> =>
  fc
    .record({
      probability: fc.integer({ min: 5, max: 99 }),
      low: fc.integer({ min: 100, max: 1_000_000 }),
      times: fc.integer({ min: 1, max: 20 }),
    })
    .map(({ probability, low, times }) => riskOf({ probability, impact_low: low, impact_high: low * times }))

describe('a price', () => {
  test('is the same for the same figures, whatever the words', () => {
    const one = priceRisks([riskOf(), riskOf({ probability: 5 })], 2_000)
    assert.deepEqual(priceRisks([riskOf({ text: 'x', owner: 'y' }), riskOf({ probability: 5 })], 2_000), one)
  })

  test('of two like risks is not twice that of one: they do not happen together', () => {
    const one = priceRisks([riskOf()])
    const two = priceRisks([riskOf(), riskOf()])
    near(two.total.mean, 2 * one.total.mean, 1e-6)
    assert.ok(two.total.p95 < 1.8 * one.total.p95)
  })

  test('rises from p50 to p95, has the mean of the closed form, and a curve that falls', () => {
    fc.assert(
      fc.property(fc.array(risks(), { minLength: 1, maxLength: 6 }), (all) => {
        const { total, risks: prices, curve, anyBp } = priceRisks(all, 500)
        for (const { p50, p90, p95, mean } of [total, ...prices]) {
          assert.ok(p50 <= p90 && p90 <= p95)
          assert.ok(Number.isSafeInteger(mean) && Number.isSafeInteger(p95))
        }
        const exact = all.reduce((sum, risk) => sum + expectedLoss(risk), 0)
        assert.ok(total.mean >= exact - 1e-3 && total.mean < exact + 1)
        for (const [at, point] of curve.entries()) assert.ok(point.loss >= (curve[at - 1]?.loss ?? 0))
        const none = all.reduce((product, risk) => product * (1 - risk.probability / 100), 1)
        assert.ok(Math.abs(anyBp - (1 - none) * 10_000) <= 1)
      }),
      { numRuns: 50 },
    )
  })

  test('draws have the mean of the closed form', () => {
    const risk = riskOf({ probability: 80, impact_low: 10_000, impact_high: 40_000 })
    const { curve, total } = priceRisks([risk], 40_000)
    near(total.mean, rateOf(80) * meanOf(lognormalOf(10_000, 40_000)), 1e-3)
    // The area under the exceedance curve is the mean; eighteen points of it come near.
    const area = curve.reduce((sum, { chanceBp, loss }, at) => {
      const before = curve[at - 1]
      return sum + ((loss - (before?.loss ?? 0)) * (chanceBp + (before?.chanceBp ?? 10_000))) / 20_000
    }, 0)
    near(area, total.mean, 0.05)
  })

  test('of nothing is nothing', () => {
    const { total, risks: prices, anyBp } = priceRisks([], 100)
    assert.deepEqual(
      { total, prices, anyBp },
      { total: { mean: 0, p50: 0, p90: 0, p95: 0 }, prices: [], anyBp: 0 },
    )
  })

  test('of absurd ranges stays a number', () => {
    const { total } = priceRisks([riskOf({ probability: 99, impact_low: 0, impact_high: 1e12 })], 200)
    assert.ok(Number.isSafeInteger(total.mean) && Number.isSafeInteger(total.p95))
  })
})

describe('waiting', () => {
  test('costs the benefit by the day, beside the expected loss by the day', () => {
    const content = contentOf()
    const price = priceRisks(content.risks)
    const waiting = costOfWaiting(content, price)
    assert.deepEqual(waiting.perDay, {
      low: Math.floor(900_000_00 / 365),
      high: Math.floor(1_600_000_00 / 365),
    })
    // 300 payments at 100 a day and a day of maturity: four days, in each of the three stages.
    assert.equal(waiting.horizonDays, 12)
    assert.equal(waiting.riskPerDay, Math.ceil(price.total.mean / 12))
  })

  test('a benefit per month is twelve of them in a year', () => {
    const { benefit } = contentOf()
    const content = contentOf({ benefit: { ...benefit, low: 36_500, high: 73_000, per: 'month' } })
    assert.deepEqual(costOfWaiting(content, priceRisks([], 10)).perDay, { low: 1_200, high: 2_400 })
  })

  test('the stages bear the expected loss by exposure and length, and nothing of it is lost', () => {
    const content = contentOf()
    const price = priceRisks(content.risks)
    const { stages } = costOfWaiting(content, price)
    assert.deepEqual(
      stages.map(({ share }) => share),
      [0.05, 0.25, 1],
    )
    const parts = stages.reduce((sum, { expectedLoss: loss }) => sum + loss, 0)
    assert.ok(parts >= price.total.mean && parts < price.total.mean + stages.length)
    const [first, , last] = stages
    near((last?.riskPerDay ?? 0) / (first?.riskPerDay ?? 1), 20, 1e-4)
    assert.equal(last?.forgonePerDay.high, 0)
    near(first?.forgonePerDay.low ?? 0, 0.95 * (900_000_00 / 365), 1e-5)
  })
})
