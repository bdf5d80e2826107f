import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PrimaryAway } from './primary-away.ts'
import { Session } from './session.ts'
import { classifyError } from './sqlstate.ts'

test('an error of a session that nobody listens to yet ends no process', () => {
  const session = new Session({ connectionString: 'postgresql://a:b@127.0.0.1:1/pay' })
  assert.equal(session.emit('error', new Error('the connection was lost')), true)
})

test('no machine that answers is told at once, with each of them, as something that may pass', async () => {
  const url = 'postgresql://a:b@127.0.0.1:1,127.0.0.1:2/pay'
  for (const _ of ['asked', 'remembered for a moment']) {
    await assert.rejects(new Session({ connectionString: url }).connect(), (error: Error) => {
      assert.match(
        error.message,
        /no primary: 127\.0\.0\.1:1 does not answer .*; 127\.0\.0\.1:2 does not answer/,
      )
      assert.match((error as PrimaryAway).fix, /See that PostgreSQL runs there/)
      return classifyError(error) === 'transient'
    })
  }
})

test('whoever is refused for the sake of a note is told where it stands', () => {
  const why = 'one:5432 is a primary that was replaced: it writes timeline 1, and there is a later one, 2'
  assert.match(new PrimaryAway([why], '/data/note.json').fix, /on purpose, .* remove \/data\/note\.json/)
  assert.doesNotMatch(new PrimaryAway([why], null).fix, /remove/)
  assert.doesNotMatch(new PrimaryAway(['one:5432 is a standby'], '/data/note.json').fix, /remove/)
})
