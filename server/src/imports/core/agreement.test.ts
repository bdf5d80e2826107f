import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAgreement, type DifferenceKind, kindOf } from './agreement.ts'
import type { Movement } from './lines.ts'

const movement = (line: number, account: string, amount: bigint, balance: bigint): Movement => ({
  line,
  account,
  date: '1993-01-01',
  day: 8401,
  valueDate: null,
  amount,
  balance,
  category: '',
  externalId: null,
  counterAccount: { reference: 'cash', code: 1 },
  metadata: null,
  shortened: 0,
})

test('a line agrees when the balance before it plus its amount is the balance after it', () => {
  const { judge, accounts } = createAgreement(100n)
  const table: readonly (readonly [string, bigint, bigint, bigint, bigint, DifferenceKind | null])[] = [
    // account, amount, balance; stated before, difference, kind
    ['a', 1000n, 1000n, 0n, 0n, null],
    ['b', 500n, 700n, 0n, 200n, 'opening'],
    ['a', -300n, 700n, 1000n, 0n, null],
    ['a', 100n, 810n, 700n, 10n, 'rounding'],
    ['a', 0n, 810n, 810n, 0n, null],
    ['b', 200n, 900n, 700n, 0n, null],
    ['a', -10n, 799n, 810n, -1n, 'rounding'],
    ['b', 500n, 900n, 900n, -500n, 'not_counted'],
  ]
  for (const [index, [account, amount, balance, statedBefore, difference, kind]] of table.entries()) {
    const verdict = judge(movement(index + 2, account, amount, balance))
    assert.deepEqual(verdict, { first: index < 2, statedBefore, difference, kind }, `line ${index + 2}`)
  }
  assert.deepEqual(accounts.get('a'), {
    lines: 5,
    differing: 2,
    stated: 799n,
    ours: 790n,
    firstCause: { line: 5, date: '1993-01-01', difference: 10n, kind: 'rounding' },
  })
  assert.equal(accounts.get('b')?.firstCause?.line, 3)
})

test('kinds of difference are tried in their order', () => {
  const table: readonly (readonly [boolean, bigint, bigint, DifferenceKind])[] = [
    [true, 500n, 10n, 'opening'],
    [true, 500n, -500n, 'opening'],
    [false, 50n, -50n, 'rounding'],
    [false, 500n, 99n, 'rounding'],
    [false, 500n, -99n, 'rounding'],
    [false, 500n, 100n, 'gap'],
    [false, 500n, -500n, 'not_counted'],
    [false, 500n, 500n, 'counted_twice'],
    [false, 500n, -1000n, 'wrong_sign'],
    [false, -500n, 1000n, 'wrong_sign'],
    [false, 500n, 1000n, 'gap'],
  ]
  for (const [first, amount, difference, kind] of table) {
    assert.equal(kindOf({ first, amount, difference, unit: 100n }), kind, `${first} ${amount} ${difference}`)
  }
})

test('in a currency without decimals no difference is a rounding', () => {
  assert.equal(kindOf({ first: false, amount: 5n, difference: 1n, unit: 1n }), 'gap')
})

test('whatever differences are planted in whatever history, exactly those are found', () => {
  const step = fc.record({
    account: fc.integer({ min: 0, max: 4 }),
    amount: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
    planted: fc.oneof({ weight: 4, arbitrary: fc.constant(0n) }, fc.bigInt({ min: -5_000n, max: 5_000n })),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const { judge, accounts } = createAgreement(100n)
      const stated = new Map<number, bigint>()
      const sums = new Map<number, bigint>()
      const found: [number, bigint][] = []
      for (const [index, { account, amount, planted }] of steps.entries()) {
        const balance = (stated.get(account) ?? 0n) + amount + planted
        stated.set(account, balance)
        sums.set(account, (sums.get(account) ?? 0n) + amount)
        const { difference, kind } = judge(movement(index, String(account), amount, balance))
        assert.equal(kind === null, difference === 0n)
        if (kind !== null) found.push([index, difference])
      }
      const expected = steps.flatMap(({ planted }, index) => (planted === 0n ? [] : [[index, planted]]))
      assert.deepEqual(found, expected)
      for (const [account, state] of accounts) {
        assert.equal(state.stated, stated.get(Number(account)))
        assert.equal(state.ours, sums.get(Number(account)))
      }
    }),
    { numRuns: 300 },
  )
})
