import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMigrations } from '../migrate/files.ts'
import { parseSessionName, sessionName } from './session-name.ts'

test('a session says the newest migration that its process knows', () => {
  const newest = readMigrations().at(-1)?.number
  assert.equal(sessionName(), `evenkeel ${newest} ${process.pid}`)
  assert.deepEqual(parseSessionName(sessionName()), { newestMigration: newest, pid: process.pid })
})

test('a session of a release from before that is known by its process alone', () => {
  assert.deepEqual(parseSessionName('evenkeel 4711'), { newestMigration: null, pid: 4711 })
})

test('sessions of others are nobody’s', () => {
  for (const name of ['', 'evenkeel setup', 'evenkeel start', 'psql', 'evenkeel 1 2 3', 'my evenkeel 1 2'])
    assert.equal(parseSessionName(name), null, name)
})
