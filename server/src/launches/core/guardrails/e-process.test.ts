import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chanceOf } from '../../../../test/support/chance.ts'
import { differenceBound, lowerBound, upperBound } from './bounds.ts'
import { hypothesis, shareAlpha } from './control.ts'
import { addEvidence, EVIDENCE_MOST, eProcess, evidenceOf, FACTORS, NO_WEALTH } from './e-process.ts'

const P0 = 0.03
const ALPHA = 0.05
const PAYMENTS = 3_000

/** After how many payments it stops, looked at after each; null: it did not. */
const stopsAfter = (chance: () => number, rate: number, most = PAYMENTS): number | null => {
  // What each of the bets gains by a failure and by a success: the same sums, without an array for each payment.
  const gains = FACTORS.map((factor) => {
    const p1 = Math.min(factor * P0, 0.9)
    return [Math.log(p1 / P0), Math.log((1 - p1) / (1 - P0))] as const
  })
  const wealth = FACTORS.map(() => 0)
  for (let n = 1; n <= most; n++) {
    const failed = chance() < rate
    for (let index = 0; index < wealth.length; index++)
      wealth[index] = (wealth[index] ?? 0) + (gains[index]?.[failed ? 0 : 1] ?? 0)
    // Only a failure can raise it.
    if (failed && evidenceOf(wealth) >= 1 / ALPHA) return n
  }
  return null
}

const simulate = (rate: number, histories: number): { share: number; median: number } => {
  const chance = chanceOf(7)
  const stops = Array.from({ length: histories }, () => stopsAfter(chance, rate))
  const stopped = stops.filter((each) => each !== null).toSorted((a, b) => a - b)
  return {
    share: stopped.length / histories,
    median: stopped[Math.floor(stopped.length / 2)] ?? Number.POSITIVE_INFINITY,
  }
}

describe('the e-process', () => {
  test('is the mixture of the reference, in logarithms', () => {
    const plain = (x: number, n: number, p0: number): number =>
      FACTORS.reduce((sum, factor) => {
        const p1 = Math.min(factor * p0, 0.9)
        return sum + (p1 / p0) ** x * ((1 - p1) / (1 - p0)) ** (n - x)
      }, 0) / FACTORS.length
    for (const [x, n, p0] of [
      [0, 10, 0.03],
      [2, 20, 0.03],
      [5, 40, 0.2],
      [30, 900, 0.02],
    ] as const)
      assert.ok(Math.abs(eProcess(x, n, p0) / plain(x, n, p0) - 1) < 1e-9, `${x} of ${n}`)
  })

  test('is a product: taken in page by page it is what it is at once', () => {
    const pages = [
      [1, 20],
      [0, 35],
      [4, 50],
      [0, 0],
    ] as const
    const wealth = pages.reduce((sum, [x, n]) => addEvidence(sum, x, n, P0), NO_WEALTH)
    assert.ok(Math.abs(evidenceOf(wealth) / eProcess(5, 105, P0) - 1) < 1e-9)
  })

  test('alarms falsely in at most alpha of 10,000 histories, looked at after every payment', () => {
    const { share } = simulate(P0, 10_000)
    assert.ok(share <= ALPHA, `${share}`)
    assert.ok(share > 0.02, `a test that never alarms shows nothing: ${share}`)
  })

  test('detects as fast as the reference’s table says', () => {
    const half = simulate(0.045, 600)
    assert.ok(half.share > 0.9 && Math.abs(half.median - 890) < 120, JSON.stringify(half))
    const expected = [
      [0.06, 254, 40],
      [0.15, 24, 4],
      [0.3, 9, 2],
    ] as const
    for (const [rate, median, within] of expected) {
      const found = simulate(rate, 600)
      assert.ok(
        found.share > 0.99 && Math.abs(found.median - median) <= within,
        JSON.stringify([rate, found]),
      )
    }
  })

  test('has no evidence that cannot be written down', () => {
    assert.equal(eProcess(5_000, 5_000, 0.0001), EVIDENCE_MOST)
    assert.equal(eProcess(0, 0, 0), 1)
    assert.ok(Number.isFinite(eProcess(100, 100, 1)))
  })
})

describe('bounds', () => {
  test('lie around what was seen, closer with more of it', () => {
    for (const [x, n] of [
      [0, 50],
      [3, 100],
      [30, 1_000],
      [300, 10_000],
      [50, 50],
    ] as const) {
      const [low, high] = [lowerBound(x, n, 0.05), upperBound(x, n, 0.05)]
      assert.ok(low <= x / n && x / n <= high && low >= 0 && high <= 1, `${x} of ${n}`)
    }
    assert.ok(upperBound(300, 10_000, 0.05) < upperBound(30, 1_000, 0.05))
    assert.equal(upperBound(0, 0, 0.05), 1)
  })

  test('hold at all looks together', () => {
    const chance = chanceOf(11)
    let left = 0
    for (let history = 0; history < 2_000; history++) {
      let x = 0
      for (let n = 1; n <= 400; n++) {
        if (chance() < P0) x++
        if (n % 20 === 0 && upperBound(x, n, 0.05) < P0) {
          left++
          break
        }
      }
    }
    assert.ok(left / 2_000 <= 0.05, `${left}`)
  })

  test('of a difference: what is worse by the margin is hardly ever shown to be no worse', () => {
    const chance = chanceOf(3)
    const [alpha, margin] = [0.05, 0.01]
    let wrong = 0
    let right = 0
    for (let history = 0; history < 400; history++) {
      const [bad, good, control] = [
        { x: 0, n: 0 },
        { x: 0, n: 0 },
        { x: 0, n: 0 },
      ]
      const passed = { bad: false, good: false }
      while (control.n < 12_000) {
        for (let each = 0; each < 500; each++) {
          control.n++
          bad.n++
          good.n++
          if (chance() < P0) control.x++
          if (chance() < P0 + margin) bad.x++
          if (chance() < P0) good.x++
        }
        const tuned = { alpha, tunedFor: 6_000 }
        passed.bad ||= differenceBound(bad, control, tuned) < margin
        passed.good ||= differenceBound(good, control, tuned) < margin
      }
      if (passed.bad) wrong++
      if (passed.good) right++
    }
    assert.ok(wrong / 400 <= alpha, `${wrong}`)
    assert.ok(right / 400 >= 0.8, `${right}`)
  })
})

describe('the hypothesis', () => {
  const quiet = { all: { x: 300, n: 10_000 }, recent: { x: 3, n: 100 } }
  const given = { baselineBp: 200, marginBp: 100 }

  test('is the upper bound of the control and the margin, at least the baseline’s', () => {
    const p0 = hypothesis(quiet, given, 0.005)
    assert.ok(p0 > 0.04 && p0 < 0.05, `${p0}`)
    const higher = hypothesis(quiet, { baselineBp: 600, marginBp: 100 }, 0.005)
    assert.ok(Math.abs(higher - 0.07) < 1e-9, `${higher}`)
  })

  test('takes the baseline for a control that is too small', () => {
    const few = { all: { x: 1, n: 4 }, recent: { x: 1, n: 4 } }
    assert.equal(hypothesis(few, given, 0.005), 0.03)
    assert.equal(hypothesis({ all: { x: 0, n: 0 }, recent: { x: 0, n: 0 } }, given, 0.005), 0.03)
  })

  test('follows a control that fails all of a sudden: the launch is not blamed for it', () => {
    const shock = { all: { x: 340, n: 10_100 }, recent: { x: 45, n: 100 } }
    assert.ok(hypothesis(shock, given, 0.005) > 0.45)
  })

  test('alpha is shared out over the guardrails, the control’s part included', () => {
    const one = shareAlpha(500, 1)
    const five = shareAlpha(500, 5)
    assert.ok(Math.abs(one.test + one.control - 0.05) < 1e-12)
    assert.ok(Math.abs(5 * (five.test + five.control) - 0.05) < 1e-12)
  })
})

describe('a launch with several guardrails', () => {
  test('alarms falsely in at most alpha of its histories, whatever their number, with a control that is only estimated', () => {
    const chance = chanceOf(23)
    const guardrails = 4
    const shared = shareAlpha(1_000, guardrails)
    const histories = 400
    let alarmed = 0
    for (let history = 0; history < histories; history++) {
      const wealths = Array.from({ length: guardrails }, () => NO_WEALTH)
      const controls = Array.from({ length: guardrails }, () => ({ x: 0, n: 0 }))
      let isFalse = false
      for (let tick = 0; tick < 60 && !isFalse; tick++) {
        for (let each = 0; each < guardrails; each++) {
          const control = controls[each] ?? { x: 0, n: 0 }
          let x = 0
          for (let payment = 0; payment < 10; payment++) if (chance() < P0) x++
          for (let payment = 0; payment < 40; payment++) if (chance() < P0) control.x++
          control.n += 40
          const p0 = hypothesis(
            { all: control, recent: { x: 0, n: 0 } },
            { baselineBp: 300, marginBp: 0 },
            shared.control,
          )
          const wealth = addEvidence(wealths[each] ?? NO_WEALTH, x, 10, p0)
          wealths[each] = wealth
          if (evidenceOf(wealth) >= 1 / shared.test) isFalse = true
        }
      }
      if (isFalse) alarmed++
    }
    assert.ok(alarmed / histories <= 0.1, `${alarmed}`)
  })
})
