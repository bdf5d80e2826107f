import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Intent, Outcome, Story } from './model.ts'
import { FAILURES, type Facts, type Failure, judge } from './verdict.ts'

/** Each way in which a run can fail is planted once, and found as what it is. */

const ID = '00000000-0000-4000-8000-000000000001'
const OTHER_ID = '00000000-0000-4000-8000-000000000002'

const intent = (n: number, more: Partial<Intent> = {}): Intent => ({
  n,
  path: '/v1/ledger/transfers',
  key: `k${n}`,
  body: `{"n":${n}}`,
  items: [{ reference: `r${n}`, id: null, amount: 5 }],
  mayRefuse: [],
  ...more,
})

const made = (more: Partial<Extract<Outcome, { class: 'acknowledged' }>> = {}): Outcome => ({
  class: 'acknowledged',
  items: [{ made: ID }],
  replayed: false,
  digest: 'a',
  ...more,
})
const refused: Outcome = { class: 'refused', code: 'exceeds_credits', digest: 'b' }
const unknown: Outcome = { class: 'unknown', why: 'ECONNRESET' }
const unsent: Outcome = { class: 'retryable', code: 'unsent' }
const busy: Outcome = { class: 'retryable', code: 'idempotency_key_in_use' }

const story = (outcomes: readonly Outcome[], more: Partial<Intent> = {}): Story => ({
  intent: intent(1, more),
  outcomes,
})

const row = { reference: 'r1', id: ID, amount: 5n }
const answered = { key: 'k1', answered: true, status: 200 }
const turnedDown = { key: 'k1', answered: true, status: 400 }

const failuresOf = (stories: readonly Story[], facts: Facts): Failure[] => {
  const { failures } = judge(stories, facts)
  return FAILURES.filter((failure) => failures[failure].length > 0)
}

type Case = readonly [name: string, expected: Failure[], stories: readonly Story[], facts: Facts]

const CASES: readonly Case[] = [
  ['acknowledged and there', [], [story([made()])], { rows: [row], keys: [answered] }],
  ['refused and not there', [], [story([refused])], { rows: [], keys: [turnedDown] }],
  ['unknown and there', [], [story([unknown])], { rows: [row], keys: [answered] }],
  ['unknown and not there', [], [story([unknown])], { rows: [], keys: [] }],
  [
    'unknown, then the stored answer',
    [],
    [story([unknown, made({ replayed: true })])],
    { rows: [row], keys: [answered] },
  ],
  ['acknowledged and gone', ['lost'], [story([made()])], { rows: [], keys: [answered] }],
  ['acknowledged and there twice', ['doubled'], [story([made()])], { rows: [row, row], keys: [answered] }],
  ['unknown and there twice', ['doubled'], [story([unknown])], { rows: [row, row], keys: [] }],
  ['refused and there', ['phantom'], [story([refused])], { rows: [row], keys: [turnedDown] }],
  ['never sent and there', ['phantom'], [story([unsent, unsent])], { rows: [row], keys: [] }],
  ['busy and there by another request', [], [story([busy])], { rows: [row], keys: [answered] }],
  [
    'there with another id',
    ['different'],
    [story([made()])],
    { rows: [{ ...row, id: OTHER_ID }], keys: [answered] },
  ],
  [
    'there with another amount',
    ['different'],
    [story([made()])],
    { rows: [{ ...row, amount: 6n }], keys: [answered] },
  ],
  [
    'made and then refused',
    ['contradictory', 'keyless'],
    [story([made(), refused])],
    { rows: [row], keys: [answered] },
  ],
  [
    'two answers to one key',
    ['contradictory'],
    [story([made(), made({ digest: 'other' })])],
    { rows: [row], keys: [answered] },
  ],
  [
    'a first answer that is a repeat',
    ['repeated'],
    [story([made({ replayed: true })])],
    { rows: [row], keys: [answered] },
  ],
  [
    'a first refusal because it failed before',
    ['repeated'],
    [story([{ class: 'refused', code: 'id_already_failed', digest: 'c' }], { key: null })],
    { rows: [], keys: [] },
  ],
  ['there and never sent', ['foreign'], [], { rows: [row], keys: [] }],
  ['acknowledged without its key', ['keyless'], [story([made()])], { rows: [row], keys: [] }],
  [
    'an answer that is none',
    ['unclassified'],
    [story([{ class: 'unclassified', why: '500' }])],
    { rows: [], keys: [] },
  ],
]

for (const [name, expected, stories, facts] of CASES) {
  test(`${name}: ${expected.length === 0 ? 'all is well' : expected.join(' and ')}`, () => {
    assert.deepEqual(failuresOf(stories, facts), expected)
  })
}

test('of a batch each item is judged for itself', () => {
  const items = [1, 2].map((number) => ({ reference: `r1.${number}`, id: null, amount: 5 }))
  const batch = story([made({ items: [{ made: ID }, { refused: 'exceeds_credits' }] })], { items })
  const there = { reference: 'r1.1', id: ID, amount: 5n }
  assert.deepEqual(failuresOf([batch], { rows: [there], keys: [answered] }), [])
  const both = [there, { reference: 'r1.2', id: OTHER_ID, amount: 5n }]
  assert.deepEqual(failuresOf([batch], { rows: both, keys: [answered] }), ['phantom'])
  const { acknowledged, refused: no } = judge([batch], { rows: [there], keys: [answered] })
  assert.deepEqual([acknowledged, no], [1, 1])
})

test('in a storm one transfer is wanted by many, is there once, and repeats are no failure', () => {
  const storm = [1, 2, 3].map((n): Story => {
    const shared = intent(1)
    return { intent: { ...shared, n }, outcomes: [n === 2 ? made() : made({ replayed: true })] }
  })
  assert.deepEqual(failuresOf(storm, { rows: [row], keys: [answered] }), [])
  assert.equal(judge(storm, { rows: [row], keys: [answered] }).acknowledged, 1)
})
