import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { InOrder } from './in-order.ts'

const row = (id: string, objectId: string | null) => ({ id, objectId })
const takeAll = (queue: InOrder<ReturnType<typeof row>>): string[] => {
  const ids: string[] = []
  for (let next = queue.take(); next !== undefined; next = queue.take()) ids.push(next.id)
  return ids
}

test('of one object only one is under way; others do not wait for it', () => {
  const queue = new InOrder<ReturnType<typeof row>>()
  queue.add([
    row('a1', 'a'),
    row('a2', 'a'),
    row('b1', 'b'),
    row('n1', null),
    row('n2', null),
    row('a3', 'a'),
  ])
  assert.deepEqual(takeAll(queue), ['a1', 'b1', 'n1', 'n2'])
  assert.deepEqual([queue.waiting, queue.ready], [2, false])
  queue.ended(row('a1', 'a'))
  assert.deepEqual(takeAll(queue), ['a2'])
  queue.ended(row('b1', 'b'))
  queue.ended(row('a2', 'a'))
  assert.deepEqual(takeAll(queue), ['a3'])
})

test('one that is known is not taken in again until its result is written down', () => {
  const queue = new InOrder<ReturnType<typeof row>>()
  queue.add([row('a1', 'a')])
  assert.deepEqual(takeAll(queue), ['a1'])
  queue.ended(row('a1', 'a'))
  queue.add([row('a1', 'a')])
  assert.deepEqual([takeAll(queue), queue.known], [[], ['a1']])
  queue.forget('a1')
  queue.add([row('a1', 'a')])
  assert.deepEqual(takeAll(queue), ['a1'])
})

test('what is cleared while another is under way comes back behind it', () => {
  const queue = new InOrder<ReturnType<typeof row>>()
  queue.add([row('a1', 'a'), row('a2', 'a'), row('b1', 'b')])
  assert.equal(queue.take()?.id, 'a1')
  assert.deepEqual(
    queue
      .clear()
      .map(({ id }) => id)
      .toSorted(),
    ['a2', 'b1'],
  )
  queue.add([row('b1', 'b'), row('a2', 'a')])
  assert.deepEqual(takeAll(queue), ['b1'])
  queue.ended(row('a1', 'a'))
  assert.deepEqual(takeAll(queue), ['a2'])
})

test('whatever ends when, each goes once, and those of one object in their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 3 }), { maxLength: 40 }),
      fc.infiniteStream(fc.nat()),
      (objects, chances) => {
        const rows = objects.map((object, index) => row(String(index), object === 3 ? null : String(object)))
        const queue = new InOrder<ReturnType<typeof row>>()
        const chance = chances[Symbol.iterator]()
        const under: ReturnType<typeof row>[] = []
        const gone: ReturnType<typeof row>[] = []
        const rest = [...rows]
        for (;;) {
          queue.add(rest.splice(0, 3))
          for (let next = queue.take(); next !== undefined; next = queue.take()) {
            const about = next.objectId
            assert.ok(about === null || under.every(({ objectId }) => objectId !== about))
            under.push(next)
            gone.push(next)
          }
          if (under.length === 0 && rest.length === 0) break
          const [ended] = under.splice((chance.next().value as number) % (under.length || 1), 1)
          if (ended !== undefined) queue.ended(ended)
        }
        assert.equal(gone.length, rows.length)
        for (const object of ['0', '1', '2']) {
          const of = (list: typeof rows) =>
            list.filter(({ objectId }) => objectId === object).map(({ id }) => id)
          assert.deepEqual(of(gone), of(rows))
        }
      },
    ),
  )
})
