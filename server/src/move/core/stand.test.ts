import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Marker } from './marker.ts'
import { nextStep, type TargetStand } from './stand.ts'

const HERE = 'postgresql://there/db'
const ELSEWHERE = 'postgresql://other/db'

const moving: Marker = { state: 'moving', id: 'a', to: HERE, begunAt: 'then', movedAt: null }
const moved: Marker = { ...moving, state: 'moved', movedAt: 'later' }

const empty: TargetStand = { kind: 'empty' }
const taken: TargetStand = { kind: 'taken', schemas: ['events'] }
const own: TargetStand = { kind: 'begun', id: 'a', isPrepared: true }
const strange: TargetStand = { kind: 'begun', id: 'b', isPrepared: true }

const CASES: readonly (readonly [Marker | null, TargetStand, string, string])[] = [
  [null, empty, HERE, 'begin'],
  [null, taken, HERE, 'refuse taken'],
  [null, strange, HERE, 'refuse another_move'],
  [moving, empty, HERE, 'begin'],
  [moving, empty, ELSEWHERE, 'refuse moving_elsewhere'],
  [moving, taken, HERE, 'refuse taken'],
  [moving, taken, ELSEWHERE, 'refuse moving_elsewhere'],
  [moving, own, HERE, 'resume'],
  // The same database under another name or login.
  [moving, own, ELSEWHERE, 'resume'],
  [moving, strange, HERE, 'refuse another_move'],
  [moved, own, HERE, 'tidy'],
  [moved, taken, HERE, 'done'],
  [moved, taken, ELSEWHERE, 'refuse moved_elsewhere'],
  [moved, empty, HERE, 'refuse moved_elsewhere'],
  [moved, strange, HERE, 'refuse another_move'],
]

for (const [marker, target, to, wanted] of CASES)
  test(`source ${marker?.state ?? '–'}, target ${target.kind} ${to === HERE ? 'here' : 'elsewhere'}: ${wanted}`, () => {
    const step = nextStep(marker, target, to)
    assert.equal(step.kind === 'refuse' ? `refuse ${step.why}` : step.kind, wanted)
  })
