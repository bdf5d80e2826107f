import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { edgesOf } from './graph.ts'
import { REPOSITORY, readHouse, show } from './house.ts'
import { architecture } from './laws.ts'
import { sourcesOf } from './source.ts'

const house = readHouse(REPOSITORY)

describe('the architecture', () => {
  test('is really read: sources, texts and imports are found', () => {
    const sources = sourcesOf(house)
    assert.ok(sources.length > 20)
    assert.ok(sources.some(({ texts }) => texts.length > 0))
    assert.ok(edgesOf(house).length > sources.length / 2)
  })

  for (const [name, law] of Object.entries(architecture))
    test(`keeps the law of ${name}`, () => {
      assert.deepEqual(law(house).map(show), [])
    })
})
