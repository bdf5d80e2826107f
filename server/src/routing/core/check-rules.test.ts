import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkRules } from './check-rules.ts'
import type { Rule } from './model.ts'

const RAILS = ['card', 'express']

const rule = (more: Partial<Rule> = {}): Rule => ({
  name: null,
  currencies: [],
  countries: [],
  brands: [],
  merchants: [],
  amountFrom: null,
  amountTo: null,
  rails: ['card'],
  ...more,
})

const refused = (rules: readonly Rule[], rails = RAILS) => {
  const problem = checkRules(rules, rails)
  return problem === null ? null : [problem.code, problem.param, problem.message]
}

describe('a table of rules', () => {
  test('is taken where every rule can be reached and names rails that are there', () => {
    assert.equal(refused([]), null)
    assert.equal(refused([rule({ countries: ['NL'], rails: ['express', 'card'] }), rule()]), null)
  })

  test('is refused with the name of a rail that is not there, and with those that are', () => {
    assert.deepEqual(refused([rule(), rule({ rails: ['card', 'fax'] })].slice(1)), [
      'routing_rail_unknown',
      'rules[0][rails][1]',
      "There is no rail 'fax'; there are: card, express.",
    ])
    assert.deepEqual(refused([rule()], []), [
      'routing_rail_unknown',
      'rules[0][rails][0]',
      "There is no rail 'card'; these books have no rail.",
    ])
  })

  test('is refused where a rule names a rail twice', () => {
    assert.equal(refused([rule({ rails: ['card', 'express', 'card'] })])?.[0], 'routing_rail_repeated')
  })

  test('is refused where amounts have no currency, or several', () => {
    for (const currencies of [[], ['EUR', 'JPY']])
      assert.equal(refused([rule({ currencies, amountTo: 10 })])?.[0], 'routing_amount_needs_currency')
    assert.equal(refused([rule({ currencies: ['EUR'], amountTo: 10 })]), null)
  })

  test('is refused where amounts are the wrong way round', () => {
    const amounts = { currencies: ['EUR'], amountFrom: 11, amountTo: 10 }
    assert.equal(refused([rule(amounts)])?.[0], 'routing_amounts_reversed')
  })

  test('is refused where an earlier rule takes all that a later one is for', () => {
    const dutch = rule({ name: 'Dutch', countries: ['NL'] })
    assert.deepEqual(refused([rule({ name: 'rest' }), dutch]), [
      'routing_rule_unreachable',
      'rules[1]',
      'rules[1] (Dutch) is never reached: rules[0] (rest) takes all that it is for. Put it before that one, or leave it out.',
    ])
    assert.equal(refused([dutch, rule({ name: 'rest' })]), null)
  })
})
