import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWatched, wantsColour } from './paint.ts'

test('colours follow NO_COLOR, then FORCE_COLOR, then the terminal', () => {
  assert.equal(wantsColour({}, true), true)
  assert.equal(wantsColour({}, false), false)
  assert.equal(wantsColour({ TERM: 'dumb' }, true), false)
  assert.equal(wantsColour({ NO_COLOR: '1', FORCE_COLOR: '1' }, true), false)
  assert.equal(wantsColour({ NO_COLOR: '' }, true), true, 'an empty NO_COLOR is none')
  assert.equal(wantsColour({ FORCE_COLOR: '1' }, false), true)
  assert.equal(wantsColour({ FORCE_COLOR: '0' }, true), false)
})

test('nothing moves on the screen in CI, in a dumb terminal or in a file', () => {
  assert.equal(isWatched({}, true), true)
  assert.equal(isWatched({}, false), false)
  assert.equal(isWatched({ CI: 'true' }, true), false)
  assert.equal(isWatched({ CI: 'false' }, true), true)
  assert.equal(isWatched({ TERM: 'dumb' }, true), false)
})
