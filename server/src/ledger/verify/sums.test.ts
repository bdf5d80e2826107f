import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Accounts } from './accounts.ts'
import { BookDays } from './book-days.ts'
import { Fingerprint, type FingerprintKey, type HoldFacts } from './fingerprint.ts'

const bigint64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const small = fc.bigInt({ min: 0n, max: 9n })

describe('the fingerprint of a set of holds', () => {
  const key = fc.tuple(word, word)
  const facts: fc.Arbitrary<HoldFacts> = fc.record({
    debit: fc.nat(3),
    credit: fc.nat(3),
    ledger: fc.nat(3),
    state: fc.nat(3),
    amount: small,
    expires: fc.oneof(small, bigint64),
    resolvedBy: small,
  })
  const hold = fc.record({ id: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }), facts })
  type Hold = { readonly id: readonly number[]; readonly facts: HoldFacts }

  const of = (seed: FingerprintKey, holds: readonly Hold[]): Fingerprint => {
    const made = new Fingerprint(seed)
    for (const { id, facts: its } of holds) made.add((index) => id[index] ?? 0, its)
    return made
  }
  const show = ({ id, facts: its }: Hold): string => `${id.join()} ${Object.values(its).join()}`

  test('does not depend on the order', () => {
    fc.assert(
      fc.property(key, fc.array(hold), (seed, holds) => {
        assert.ok(of(seed, holds).equals(of(seed, holds.toReversed())))
      }),
    )
  })

  test('tells any two different sets apart', () => {
    fc.assert(
      fc.property(key, fc.array(hold), fc.array(hold), (seed, one, other) => {
        const same = one.map(show).sort().join('|') === other.map(show).sort().join('|')
        assert.equal(of(seed, one).equals(of(seed, other)), same)
      }),
    )
  })

  test('sees that two holds have swapped one of their fields', () => {
    fc.assert(
      fc.property(key, hold, hold, (seed, one, other) => {
        fc.pre(one.facts.amount !== other.facts.amount)
        const swapped = [
          { ...one, facts: { ...one.facts, amount: other.facts.amount } },
          { ...other, facts: { ...other.facts, amount: one.facts.amount } },
        ]
        const same = [one, other].map(show).sort().join('|') === swapped.map(show).sort().join('|')
        assert.equal(of(seed, [one, other]).equals(of(seed, swapped)), same)
      }),
    )
  })
})

describe('the totals by book date', () => {
  const posting = fc.record({
    account: fc.nat(2),
    lane: fc.nat(1),
    date: fc.integer({ min: -5, max: 5 }),
    amount: small,
  })
  const weights = (seed: bigint): (() => bigint) => {
    let state = seed
    return () => {
      state = BigInt.asIntN(64, state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n)
      return state
    }
  }

  test('leave nothing when all days agree, and name each account on whose days something is off', () => {
    fc.assert(
      fc.property(
        bigint64,
        fc.array(posting),
        fc.array(posting, { maxLength: 3 }),
        (seed, postings, errors) => {
          const days = new BookDays(new Accounts(0, 3), weights(seed))
          const left = new Map<string, bigint>()
          for (const { account, lane, date, amount } of postings) days.add(account, lane, date, amount)
          for (const { account, lane, date, amount } of postings.toReversed()) {
            days.subtract(account, date, lane === 0 ? amount : 0n, lane === 1 ? amount : 0n)
          }
          for (const { account, lane, date, amount } of errors) {
            days.add(account, lane, date, amount)
            const at = `${account} ${lane} ${date}`
            left.set(at, (left.get(at) ?? 0n) + amount)
          }
          const wrong = [...left]
            .filter(([, amount]) => amount !== 0n)
            .map(([at]) => Number(at.slice(0, at.indexOf(' '))))
          assert.deepEqual([...days.differing()], [...new Set(wrong)].sort())
        },
      ),
    )
  })

  test('have room for every date of a long history', () => {
    const days = new BookDays(new Accounts(0, 1), weights(1n))
    const dates = Array.from({ length: 5_000 }, (_, date) => date)
    for (const date of dates) days.add(0, 0, date, 3n)
    for (const date of dates) days.subtract(0, date, 3n, 0n)
    assert.deepEqual([...days.differing()], [])
    days.subtract(0, 4_999, 1n, 0n)
    assert.deepEqual([...days.differing()], [0])
  })
})
