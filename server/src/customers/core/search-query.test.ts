import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseSearch, type SearchClause } from './search-query.ts'

const text = (name: 'email' | 'name' | 'phone', value: string | null, more: Partial<SearchClause> = {}) => ({
  isNegated: false,
  field: { kind: 'text', name },
  operator: ':',
  value,
  ...more,
})

describe('a search', () => {
  test('is one clause, or several that are joined the same way', () => {
    assert.deepEqual(parseSearch('email:"ada@example.com"'), {
      join: 'and',
      clauses: [text('email', 'ada@example.com')],
    })
    assert.deepEqual(parseSearch(`name~'lovelace' OR -phone:null`), {
      join: 'or',
      clauses: [text('name', 'lovelace', { operator: '~' }), text('phone', null, { isNegated: true })],
    })
    assert.deepEqual(parseSearch(`name:"Ada" phone:'1'`), {
      join: 'and',
      clauses: [text('name', 'Ada'), text('phone', '1')],
    })
  })

  test('knows metadata by its key, and compares moments', () => {
    assert.deepEqual(parseSearch(`metadata['plan']:'gold' AND created>=1700000000`), {
      join: 'and',
      clauses: [
        { isNegated: false, field: { kind: 'metadata', key: 'plan' }, operator: ':', value: 'gold' },
        { isNegated: false, field: { kind: 'created' }, operator: '>=', value: 1_700_000_000 },
      ],
    })
  })

  test('may hold quotes that are escaped', () => {
    assert.deepEqual(parseSearch(String.raw`name:"Ada \"the Countess\""`), {
      join: 'and',
      clauses: [text('name', 'Ada "the Countess"')],
    })
  })

  const WRONG: readonly [string, RegExp][] = [
    ['', /empty/],
    ['nick:"x"', /`nick` is not searchable/],
    ['email="x"', /one of : ~/],
    ['email:x', /value in quotes/],
    ['email:"x" AND', /ends where a clause/],
    ['email:"x" AND name:"y" OR phone:"z"', /cannot be mixed/],
    ['email~"xy"', /at least 3 characters/],
    ['email>"xyz"', /compares numbers/],
    ['created:"today"', /seconds since 1970/],
    ['created~1700000000', /no text/],
    ['metadata:"x"', /by a key/],
    ['metadata[x]:"y"', /in quotes/],
    [`${'email:"x" '.repeat(11)}`, /more than 10/],
  ]
  for (const [query, problem] of WRONG)
    test(`is refused with its reason: ${query.slice(0, 40)}`, () => {
      const read = parseSearch(query)
      assert.ok('problem' in read)
      assert.match(read.problem, problem)
    })
})
