import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createPots, type Pot } from '../../../test/support/pots.ts'
import { type Counters, Draft } from './draft.ts'
import type { AppendOnly } from './table.ts'
import { Cell, WorkingSet } from './working-set.ts'

const { table } = createPots()
const list: AppendOnly<string> = { name: 'list' }
const COUNTERS: Counters = {
  newestMicros: 100n,
  accountMicros: 0n,
  transferMicros: 0n,
  transferSequence: 0n,
  eventSequence: 0n,
}

const pot = (name: string, amount: bigint): Pot => ({ name, amount, next: null })

/** `known` is loaded, `absent` was asked for and is not there, nothing else was declared. */
const draftOver = (set = new WorkingSet(), counters = COUNTERS) => {
  const cells = set.cellsOf(table)
  if (!cells.has('known')) cells.set('known', new Cell(pot('known', 1n)))
  if (!cells.has('absent')) cells.set('absent', new Cell(null))
  return new Draft({ set, counters, now: 50n, wallMs: 7, timeZone: 'UTC' })
}

describe('a draft', () => {
  test('gives rows that are there, knows those that are not, and refuses those that nobody declared', () => {
    const draft = draftOver()
    assert.deepEqual(draft.get(table, 'known'), pot('known', 1n))
    assert.equal(draft.get(table, 'absent'), undefined)
    assert.throws(() => draft.get(table, 'other'), {
      name: 'NotLoaded',
      message: 'pots other was not declared',
    })
  })

  test('tells what is new, what is another row than before, and nothing that ended as it began', () => {
    const draft = draftOver()
    const known = draft.get(table, 'known') ?? assert.fail()
    draft.put(table, 'absent', pot('absent', 1n))
    draft.put(table, 'absent', pot('absent', 2n))
    draft.put(table, 'known', pot('known', 5n))
    draft.put(table, 'known', known)
    draft.append(list, 'a')
    const written = draft.written()
    assert.deepEqual(written.inserted(table), [pot('absent', 2n)])
    assert.deepEqual(written.updated(table), [])
    assert.deepEqual(written.appended(list), ['a'])
  })

  test('tells the row before the batch with each change, however often it was changed', () => {
    const draft = draftOver()
    for (const amount of [2n, 3n, 4n]) draft.put(table, 'known', pot('known', amount))
    assert.deepEqual(draft.written().updated(table), [{ before: pot('known', 1n), after: pot('known', 4n) }])
  })

  test('on top of another one tells only its own changes, from where the other left the row', () => {
    const set = new WorkingSet()
    const first = draftOver(set)
    first.put(table, 'known', pot('known', 2n))
    first.put(table, 'absent', pot('absent', 2n))
    assert.equal(first.written().inserted(table).length, 1)
    const second = draftOver(set)
    second.put(table, 'absent', pot('absent', 3n))
    assert.deepEqual(second.written().inserted(table), [])
    assert.deepEqual(second.written().updated(table), [
      { before: pot('absent', 2n), after: pot('absent', 3n) },
    ])
  })

  test('takes back rows, lists and counters to a mark, also a mark within a mark', () => {
    const draft = draftOver()
    const outer = draft.mark()
    draft.put(table, 'known', pot('known', 2n))
    draft.append(list, 'outer')
    const time = draft.nextTime()
    const inner = draft.mark()
    draft.put(table, 'known', pot('known', 3n))
    draft.put(table, 'absent', pot('absent', 3n))
    draft.append(list, 'inner')
    draft.nextTime()
    draft.rollback(inner)
    assert.deepEqual([draft.get(table, 'known')?.amount, draft.get(table, 'absent')], [2n, undefined])
    assert.deepEqual(draft.written().appended(list), ['outer'])
    assert.equal(draft.counters.newestMicros, time)
    draft.rollback(outer)
    assert.equal(draft.get(table, 'known')?.amount, 1n)
    assert.deepEqual(draft.written().appended(list), [])
    assert.equal(draft.counters, COUNTERS)
    assert.throws(() => draft.rollback(outer), { name: 'Bug' })
  })

  test('takes the next moment: now, or a microsecond after the newest', () => {
    const draft = draftOver(undefined, { ...COUNTERS, newestMicros: 49n })
    assert.deepEqual([draft.nextTime(), draft.nextTime(), draft.nextTime()], [50n, 51n, 52n])
    assert.equal(draftOver().nextTime(), 101n)
  })

  test('after any puts, marks and rollbacks holds what a plain copy taken at the mark held', () => {
    const action = fc.oneof(
      fc.record({ put: fc.constantFrom('known', 'absent'), amount: fc.bigInt({ min: 0n, max: 9n }) }),
      fc.constant('mark' as const),
      fc.constant('rollback' as const),
    )
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        const draft = draftOver()
        const plain = new Map<string, bigint | undefined>([
          ['known', 1n],
          ['absent', undefined],
        ])
        const copies: { mark: number; copy: Map<string, bigint | undefined> }[] = []
        for (const one of actions) {
          if (one === 'mark') copies.push({ mark: draft.mark(), copy: new Map(plain) })
          else if (one === 'rollback') {
            const to = copies.pop()
            if (to === undefined) continue
            draft.rollback(to.mark)
            for (const [key, amount] of to.copy) plain.set(key, amount)
          } else {
            draft.put(table, one.put, pot(one.put, one.amount))
            plain.set(one.put, one.amount)
          }
          for (const [key, amount] of plain) assert.equal(draft.get(table, key)?.amount, amount)
        }
        const written = draft.written()
        assert.deepEqual(
          written.inserted(table).map((row) => row.amount),
          plain.get('absent') === undefined ? [] : [plain.get('absent')],
        )
      }),
    )
  })
})
