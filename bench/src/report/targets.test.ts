import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measured } from '../runner.ts'
import { ratiosOf } from './ratios.ts'
import { targetsOf } from './targets.ts'

const measured = (key: string, rounds: readonly number[], p99Ms = 1): Measured => ({
  key,
  what: key,
  perSecond: rounds[0] ?? 0,
  p50Ms: 1,
  p99Ms,
  cores: { client: null, server: null, database: null, others: null },
  bytesPerTransfer: null,
  count: 1,
  rounds,
})

test('A target is reached by the ratio of rounds that ran in turn.', () => {
  const all = [measured('bare_insert', [100, 50, 100]), measured('batch_uniform', [61, 30.5, 10])]
  const ratios = ratiosOf(all)
  assert.deepEqual(ratios, { 'batch_uniform / bare_insert': 0.61 })
  const [target, ...others] = targetsOf(all, ratios)
  assert.deepEqual(target, {
    name: 'batch_uniform / bare_insert',
    wanted: '≥ 0.6',
    measured: 0.61,
    reached: true,
  })
  assert.deepEqual(others, [])
})

test('The slowest hundredth has a bound of its own.', () => {
  const reached = (p99Ms: number) => targetsOf([measured('http_256', [1], p99Ms)], {})[0]?.reached
  assert.equal(reached(100), true)
  assert.equal(reached(100.1), false)
})

test('What was not measured is neither reached nor missed.', () => {
  assert.deepEqual(targetsOf([measured('batch_uniform', [1])], {}), [])
})
