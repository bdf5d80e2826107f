import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { IdIndex } from './id-index.ts'
import { idAt } from './shown.ts'

const BYTES = 16

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, BYTES)

/** Few different ids, most of them alike, so that they meet. */
const ids = fc.uint8Array({ minLength: BYTES, maxLength: BYTES, max: 2 })
const steps = fc.array(fc.record({ id: ids, removes: fc.boolean() }), { maxLength: 300 })

test('the index finds what was added and not removed, whatever came in between', () => {
  fc.assert(
    fc.property(fc.integer(), steps, (seed, history) => {
      const index = new IdIndex(seed, 0)
      const model = new Map<string, number>()
      for (const { id, removes } of history) {
        const view = viewOf(id)
        const name = idAt(view, 0)
        const known = model.get(name)
        assert.equal(index.find(view, 0), known ?? -1)
        if (known !== undefined && removes) {
          index.remove(known)
          model.delete(name)
        } else if (known === undefined) {
          const number = index.add(view, 0)
          assert.ok(![...model.values()].includes(number))
          assert.equal(index.idOf(number), name)
          model.set(name, number)
        } else {
          assert.equal(index.add(view, 0), -1)
        }
      }
      assert.equal(index.size, model.size)
      assert.deepEqual([...index.numbers()].sort(), [...model.values()].sort())
    }),
  )
})

test('the index grows past what was expected and keeps its numbers', () => {
  const index = new IdIndex(7, 0)
  const view = new DataView(new ArrayBuffer(BYTES))
  const count = 5_000
  for (let number = 0; number < count; number += 1) {
    view.setInt32(12, number)
    assert.equal(index.add(view, 0), number)
  }
  for (let number = 0; number < count; number += 1) {
    view.setInt32(12, number)
    assert.equal(index.find(view, 0), number)
  }
  assert.ok(index.capacity >= count)
})

test('removing closes the gap for those that were pushed on', () => {
  const index = new IdIndex(1, 0)
  const view = new DataView(new ArrayBuffer(BYTES))
  const count = 1_000
  const add = (number: number): number => {
    view.setInt32(0, number)
    return index.add(view, 0)
  }
  const numbers = Array.from({ length: count }, (_, number) => add(number))
  for (let number = 0; number < count; number += 2) index.remove(numbers[number] ?? 0)
  for (let number = 0; number < count; number += 1) {
    view.setInt32(0, number)
    assert.equal(index.find(view, 0), number % 2 === 0 ? -1 : numbers[number])
  }
})
