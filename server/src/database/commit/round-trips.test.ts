import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { account, id, transfer } from '../../../test/support/commands.ts'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import {
  add,
  createPots,
  FOR_EVER_MS,
  type Pots,
  potsCommit,
  TENANT,
  unitOf,
} from '../../../test/support/pots.ts'
import { newUuid } from '../../kit/index.ts'
import { createAccountsUnit, createTransfersUnit, type Request, writeLedger } from '../../ledger/index.ts'
import type { Commit } from './commit.ts'
import { emit } from './events.ts'
import { setTimer } from './timers.ts'
import type { Claim, Unit } from './unit.ts'

const SIZES = [1, 2, 7, 100, 2_000] as const

const claimOf = (key: string): Claim => ({
  scope: '',
  key,
  digest: Buffer.alloc(32),
  phase: 'whole',
  worker: null,
})

/** One of everything that a unit can be: with a key or without, refused, throwing, with events and timers. */
const mixed = (pots: Pots, index: number): Unit<bigint> => {
  const base = add(pots, `pot ${index % 50}`, 1n, index % 2 === 0 ? { claim: claimOf(`key ${index}`) } : {})
  return {
    ...base,
    decide: (draft) => {
      if (index % 11 === 5) throw new Error('this one cannot be decided')
      emit(draft, { type: 'pot.filled', data: { index }, requestId: null, idempotencyKey: null })
      const dueMicros = index % 3 === 0 ? null : 5n
      setTimer(draft, { kind: 'pot', subject: newUuid(index), dueMicros })
      return base.decide(draft)
    },
  }
}

const submitAll = async (commit: Commit, units: readonly Unit<unknown>[]): Promise<void> => {
  await Promise.allSettled(units.map((unit) => commit.submit(unit)))
}

const counted = async (database: FakeDatabase, work: () => Promise<void>) => {
  const from = { roundTrips: database.roundTrips, statements: database.statements.length }
  await work()
  return {
    roundTrips: database.roundTrips - from.roundTrips,
    names: database.statements.slice(from.statements),
  }
}

describe('round trips', () => {
  for (const size of SIZES) {
    test(`a batch of ${size} units of all sorts takes two: one to lock and read, one to write and commit`, async () => {
      const database = new FakeDatabase()
      const pots = createPots()
      const commit = potsCommit(pots, { connections: database.connections() })
      const units = Array.from({ length: size }, (_, index) => mixed(pots, index))
      const { roundTrips, names } = await counted(database, () => submitAll(commit, units))
      assert.equal(roundTrips, 2)
      assert.equal(names.length, new Set(names).size, `no statement comes twice: ${names.join(' ')}`)
      assert.equal(names.filter((name) => name === 'commit').length, 1)
    })

    test(`${size} units that read in three rounds take two more`, async () => {
      const database = new FakeDatabase()
      const pots = createPots(0)
      const commit = potsCommit(pots, { connections: database.connections() })
      const { table } = pots
      for (const [name, next] of [
        ['a', 'b'],
        ['b', 'c'],
        ['c', null],
      ] as const)
        database.rows.set(`${TENANT} ${name}`, [name, 1n, next])
      const units = Array.from({ length: size }, () =>
        unitOf({
          reads: [
            (declare) => declare(table, 'a'),
            (declare, found) => declare(table, found(table, 'a')?.next ?? ''),
            (declare, found) => declare(table, found(table, 'b')?.next ?? ''),
          ],
          decide: (draft) =>
            draft.put(table, 'c', {
              name: 'c',
              amount: (draft.get(table, 'c')?.amount ?? 0n) + 1n,
              next: null,
            }),
        }),
      )
      const { roundTrips } = await counted(database, () => submitAll(commit, units))
      assert.equal(roundTrips, 4)
      assert.equal(database.row(TENANT, 'c')?.[1], 1n + BigInt(size))
    })
  }

  test('batches that follow one another take one each: the next is read and locked along with the commit', async () => {
    const database = new FakeDatabase()
    const pots = createPots()
    const commit = potsCommit(pots, { connections: database.connections() })
    const units = Array.from({ length: 20 }, () => add(pots, 'pot', 1n, { items: 1_000 }))
    const { roundTrips, names } = await counted(database, () => submitAll(commit, units))
    assert.equal(names.filter((name) => name === 'commit').length, 20)
    assert.equal(roundTrips, 21)
  })

  test('a batch that changes nothing is not committed, and its lock is given back', async () => {
    const database = new FakeDatabase()
    const pots = createPots()
    const commit = potsCommit(pots, { connections: database.connections() })
    const look = unitOf({
      reads: [(declare) => declare(pots.table, 'pot')],
      decide: (draft) => draft.get(pots.table, 'pot'),
    })
    const { names } = await counted(database, () => submitAll(commit, [look, look, look]))
    assert.deepEqual(names, ['begin', 'set_tenant', 'head_lock', 'clock_read', 'pots_load', 'rollback'])
    assert.equal(database.headOf(TENANT).batch, 0n)
  })

  test('the ledger’s units take as few, however many transfers of whatever sort there are', async () => {
    const request: Request<unknown> = {
      tenant: TENANT,
      bytes: 0,
      deadlineMs: FOR_EVER_MS,
      claim: null,
      reply: null,
    }
    const namesBySize = new Map<number, number>()
    for (const size of [3, 30, 2_000]) {
      const database = new FakeDatabase()
      const commit = potsCommit(createPots(), { connections: database.connections(), writers: [writeLedger] })
      const accounts = Array.from({ length: 100 }, (_, index) =>
        account({ id: id(index + 1), currency: 'EUR' }),
      )
      await commit.submit(createAccountsUnit(request, accounts))
      const units = Array.from({ length: size }, (_, index) => {
        const sides = { debit: id(1 + (index % 100)), credit: id(1 + ((index + 1) % 100)) }
        const flags = index % 3 === 0 ? (['pending'] as const) : []
        const known = transfer({
          id: id(1_000 + index),
          ...sides,
          flags,
          timeoutS: index % 3 === 0 ? 60 : 0,
          bookDay: 20_000 + (index % 9),
        })
        return createTransfersUnit(
          request,
          index % 7 === 0 ? [known, transfer({ id: id(9_000_000 + index), debit: id(99_999) })] : [known],
        )
      })
      const { roundTrips, names } = await counted(database, () => submitAll(commit, units))
      assert.equal(roundTrips, 2)
      namesBySize.set(size, names.length)
    }
    assert.equal(new Set(namesBySize.values()).size, 1, 'as many statements for 2,000 as for 3')
  })
})
