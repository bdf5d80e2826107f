import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeRail } from '../../test/support/fake-rail.ts'
import { railNames } from './door.ts'

test('books take the rails of their own kind only, in their order', () => {
  const rails = [createFakeRail('card'), createFakeRail('bank'), createFakeRail('express')].map(({ rail }) =>
    rail.name === 'bank' ? { ...rail, isLive: true } : rail,
  )
  assert.deepEqual(railNames(rails, 'test'), ['card', 'express'])
  assert.deepEqual(railNames(rails, 'live'), ['bank'])
  assert.deepEqual(railNames(rails.slice(0, 1), 'live'), [])
})
