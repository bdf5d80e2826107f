import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { contentOf, FAILURES, stageOf } from '../../../../test/support/launch-content.ts'
import type { LaunchContent } from '../model.ts'
import { detectionOf } from './detection.ts'
import { cleanShowsBelowBp, paymentsNeeded, paymentsToPromote } from './needed.ts'
import { detectionSentences } from './sentences.ts'

describe('payments that are needed', () => {
  const TABLE = [
    { to: 0.045, payments: 921, days: { 500: [184, 18, 3.7], 2000: [46, 4.6, 0.9], 10000: [9.2, 0.9, 0.2] } },
    { to: 0.06, payments: 257, days: { 500: [51, 5.1, 1], 2000: [13, 1.3, 0.3], 10000: [2.6, 0.3, 0] } },
    { to: 0.15, payments: 24, days: { 500: [4.8, 0.5, 0.1], 2000: [1.2, 0.1, 0] } },
    { to: 0.3, payments: 7, days: { 500: [1.4, 0.1, 0] } },
  ] as const

  for (const { to, payments, days } of TABLE)
    test(`from 3 % to ${to * 100} %: ${payments}, and the days that they take`, () => {
      assert.equal(paymentsNeeded({ from: 0.03, to }), payments)
      for (const [perDay, shown] of Object.entries(days))
        for (const [at, exposure] of [0.01, 0.1, 0.5].entries()) {
          const found = payments / (Number(perDay) * exposure)
          const wanted = shown[at] ?? Number.NaN
          assert.ok(Math.abs(found - wanted) <= (wanted >= 10 ? 0.5 : 0.06), `${perDay}: ${found}, ${wanted}`)
        }
    })

  test('equal arms need about 3,600 each for a margin of a point at 3 %', () => {
    assert.equal(paymentsToPromote({ rate: 0.03, margin: 0.01, ratio: 1 }), 3_599)
    assert.equal(paymentsToPromote({ rate: 0.03, margin: 0, ratio: 1 }), Number.POSITIVE_INFINITY)
  })

  test('a hundred clean payments show less than 3 %, and three show nothing', () => {
    assert.equal(cleanShowsBelowBp(100), 300)
    assert.equal(cleanShowsBelowBp(20), 1_500)
    assert.equal(cleanShowsBelowBp(3), null)
    assert.equal(cleanShowsBelowBp(0), null)
  })
})

const sayings = (content: LaunchContent, stage = 0): string => {
  const detection = detectionOf(content, stage)
  assert.ok(detection !== null)
  return detectionSentences(content, detection).join('\n')
}

describe('what a stage detects', () => {
  test('at 100 payments a day in four days: a rise to five times, but no doubling in time', () => {
    const detection = detectionOf(contentOf(), 0)
    assert.equal(detection?.paymentsPlanned, 400)
    assert.deepEqual(
      detection?.rates[0]?.rises.map(({ toBp, payments, hours, inStage }) => [
        toBp,
        payments,
        hours,
        inStage,
      ]),
      [
        [450, 921, 222, false],
        [600, 257, 62, true],
        [1_500, 24, 6, true],
        [3_000, 7, 2, true],
      ],
    )
    const text = sayings(contentOf())
    assert.match(text, /^Sees about 100 payments a day, 400 as planned\.$/m)
    assert.match(
      text,
      /^Can see: failed payments rising from 3 % to 6 %, after 257 payments, about 2\.6 days\.$/m,
    )
    assert.match(
      text,
      /^Cannot see in time: .* from 3 % to 4\.5 %; that shows after 921 payments, about 9\.3 days\.$/m,
    )
    assert.match(text, /^If all of its 300 payments succeed, that shows only a failure rate below 1 %\.$/m)
  })

  test('what the margin tolerates is not looked for', () => {
    const content = contentOf({ guardrails: [{ ...FAILURES, margin_bp: 200 }] })
    const [first] = detectionOf(content, 0)?.rates[0]?.rises ?? []
    assert.deepEqual(first, { toBp: 450, payments: null, hours: null, inStage: false })
    const text = sayings(content)
    assert.match(text, /Does not look at failed payments up to 5 %: tolerated\./)
    assert.match(text, /Nobody looks whether the books balance/)
  })

  test('without a guarded rate it says that a rise is not seen', () => {
    assert.match(sayings(contentOf({ guardrails: [] })), /No rate with a baseline is guarded/)
  })

  test('a promotion test that the stage cannot decide says so', () => {
    const promotion = { tier: 'promotion', metric: 'failure_rate', margin_bp: 100 } as const
    const content = contentOf({ guardrails: [FAILURES, promotion] })
    assert.match(
      sayings(content),
      /Cannot prove "no more than 1 % more failed payments": that takes 1,894 payments/,
    )
    assert.match(
      sayings(content, 2),
      /Can prove "no more than 1 % more failed payments" with 1,800 payments\./,
    )
    assert.match(sayings(contentOf({ guardrails: [promotion] })), /there is no baseline to go by/)
  })

  test('without payments it detects nothing', () => {
    const content = contentOf({
      stages: [stageOf({ forecast_payments_per_day: 0, min_matured_payments: 0 })],
    })
    assert.match(sayings(content), /it can detect nothing/)
    assert.match(sayings(content), /minimum of 0 payments proves nothing/)
  })

  test('there is no such stage', () => assert.equal(detectionOf(contentOf(), 9), null))
})

describe('few payments', () => {
  const few = { payments_per_day: 1_999, average_amount: 1, peak_per_second: 1 }
  const propose = /begin with about five accounts by name/

  test('below 2,000 a day named accounts are proposed first', () => {
    assert.match(sayings(contentOf({ forecast: few })), propose)
    assert.doesNotMatch(sayings(contentOf()), propose)
  })

  test('not where they come first already', () => {
    const named = stageOf({ exposure_bp: 0, named_units: ['cus_1', 'cus_2'] })
    assert.doesNotMatch(sayings(contentOf({ forecast: few, stages: [named, stageOf()] })), propose)
  })
})
