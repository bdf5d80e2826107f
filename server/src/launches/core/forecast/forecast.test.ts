import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { contentOf, stageOf } from '../../../../test/support/launch-content.ts'
import type { LaunchContent } from '../model.ts'
import { createRandom } from '../pricing/random.ts'
import { forecastOf, type Place } from './forecast.ts'
import { gatheringHours, plannedHours, shareOf } from './planned.ts'

const START: Place = { stage: 0, elapsedHours: 0, matured: 0 }

const forecast = (content: LaunchContent, place: Place = START) =>
  forecastOf(content, place, createRandom('dates'), 2_000).stages

describe('a stage as planned', () => {
  test('takes its minimum time, or until its payments came and matured', () => {
    const content = contentOf()
    assert.equal(gatheringHours(content, stageOf()), 96)
    assert.equal(plannedHours(content, stageOf()), 96)
    assert.equal(plannedHours(content, stageOf({ min_hours: 200 })), 200)
    assert.equal(plannedHours(content, stageOf({ min_hours: 0, min_matured_payments: 0 })), 1)
    assert.equal(gatheringHours(content, stageOf({ forecast_payments_per_day: 0 })), null)
  })

  test('puts at stake its exposure, or what its named units bring', () => {
    const content = contentOf()
    assert.equal(shareOf(content, stageOf()), 0.05)
    const named = stageOf({ exposure_bp: 0, named_units: ['cus_1'], forecast_payments_per_day: 40 })
    assert.equal(shareOf(content, named), 0.02)
  })
})

describe('a range of dates', () => {
  test('is the same for the same chance', () =>
    assert.deepEqual(forecast(contentOf()), forecast(contentOf())))

  test('rises from stage to stage, and p85 is not before p50', () => {
    const stages = forecast(contentOf())
    assert.deepEqual(
      stages.map(({ stage }) => stage),
      [0, 1, 2],
    )
    let before = 0
    for (const { p50Hours, p85Hours } of stages) {
      assert.ok(p50Hours !== null && p85Hours !== null && p50Hours > before && p85Hours > p50Hours)
      before = p50Hours
    }
  })

  test('without payments to wait for and without signers is the minimum times', () => {
    const plain = stageOf({ min_matured_payments: 0, required_signers: [], min_hours: 48 })
    assert.deepEqual(forecast(contentOf({ stages: [plain, plain] })), [
      { stage: 0, p50Hours: 48, p85Hours: 48 },
      { stage: 1, p50Hours: 96, p85Hours: 96 },
    ])
  })

  test('of payments goes by the forecast volume: half of all histories gather within the planned time', () => {
    const stage = stageOf({ min_hours: 0, required_signers: [], min_matured_payments: 3_000 })
    const [only] = forecast(contentOf({ stages: [stage] }))
    // 3,000 at 100 a day, and a day until they matured: 31 days.
    assert.ok(Math.abs((only?.p50Hours ?? 0) / (31 * 24) - 1) < 0.03)
    // ln 1.5 is 1.645 deviations; 85 % is 1.036: 1.29 times as long.
    assert.ok(Math.abs((only?.p85Hours ?? 0) / (30 * 24 * 1.29 + 24) - 1) < 0.04)
  })

  test('counts what the running stage has behind it', () => {
    const content = contentOf()
    const [fresh] = forecast(content)
    const [later] = forecast(content, { stage: 0, elapsedHours: 60, matured: 250 })
    assert.ok((later?.p50Hours ?? 0) < (fresh?.p50Hours ?? 0) - 40)
    const [ready] = forecast(content, { stage: 0, elapsedHours: 500, matured: 900 })
    // Only the approval is missing: the later one of two takes 2 to 48 hours.
    assert.ok((ready?.p50Hours ?? 0) > 5 && (ready?.p50Hours ?? 0) < 40)
  })

  test('two signers take longer than one', () => {
    const one = forecast(contentOf({ stages: [stageOf({ required_signers: ['business'] })] }))
    const two = forecast(contentOf({ stages: [stageOf()] }))
    assert.ok((two[0]?.p50Hours ?? 0) > (one[0]?.p50Hours ?? 0))
  })

  test('a stage without volume never ends, and nothing after it', () => {
    const content = contentOf({ stages: [stageOf({ forecast_payments_per_day: 0 }), stageOf()] })
    assert.deepEqual(forecast(content), [
      { stage: 0, p50Hours: null, p85Hours: null },
      { stage: 1, p50Hours: null, p85Hours: null },
    ])
  })
})
