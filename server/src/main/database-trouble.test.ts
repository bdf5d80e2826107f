import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault, SetupProblem } from '../kit/index.ts'
import { createFaultOf, tellingOperator, toldToOperator } from './database-trouble.ts'

const databaseError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code, severity: 'ERROR' })

const DAMAGED = databaseError('XX001', 'invalid page in block 3 of relation "base/5/16385"')
const FULL = databaseError('53100', 'could not extend file "base/5/16385": No space left on device')

/** What is answered, and what is logged beside it. */
const answered = (error: unknown) => {
  const logged: unknown[] = []
  const fault = createFaultOf({ error: (...line: unknown[]) => void logged.push(line) })(error)
  return { fault, logged: JSON.stringify(logged) }
}

describe('an error of the database that ends a request', () => {
  const table: readonly (readonly [what: string, error: Error, code: string | null, retryAfterS: number])[] =
    [
      ['a damaged page', DAMAGED, 'database_damaged', 60],
      ['an index that contradicts its table', databaseError('XX002', 'x'), 'database_damaged', 60],
      ['a full disk', FULL, 'database_full', 5],
      [
        'a connection that was lost',
        databaseError('57P01', 'terminating connection'),
        'database_unavailable',
        1,
      ],
      ['a mistake in a statement', databaseError('42601', 'syntax error'), null, 0],
      ['a bug', new TypeError('x is undefined'), null, 0],
    ]
  for (const [what, error, code, retryAfterS] of table) {
    test(`${what} is ${code ?? 'a bug'}`, () => {
      const { fault } = answered(error)
      assert.deepEqual([fault?.code ?? null, fault?.retryAfterS ?? 0], [code, retryAfterS])
    })
  }

  test('that is damage is told in the log with its place, and to the client without', () => {
    const { fault, logged } = answered(DAMAGED)
    assert.match(logged, /invalid page in block 3/)
    assert.match(logged, /docs\/runbooks\/damaged-page\.md/)
    assert.doesNotMatch(fault?.message ?? '', /block|relation|base\//)
  })

  test('is looked through where somebody made a fault of it already', () => {
    const away = (cause: Error): Fault =>
      new Fault('away', { kind: 'unavailable', code: 'database_unavailable', retryAfterS: 1, cause })
    assert.equal(answered(away(DAMAGED)).fault?.code, 'database_damaged')
    assert.equal(answered(away(FULL)).fault?.code, 'database_full')
    const lost = away(databaseError('57P01', 'terminating connection'))
    assert.equal(answered(lost).fault, lost)
    const busy = new Fault('busy', { kind: 'exhausted', code: 'queue_full', retryAfterS: 1 })
    assert.equal(answered(busy).fault, busy)
  })
})

describe('somebody at a terminal', () => {
  test('hears which page is damaged, and what to do', async () => {
    await assert.rejects(
      tellingOperator(() => Promise.reject(DAMAGED)),
      (error: unknown) =>
        error instanceof SetupProblem &&
        /invalid page in block 3/.test(error.message) &&
        /restore a backup into a new one/.test(error.fix),
    )
  })

  test('hears that the disk is full', () => {
    const told = toldToOperator(FULL)
    assert.ok(told instanceof SetupProblem)
    assert.match(told.message, /The disk of the database is full/)
  })

  test('hears of every other error as it is', () => {
    const bug = new TypeError('x is undefined')
    assert.equal(toldToOperator(bug), bug)
  })
})
