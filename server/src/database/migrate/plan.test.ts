import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Migration } from './files.ts'
import { type Applied, planMigrations } from './plan.ts'

const file = (number: number, sha256 = 'same'): Migration => ({
  number,
  name: `000${number}_x.sql`,
  sha256,
  sql: '',
  inTransaction: true,
})

const applied = (...numbers: readonly number[]): readonly Applied[] =>
  numbers.map((number) => ({ number, name: `000${number}_x.sql`, sha256: 'same' }))

const files = [file(1), file(2), file(3)]

test('what has not run is pending, in order', () => {
  assert.deepEqual(planMigrations(files, [], 0), { kind: 'run', pending: files })
  assert.deepEqual(planMigrations(files, applied(1), 0), { kind: 'run', pending: [file(2), file(3)] })
  assert.deepEqual(planMigrations(files, applied(1, 2, 3), 0), { kind: 'run', pending: [] })
})

test('an edited or renamed file is named', () => {
  const edited = [file(1), file(2, 'edited'), file(3)]
  assert.deepEqual(planMigrations(edited, applied(1, 2), 0), { kind: 'edited', name: '0002_x.sql' })
  const renamed = [file(1), { ...file(2), name: '0002_y.sql' }]
  assert.deepEqual(planMigrations(renamed, applied(1, 2), 0), { kind: 'edited', name: '0002_y.sql' })
})

test('an edited file that has not run yet is nobody’s business', () => {
  const edited = [file(1), file(2, 'edited')]
  assert.equal(planMigrations(edited, applied(1), 0).kind, 'run')
})

test('a file that comes in below one that has run is refused', () => {
  assert.deepEqual(planMigrations(files, applied(1, 3), 0), {
    kind: 'too_late',
    name: '0002_x.sql',
    after: '0003_x.sql',
  })
})

test('the previous release runs on a newer schema, down to its floor', () => {
  assert.deepEqual(planMigrations(files, applied(1, 2, 3, 4), 3), { kind: 'run', pending: [] })
  assert.deepEqual(planMigrations(files, applied(1, 2, 3, 4), 4), { kind: 'too_old', newest: 3, floor: 4 })
})
