import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choosePrimary, isReplacedBy, type Life, whyNot } from './standing.ts'

const life = (timeline: number, system = 'a'): Life => ({ system, timeline })
const primary = (of: Life | null) => ({ isStandby: false, life: of })

test('a machine is worked with unless it is a standby, was replaced, or is of another cluster', () => {
  const alone = { newest: life(2), isOneOfSeveral: false }
  const several = { newest: life(2), isOneOfSeveral: true }
  const cases = [
    [{ isStandby: true, life: null }, alone, /is a standby/],
    [primary(life(1)), alone, /was replaced: it writes timeline 1, and there is a later one, 2/],
    [primary(life(1)), several, /was replaced/],
    [primary(life(2, 'b')), several, /another database cluster/],
    // One name may come to mean another cluster, as when a managed database changes colours.
    [primary(life(1, 'b')), alone, null],
    [primary(life(2)), several, null],
    [primary(life(3)), several, null],
    // A database that does not tell is believed.
    [primary(null), several, null],
    [primary(life(1)), { newest: null, isOneOfSeveral: true }, null],
  ] as const
  for (const [standing, known, wanted] of cases) {
    const why = whyNot(standing, known)
    if (wanted === null) assert.equal(why, null)
    else assert.match(why ?? 'nothing', wanted)
  }
})

test('a life is replaced by a later one of the same cluster only', () => {
  assert.equal(isReplacedBy(life(1), life(2)), true)
  assert.equal(isReplacedBy(life(2), life(2)), false)
  assert.equal(isReplacedBy(life(3), life(2)), false)
  assert.equal(isReplacedBy(life(1, 'b'), life(2)), false)
  assert.equal(isReplacedBy(null, life(2)), false)
})

test('of several primaries the one that was promoted last is taken, and else the first', () => {
  const [one, two, silent] = [{ life: life(1) }, { life: life(2) }, { life: null }]
  assert.equal(choosePrimary([one, two, silent]), two)
  assert.equal(choosePrimary([silent, one]), one)
  assert.equal(choosePrimary([one, { life: life(1) }]), one)
  assert.equal(choosePrimary([]), null)
})
