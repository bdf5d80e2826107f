import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { REPOSITORY, readHouse, show } from '../architecture/house.ts'
import { tidiness } from '../architecture/laws.ts'

const house = readHouse(REPOSITORY)

describe('the house is tidy', () => {
  for (const [name, law] of Object.entries(tidiness))
    test(`by the law of ${name}`, () => {
      assert.deepEqual(law(house).map(show), [])
    })
})
