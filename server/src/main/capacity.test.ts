import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { capacityIn } from './capacity.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-capacity-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const held = (report: unknown) => {
  writeFileSync(join(folder, 'bench.json'), typeof report === 'string' ? report : JSON.stringify(report))
  return capacityIn(folder)()
}

const MACHINE = { started: '2026-11-18T10:00:00.000Z' }

test('what was held is the best of the payments that customers make, with the day of the measurement', async () => {
  assert.deepEqual(
    await held({
      machine: MACHINE,
      payments_64: { per_second: 1_100.5 },
      payments_256: { per_second: 1_240.6 },
    }),
    { perSecond: 1_240.6, measuredAt: 1_794_996_000 },
  )
})

test('without a report, or with one that says nothing of payments or of its day, nothing is known', async () => {
  assert.equal(await capacityIn(join(folder, 'none'))(), null)
  assert.equal(await held('{'), null)
  assert.equal(await held(null), null)
  assert.equal(await held({ machine: MACHINE }), null)
  assert.equal(await held({ payments_64: { per_second: 5 } }), null)
  assert.equal(await held({ machine: MACHINE, payments_64: { per_second: 'fast' } }), null)
})
