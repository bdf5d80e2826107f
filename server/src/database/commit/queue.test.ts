import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import {
  add,
  answerOf,
  createPots,
  FOR_EVER_MS,
  potsCommit,
  TENANT,
  unitOf,
} from '../../../test/support/pots.ts'
import type { TenantId } from '../../kit/index.ts'
import type { Entry } from './entry.ts'
import * as limits from './limits.ts'
import { Queue } from './queue.ts'
import type { Unit } from './unit.ts'

const entryOf = (wanted: Partial<Unit<unknown>> = {}) => {
  const refused: unknown[] = []
  const entry: Entry = {
    unit: { ...unitOf({ decide: () => null }), ...wanted },
    resolve: () => undefined,
    reject: (error) => void refused.push(error),
    deferrals: 0,
  }
  return { entry, refused }
}

const filled = (...units: readonly Partial<Unit<unknown>>[]): Queue => {
  const queue = new Queue()
  for (const unit of units) queue.add(entryOf(unit).entry)
  return queue
}

const names = (entries: readonly Entry[]): string[] => entries.map(({ unit }) => unit.name)
const many = (count: number, unit: Partial<Unit<unknown>> = {}): Partial<Unit<unknown>>[] =>
  Array.from({ length: count }, () => unit)

describe('the queue of a tenant', () => {
  test('gives what waits, in its order', () => {
    const queue = filled({ name: 'a' }, { name: 'b' }, { name: 'c' })
    assert.deepEqual(names(queue.take(0)), ['a', 'b', 'c'])
    assert.deepEqual(names(queue.take(0)), [])
  })

  test('gives no more at once than one batch holds: units, items, bytes', () => {
    const { BATCH_UNITS_MOST, BATCH_ITEMS_MOST, BATCH_BYTES_MOST, SMALL_UNIT_ITEMS_MOST } = limits
    const unitsEach = filled(...many(BATCH_UNITS_MOST + 5))
    assert.deepEqual([unitsEach.take(0).length, unitsEach.take(0).length], [BATCH_UNITS_MOST, 5])
    const fit = Math.floor(BATCH_ITEMS_MOST / SMALL_UNIT_ITEMS_MOST)
    const items = filled(...many(fit + 3, { items: SMALL_UNIT_ITEMS_MOST }))
    assert.deepEqual([items.take(0).length, items.take(0).length], [fit, 3])
    const bytes = filled(...many(5, { bytes: BATCH_BYTES_MOST / 2 }))
    assert.deepEqual([bytes.take(0).length, bytes.take(0).length, bytes.take(0).length], [2, 2, 1])
  })

  test('gives a unit that is heavier than a whole batch by itself, rather than never', () => {
    const queue = filled({ bytes: limits.BATCH_BYTES_MOST * 2, name: 'heavy' }, { name: 'light' })
    assert.deepEqual([names(queue.take(0)), names(queue.take(0))], [['heavy'], ['light']])
  })

  test('lets a unit of many items share its batch with nobody, and takes turns with the small ones', () => {
    const large = { items: limits.SMALL_UNIT_ITEMS_MOST + 1 }
    const queue = filled({ name: 's1' }, { ...large, name: 'L1' }, { ...large, name: 'L2' }, { name: 's2' })
    assert.deepEqual(names(queue.take(0)), ['s1', 's2'])
    queue.add(entryOf({ name: 's3' }).entry)
    assert.deepEqual(
      [names(queue.take(0)), names(queue.take(0)), names(queue.take(0))],
      [['L1'], ['s3'], ['L2']],
    )
  })

  test('puts units back in front of everybody, in their order', () => {
    const queue = filled({ name: 'a' }, { name: 'b' }, { name: 'c' })
    const taken = queue.take(0)
    queue.add(entryOf({ name: 'd' }).entry)
    queue.putBack(taken.slice(1))
    assert.deepEqual(names(queue.take(0)), ['b', 'c', 'd'])
  })

  test('is full at its number of units, and the next one is told 429 and that nothing was done', () => {
    const queue = filled(...many(limits.WAITING_UNITS_MOST))
    assert.throws(() => queue.add(entryOf().entry), {
      name: 'Fault',
      kind: 'exhausted',
      code: 'queue_full',
      retryAfterS: 1,
      message: /Nothing was done. It is safe to retry with the same Idempotency-Key/,
    })
    queue.take(0)
    queue.add(entryOf().entry)
  })

  test('is full at its weight, and what was taken weighs no more', () => {
    const queue = filled({ bytes: limits.WAITING_BYTES_MOST })
    assert.throws(() => queue.add(entryOf({ bytes: 1 }).entry), { code: 'queue_full' })
    const taken = queue.take(0)
    queue.add(entryOf({ bytes: 1 }).entry)
    queue.putBack(taken)
    assert.throws(() => queue.add(entryOf({ bytes: 1 }).entry), { code: 'queue_full' })
  })

  test('tells a unit whose deadline has passed 503 and that nothing was done, and gives the others', () => {
    const queue = new Queue()
    const late = entryOf({ deadlineMs: 100 })
    queue.add(late.entry)
    queue.add(entryOf({ deadlineMs: 101, name: 'in time' }).entry)
    assert.deepEqual(names(queue.take(100)), ['in time'])
    const [fault] = late.refused as Error[]
    assert.match(
      fault?.message ?? '',
      /deadline passed .* Nothing was done. It is safe to retry with the same Idempotency-Key/,
    )
    assert.deepEqual(
      { ...fault },
      { name: 'Fault', kind: 'unavailable', code: 'deadline_passed', retryAfterS: 1 },
    )
  })
})

describe('the commit', () => {
  const world = (nowMs = () => 0) => {
    const database = new FakeDatabase()
    const pots = createPots()
    return {
      database,
      pots,
      commit: potsCommit(pots, { connections: database.connections(), clock: { now: nowMs } }),
    }
  }

  test('gathers what arrives together and what arrives while it writes', async () => {
    const { database, pots, commit } = world()
    const seen: number[] = []
    commit.observe(({ units }) => void seen.push(units))
    const first = [1, 2, 3].map(() => commit.submit(add(pots, 'a', 1n)))
    await new Promise((resolve) => setImmediate(resolve))
    const second = [1, 2].map(() => commit.submit(add(pots, 'a', 1n)))
    assert.equal(commit.waiting(), 5)
    await Promise.all([...first, ...second])
    assert.equal(commit.waiting(), 0)
    assert.deepEqual(seen, [3, 2])
    assert.equal(database.headOf(TENANT).batch, 2n)
  })

  test('drains: what was submitted is answered, what comes later is told 503', async () => {
    const { pots, commit, database } = world()
    const waiting = [1, 2, 3].map(() => answerOf(commit.submit(add(pots, 'a', 1n))))
    const drained = commit.drain()
    await assert.rejects(commit.submit(add(pots, 'a', 1n)), {
      code: 'server_stopping',
      kind: 'unavailable',
      message: /safe to retry/,
    })
    await drained
    assert.equal(database.row(TENANT, 'a')?.[1], 3n)
    assert.deepEqual(await Promise.all(waiting), [1n, 2n, 3n])
    await commit.drain()
  })

  test('tells a unit that is late, and does the others of its batch', async () => {
    const { pots, commit, database } = world(() => 1_000)
    const late = commit.submit(add(pots, 'a', 1n, { deadlineMs: 1_000 }))
    const fine = commit.submit(add(pots, 'a', 2n, { deadlineMs: FOR_EVER_MS }))
    await assert.rejects(late, { code: 'deadline_passed' })
    await fine
    assert.equal(database.row(TENANT, 'a')?.[1], 2n)
  })

  test('lets no tenant wait for another one’s long line', async () => {
    const { pots, commit, database } = world()
    const long = Array.from({ length: 50 }, () => commit.submit(add(pots, 'a', 1n, { items: 1_000 })))
    await commit.submit(add(pots, 'a', 1n, { tenant: 2 as TenantId }))
    assert.ok(database.headOf(TENANT).batch < 10n, `${database.headOf(TENANT).batch} batches came first`)
    await Promise.all(long)
  })

  test('takes no unit of more rounds than a batch has', () => {
    const { commit } = world()
    const reads = [() => undefined, () => undefined, () => undefined, () => undefined]
    assert.throws(() => commit.submit(unitOf({ reads, decide: () => null })), { name: 'Bug' })
  })
})
