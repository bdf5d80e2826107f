import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../oracle/model.ts'
import type { Facts, Row } from '../oracle/verdict.ts'
import { judgeMoment, type MomentFailure, sideOf } from './judge-moment.ts'
import type { TimedStory } from './timed-journal.ts'

/** Each way in which a restored moment can be wrong is planted once, and found as what it is. */

const MOMENT = 1_000
const ID = '00000000-0000-4000-8000-000000000001'

const made: Outcome = { class: 'acknowledged', items: [{ made: ID }], replayed: false, digest: 'a' }
const refused: Outcome = { class: 'refused', code: 'exceeds_credits', digest: 'b' }

const story = (sentMs: number, answeredMs: number | null, outcome: Outcome = made): TimedStory => ({
  story: {
    intent: {
      n: 1,
      path: '/v1/ledger/transfers',
      key: 'k1',
      body: '{}',
      items: [{ reference: 'r1', id: null, amount: 5 }],
      mayRefuse: [],
    },
    outcomes: answeredMs === null ? [] : [outcome],
  },
  sentMs,
  answeredMs,
})

const row: Row = { reference: 'r1', id: ID, amount: 5n }
const there: Facts = { rows: [row], keys: [{ key: 'k1', answered: true, status: 200 }] }
const nothing: Facts = { rows: [], keys: [] }

type Case = readonly [what: string, story: TimedStory, facts: Facts, failures: readonly MomentFailure[]]

const CASES: readonly Case[] = [
  ['acknowledged before and there', story(900, 990), there, []],
  ['sent after and not there', story(1_001, 1_010), nothing, []],
  ['sent before, answered after, and there', story(990, 1_010), there, []],
  ['sent before, answered after, and not there', story(990, 1_010), nothing, []],
  ['never answered, and there', story(990, null), there, []],
  ['refused before and not there', story(900, 990, refused), { ...there, rows: [] }, []],
  ['acknowledged before and not there', story(900, 990), { ...there, rows: [] }, ['lost']],
  ['acknowledged before, and neither it nor its key is there', story(900, 990), nothing, ['lost', 'keyless']],
  ['with another amount', story(900, 990), { ...there, rows: [{ ...row, amount: 6n }] }, ['different']],
  ['with another id', story(900, 990), { ...there, rows: [{ ...row, id: 'x' }] }, ['different']],
  ['there twice', story(900, 990), { ...there, rows: [row, row] }, ['doubled']],
  ['without its key', story(900, 990), { ...there, keys: [] }, ['keyless']],
  [
    'with a key that is still open',
    story(900, 990),
    { ...there, keys: [{ key: 'k1', answered: false, status: null }] },
    ['keyless'],
  ],
  ['sent after and there', story(1_001, 1_010), there, ['later', 'later']],
  [
    'there and never sent',
    story(900, 990),
    { ...there, rows: [row, { ...row, reference: 'r2' }] },
    ['foreign'],
  ],
]

for (const [what, timed, facts, expected] of CASES)
  test(`${what}: ${expected.length === 0 ? 'all is well' : expected.join(' and ')}`, () => {
    const { failures } = judgeMoment([timed], facts, MOMENT)
    assert.deepEqual(
      failures.map(([failure]) => failure),
      expected,
    )
  })

test('the millisecond of the moment itself is on neither side', () => {
  assert.equal(sideOf({ sentMs: 900, answeredMs: 999 }, MOMENT), 'before')
  assert.equal(sideOf({ sentMs: 900, answeredMs: 1_000 }, MOMENT), 'between')
  assert.equal(sideOf({ sentMs: 1_000, answeredMs: 1_000 }, MOMENT), 'between')
  assert.equal(sideOf({ sentMs: 1_001, answeredMs: null }, MOMENT), 'after')
})
