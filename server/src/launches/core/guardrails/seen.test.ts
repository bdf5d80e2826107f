import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { NOBODY, OpenSeen } from './seen.ts'

describe('who was seen in the hour', () => {
  test('is first once, also when the sketch was written down in between', () => {
    const seen = new OpenSeen(NOBODY)
    assert.equal(seen.isFirst(10, 'a'), true)
    assert.equal(seen.isFirst(10, 'a'), false)
    const again = new OpenSeen(seen.close())
    assert.equal(again.isFirst(10, 'a'), false)
    assert.equal(again.isFirst(10, 'b'), true)
    assert.equal(again.isFirst(11, 'a'), true)
  })

  test('loses few of many: names that are much alike share no more bits than others', () => {
    const seen = new OpenSeen(NOBODY)
    let first = 0
    for (let each = 0; each < 2_000; each++) {
      if (seen.isFirst(500_000, `a cus_${each}`)) first++
      if (seen.isFirst(500_000, `s cus_${each}`)) first++
    }
    // 4,000 in 32,768 bits: about 6 % share a bit by chance.
    assert.ok(first > 3_680, `${first}`)
  })
})
