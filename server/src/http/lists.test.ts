import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { boundsOf, listObject, readPage } from './lists.ts'

describe('pages', () => {
  it('hold ten objects from the start where nothing is said', () => {
    assert.deepEqual(readPage({}), { limit: 10, cursor: null, direction: 'forward' })
    assert.deepEqual(readPage({ limit: 3, starting_after: 'a' }), {
      limit: 3,
      cursor: 'a',
      direction: 'forward',
    })
    assert.deepEqual(readPage({ ending_before: 'b' }), { limit: 10, cursor: 'b', direction: 'backward' })
  })

  it('say by one row too many that there are more', () => {
    const page = readPage({ limit: 2 })
    assert.deepEqual(listObject('/v1/x', page, [1, 2, 3], String), {
      object: 'list',
      data: ['1', '2'],
      has_more: true,
      url: '/v1/x',
    })
    assert.deepEqual(listObject('/v1/x', page, [1, 2], String).has_more, false)
    assert.deepEqual(listObject('/v1/x', page, [], String).data, [])
  })

  it('before a cursor are read away from it and shown in the list’s order', () => {
    const page = readPage({ limit: 2, ending_before: '4' })
    assert.deepEqual(listObject('/v1/x', page, [3, 2, 1], String), {
      object: 'list',
      data: ['2', '3'],
      has_more: true,
      url: '/v1/x',
    })
  })
})

describe('ranges of seconds', () => {
  const cases = [
    [undefined, null, null],
    [5, 5, 6],
    [{}, null, null],
    [{ gte: 5 }, 5, null],
    [{ gt: 5 }, 6, null],
    [{ lt: 5 }, null, 5],
    [{ lte: 5 }, null, 6],
    [{ gt: 5, gte: 9, lt: 20, lte: 12 }, 9, 13],
  ] as const
  for (const [range, from, before] of cases) {
    it(`read ${JSON.stringify(range)}`, () => assert.deepEqual(boundsOf(range), { from, before }))
  }
})
