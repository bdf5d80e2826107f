import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  BUDGET_MINUTES,
  budgetOf,
  budgetOfAll,
  burnOf,
  judge,
  type Level,
  lookAtWindows,
  WINDOWS,
} from './levels.ts'

const level = (own: Partial<Level> = {}): Level => ({
  name: 'payment_success',
  targetBp: 9_900,
  thresholdMs: null,
  isRouted: true,
  ...own,
})

const firing = (countOf: (minutes: number) => { good: number; bad: number }): number[] =>
  lookAtWindows(level(), countOf)
    .filter(({ isFiring }) => isFiring)
    .map(({ longMinutes }) => longMinutes)

describe('the windows', () => {
  test('are those of the workbook: a short one is a twelfth of its long one', () => {
    assert.deepEqual(
      WINDOWS.map(({ severity, longMinutes, shortMinutes, burn }) => [
        severity,
        longMinutes,
        shortMinutes,
        burn,
      ]),
      [
        ['page', 60, 5, 14.4],
        ['page', 360, 30, 6],
        ['ticket', 1_440, 120, 3],
        ['ticket', 4_320, 360, 1],
      ],
    )
    for (const { longMinutes, shortMinutes } of WINDOWS) assert.equal(longMinutes, 12 * shortMinutes)
  })

  test('fire only when both exceed', () => {
    const bad = { good: 80, bad: 20 }
    const fine = { good: 1_000, bad: 1 }
    assert.deepEqual(
      firing(() => bad),
      [60, 360, 1_440, 4_320],
    )
    assert.deepEqual(
      firing((minutes) => (minutes === 60 ? bad : fine)),
      [],
    )
    assert.deepEqual(
      firing((minutes) => (minutes === 5 ? bad : fine)),
      [],
    )
    assert.deepEqual(
      firing((minutes) => (minutes <= 60 ? bad : fine)),
      [60],
    )
  })

  test('wake nobody for fewer than ten bad ones', () => {
    assert.deepEqual(
      firing(() => ({ good: 0, bad: 9 })),
      [],
    )
    assert.deepEqual(firing(() => ({ good: 0, bad: 10 })).length, 4)
  })

  test('say nothing where nothing was counted', () => {
    assert.equal(burnOf(level(), { good: 0, bad: 0 }), null)
    assert.deepEqual(
      firing(() => ({ good: 0, bad: 0 })),
      [],
    )
  })
})

describe('the budget', () => {
  test('is what is left of what the target allows in 30 days', () => {
    assert.equal(BUDGET_MINUTES, 43_200)
    assert.deepEqual(budgetOf(level(), { good: 9_950, bad: 50 }), { state: 'ok', leftBp: 5_000 })
    assert.deepEqual(budgetOf(level(), { good: 9_800, bad: 200 }), { state: 'over', leftBp: -10_000 })
    assert.deepEqual(budgetOf(level(), { good: 0, bad: 0 }), { state: 'unknown', leftBp: null })
  })

  test('of all levels is over when one that is routed is, and not known while one has no data', () => {
    const over = { level: level(), budget: { state: 'over', leftBp: -1 } } as const
    const unknown = { level: level(), budget: { state: 'unknown', leftBp: null } } as const
    const ok = { level: level(), budget: { state: 'ok', leftBp: 1 } } as const
    const measured = { ...over, level: level({ isRouted: false }) }
    assert.equal(budgetOfAll([]), 'ok')
    assert.equal(budgetOfAll([ok, measured]), 'ok')
    assert.equal(budgetOfAll([ok, unknown]), 'unknown')
    assert.equal(budgetOfAll([ok, unknown, over]), 'over')
  })
})

describe('an attempt', () => {
  const seen = { outcome: 'failed', isCustomers: false, latencyMs: 300 } as const
  test('is not counted where the customer or his bank is the cause', () => {
    assert.equal(judge(level(), seen), false)
    assert.equal(judge(level(), { ...seen, outcome: 'succeeded' }), true)
    assert.equal(judge(level(), { ...seen, outcome: 'declined', isCustomers: true }), null)
  })

  test('is slow by its latency, where that is known', () => {
    const latency = level({ name: 'payment_latency', thresholdMs: 300 })
    assert.equal(judge(latency, seen), true)
    assert.equal(judge(latency, { ...seen, latencyMs: 301 }), false)
    assert.equal(judge(latency, { ...seen, latencyMs: null }), null)
  })
})
