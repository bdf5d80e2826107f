import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play, type Stage } from '../../test/stage.ts'
import type { Check, VerifyReport } from '../platform.ts'

const GOOD: Check = {
  name: 'entries',
  proved: 'Every balance is the sum of its entries.',
  rows: 10_000,
  ok: true,
  findings: [],
  findingsCount: 0,
  notes: ['a lease is long over'],
}
const BAD: Check = {
  ...GOOD,
  ok: false,
  findings: [{ tenant: 2, what: 'a balance is not the sum', details: { account: 'la_1', stored: '7' } }],
  findingsCount: 22,
  notes: [],
}
const report = (checks: readonly Check[]): VerifyReport => ({
  ok: checks.every(({ ok }) => ok),
  tenants: [{ tenant: 2, accounts: 800, transfers: 32_869, holdsOpen: 0 }],
  checks,
  rows: 32_869,
  seconds: 3,
})

const verifying = (checks: readonly Check[], asked: unknown[] = []) => ({
  platform: {
    verify: async (options: unknown) => {
      asked.push(options)
      return report(checks)
    },
  },
})

describe('verify', () => {
  test('says what it proved, over how many rows, and ends with 0', async () => {
    const { code, answer } = await play('verify', verifying([GOOD]))
    assert.equal(code, 0)
    assert.match(
      answer,
      /^✔ Every balance is the sum of its entries\. Over 10,000 rows\.\n {4}note: a lease is long over$/m,
    )
    assert.match(
      answer,
      /^The books are proven: 1 check over 800 accounts and 32,869 transfers of sandbox, in 3\.0 s\.$/m,
    )
  })

  test('ends with 1 when something does not hold, and names it', async () => {
    const { code, answer } = await play('verify', verifying([GOOD, BAD]))
    assert.equal(code, 1)
    assert.match(
      answer,
      /^✖ entries: 22 findings\. Over 10,000 rows\.\n {4}what should be: Every balance is the sum of its entries\.\n {4}sandbox: a balance is not the sum \(account la_1, stored 7\)\n {4}and 21 more$/m,
    )
    assert.match(answer, /^NOT PROVEN: 1 of 2 checks failed/m)
  })

  test('looks at one tenant when it is named, and refuses an unknown one', async () => {
    const asked: unknown[] = []
    await play('verify --tenant live', verifying([GOOD], asked))
    assert.deepEqual(asked, [{ tenants: [1] }])
    const unknown = await play('verify --tenant nobody', verifying([GOOD], asked))
    assert.equal(unknown.code, 2)
    assert.match(unknown.said, /There is no tenant "nobody"/)
    assert.equal(asked.length, 1)
  })

  test('prints the report as JSON', async () => {
    const { code, answer } = await play('verify --json', verifying([BAD]))
    assert.equal(code, 1)
    assert.deepEqual(JSON.parse(answer), report([BAD]))
  })
})

describe('verify --audit', () => {
  const proving = (checks: readonly Check[], asked: unknown[] = []): Stage => ({
    platform: {
      audit: {
        verify: async (options) => {
          asked.push(options)
          return { ok: checks.every(({ ok }) => ok), tenants: [], checks, rows: 57, seconds: 0.2 }
        },
        publicKey: () => ({ id: '', publicKey: '' }),
        rotateKey: async () => ({ before: null, after: '' }),
      },
    },
  })

  test('proves the log against heads that are kept elsewhere', async () => {
    const asked: unknown[] = []
    const { code, answer } = await play('verify --audit --anchors /e --public-key K', proving([GOOD], asked))
    assert.equal(code, 0)
    assert.match(answer, /^The audit log is proven: 57 entries, in 0\.2 s\.$/m)
    assert.deepEqual(asked, [{ folder: '/e', publicKey: 'K' }])
  })

  test('ends with 1 and names the entry when something was rewritten', async () => {
    const bad = { ...BAD, findings: [{ tenant: 2, what: 'it stands twice', details: { position: '5' } }] }
    const { code, answer } = await play('verify --audit', proving([bad]))
    assert.equal(code, 1)
    assert.match(answer, /sandbox: it stands twice \(position 5\)/)
    assert.match(answer, /^NOT PROVEN: 57 entries/m)
  })

  test('refuses options that would be passed over', async () => {
    assert.equal((await play('verify --anchors /e', proving([GOOD]))).code, 2)
    assert.equal((await play('verify --audit --tenant live', proving([GOOD]))).code, 2)
  })
})
