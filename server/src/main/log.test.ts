import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownError } from './log.ts'

test('of an error of PostgreSQL the log says what and where, and quotes no row', () => {
  const error = Object.assign(
    new Error('new row violates check constraint "c"', { cause: new Error('why') }),
    {
      code: '23514',
      table: 'tenants',
      constraint: 'c',
      detail: 'Failing row contains (a secret).',
      where: 'SQL statement with a secret',
      parameters: ['a secret'],
    },
  )
  const shown = JSON.stringify(shownError(error))
  assert.doesNotMatch(shown, /a secret/)
  for (const kept of ['23514', 'tenants', 'new row violates', 'log.test.ts', 'why'])
    assert.ok(shown.includes(kept), kept)
  assert.deepEqual(shownError('a text'), { message: 'a text' })
})
