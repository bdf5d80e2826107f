import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chanceOf } from '../../../../test/support/chance.ts'
import { addEvidence, evidenceOf, NO_WEALTH } from './e-process.ts'
import { addPayments, levelOf, NO_EVIDENCE } from './restarts.ts'

const P0 = 0.03
const ALPHA = 0.05
const PAGE = 5

const failuresOf = (chance: () => number, rate: number): number => {
  let failures = 0
  for (let payment = 0; payment < PAGE; payment++) if (chance() < rate) failures++
  return failures
}

/** After how many payments it stops that are of the second rate; null: it did not within so many. */
const stopsAfter = (
  chance: () => number,
  { good, rate, most }: { readonly good: number; readonly rate: number; readonly most: number },
): { readonly anew: number | null; readonly held: number | null } => {
  let evidence = NO_EVIDENCE
  let wealth = NO_WEALTH
  const stopped: { anew: number | null; held: number | null } = { anew: null, held: null }
  for (let n = 0; n < good + most; n += PAGE) {
    const failures = failuresOf(chance, n < good ? P0 : rate)
    evidence = addPayments(evidence, failures, PAGE, P0)
    wealth = addEvidence(wealth, failures, PAGE, P0)
    if (levelOf(evidence) >= 1 / ALPHA) stopped.anew ??= n + PAGE - good
    if (evidenceOf(wealth) >= 1 / ALPHA) stopped.held ??= n + PAGE - good
    if (stopped.anew !== null && stopped.held !== null) break
  }
  return stopped
}

const median = (values: readonly (number | null)[]): number =>
  values.map((value) => value ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b)[values.length >> 1] ?? 0

describe('an e-process that begins anew', () => {
  test('begins at 1, and the parts together are never more than the capital', () => {
    assert.equal(levelOf(NO_EVIDENCE), 1)
    // Where bets neither win nor lose, nothing but the parts is there: at p0 of the largest rate there is no bet.
    let evidence = NO_EVIDENCE
    for (let page = 0; page < 500; page++) evidence = addPayments(evidence, 0, PAGE, 0.95)
    assert.ok(Math.abs(levelOf(evidence) - 1) < 1e-9, `${levelOf(evidence)}`)
  })

  test('alarms falsely in at most alpha of 10,000 histories', () => {
    const chance = chanceOf(5)
    let alarms = 0
    for (let history = 0; history < 10_000; history++)
      if (stopsAfter(chance, { good: 600, rate: P0, most: 0 }).anew !== null) alarms++
    assert.ok(alarms / 10_000 <= ALPHA, `${alarms}`)
    assert.ok(alarms / 10_000 > 0.01, `a test that never alarms shows nothing: ${alarms}`)
  })

  test('sees at once what breaks after a long good time, where a bet from the beginning does not', () => {
    const chance = chanceOf(9)
    const broken = { good: 4_000, rate: 0.3, most: 2_000 }
    const stops = Array.from({ length: 60 }, () => stopsAfter(chance, broken))
    const anew = median(stops.map((each) => each.anew))
    const held = median(stops.map((each) => each.held))
    assert.ok(anew <= 40, `${anew}`)
    assert.ok(held > 1.5 * anew, `${held} against ${anew}`)
  })

  test('is hardly slower where it is bad from the beginning', () => {
    const chance = chanceOf(13)
    for (const [rate, most] of [
      [0.06, 300],
      [0.15, 35],
      [0.3, 15],
    ] as const) {
      const stops = Array.from({ length: 300 }, () => stopsAfter(chance, { good: 0, rate, most: 3_000 }))
      const found = median(stops.map((each) => each.anew))
      assert.ok(found <= most, `${rate}: ${found}`)
    }
  })
})
