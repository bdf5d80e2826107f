import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play } from '../../test/stage.ts'
import type { Finding } from '../platform.ts'

const finding = (severity: Finding['severity'], name: string): Finding => ({
  name,
  found: 'off',
  wanted: 'on',
  why: 'a power cut destroys it',
  severity,
})

describe('doctor', () => {
  test('lists what it would change with the reason, and ends with 1 for a danger', async () => {
    const findings = [finding('danger', 'fsync'), finding('advice', 'jit'), finding('fine', 'autovacuum')]
    const { code, answer } = await play('doctor', { platform: { doctor: async () => findings } })
    assert.equal(code, 1)
    assert.match(
      answer,
      /^✖ fsync +off\n {4}better: on, as a power cut destroys it\n! jit .*\n {4}better: .*\n✔ autovacuum {2}off$/m,
    )
    assert.match(answer, /^1 danger: mend it before money moves here\.$/m)
  })

  test('ends with 0 for advice, and for nothing at all', async () => {
    const advice = await play('doctor', { platform: { doctor: async () => [finding('advice', 'jit')] } })
    assert.equal(advice.code, 0)
    assert.match(advice.answer, /^No danger; 1 thing could be better\.$/m)
    assert.match((await play('doctor', { platform: { doctor: async () => [] } })).answer, /as it should be/)
  })
})

test('config shows each setting with its source', async () => {
  const settings = [
    { name: 'PORT', shown: '8484', source: 'default' as const },
    { name: 'MASTER_KEY', shown: '(set)', source: 'environment' as const },
  ]
  const door = { showConfiguration: () => settings }
  assert.match(
    (await play('config', { door })).answer,
    /^SETTING +VALUE +FROM\nPORT +8484 +default\nMASTER_KEY +\(set\) +environment$/m,
  )
  assert.deepEqual(JSON.parse((await play('config --json', { door })).answer), settings)
})

test('start starts the server', async () => {
  let started = 0
  const startServer = async () => {
    started += 1
  }
  assert.equal((await play('start', { door: { startServer } })).code, 0)
  assert.equal(started, 1)
})

test('bench hands its arguments on, and ends as the benchmarks do', async () => {
  const runs: (readonly string[])[] = []
  const runProgram = async (path: string, args: readonly string[]) => {
    assert.match(path, /bench\/src\/main\.ts$/)
    runs.push(args)
    return 3
  }
  assert.equal((await play('bench --json out.json growth', { runProgram })).code, 3)
  await play('bench -- --help', { runProgram })
  assert.deepEqual(runs, [['--json', 'out.json', 'growth'], ['--help']])
})
