import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Marker, parseMarker } from './marker.ts'

const moving: Marker = {
  state: 'moving',
  id: 'a',
  to: 'postgresql://there/db',
  begunAt: '2026-11-23T00:00:00.000Z',
  movedAt: null,
}

test('a marker is read as it was written', () => {
  const moved: Marker = { ...moving, state: 'moved', movedAt: '2026-11-23T00:01:00.000Z' }
  for (const marker of [moving, moved]) assert.deepEqual(parseMarker(JSON.stringify(marker)), marker)
})

test('what is damaged is no marker, and no absence of one', () => {
  const damaged = ['', '{', 'null', '[]', '"moved"', JSON.stringify({ ...moving, state: 'gone' })]
  const without = (['id', 'to', 'begunAt'] as const).map((name) => JSON.stringify({ ...moving, [name]: '' }))
  const unsaid = JSON.stringify({ ...moving, state: 'moved' })
  for (const text of [...damaged, ...without, unsaid]) assert.equal(parseMarker(text), null, text)
})
