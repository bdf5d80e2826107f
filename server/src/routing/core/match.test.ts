import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { covers, firstMatch, matches } from './match.ts'
import type { Conditions, RoutingFacts, Rule } from './model.ts'

const ALL: Conditions = {
  currencies: [],
  countries: [],
  brands: [],
  merchants: [],
  amountFrom: null,
  amountTo: null,
}

const FACTS: RoutingFacts = {
  currency: 'EUR',
  country: 'NL',
  brand: 'visa',
  amount: 2_500n,
  merchant: null,
}

const rule = (conditions: Partial<Conditions>, rails: readonly string[] = ['one']): Rule => ({
  ...ALL,
  ...conditions,
  name: null,
  rails,
})

describe('a rule is for a payment', () => {
  const cases: readonly [boolean, Partial<Conditions>, string][] = [
    [true, {}, 'that asks nothing'],
    [true, { currencies: ['USD', 'EUR'] }, 'in one of its currencies'],
    [false, { currencies: ['USD'] }, 'in another currency'],
    [true, { countries: ['NL'] }, 'with a card of its country'],
    [false, { countries: ['BE', 'DE'] }, 'with a card of another country'],
    [true, { brands: ['visa'] }, 'with a card of its brand'],
    [false, { brands: ['amex'] }, 'with a card of another brand'],
    [false, { merchants: ['m1'] }, 'of no merchant, where it names one'],
    [true, { amountFrom: 2_500 }, 'of precisely the least amount'],
    [false, { amountFrom: 2_501 }, 'below the least amount'],
    [true, { amountTo: 2_500 }, 'of precisely the largest amount'],
    [false, { amountTo: 2_499 }, 'above the largest amount'],
    [false, { currencies: ['EUR'], countries: ['BE'] }, 'for which only a part of it holds'],
  ]
  for (const [expected, conditions, text] of cases)
    test(`${text}: ${expected ? 'yes' : 'no'}`, () => {
      assert.equal(matches(rule(conditions), FACTS), expected)
    })
  test('of its merchant', () => {
    assert.equal(matches(rule({ merchants: ['m1'] }), { ...FACTS, merchant: 'm1' }), true)
    assert.equal(matches(rule({ merchants: ['m1'] }), { ...FACTS, merchant: 'm2' }), false)
  })
})

describe('of several rules', () => {
  test('the first that matches wins, whatever stands behind it', () => {
    const rules = [rule({ countries: ['BE'] }), rule({ countries: ['NL'] }), rule({})]
    assert.equal(firstMatch(rules, FACTS), 1)
    assert.equal(firstMatch(rules.toReversed(), FACTS), 0)
  })
  test('none may match, and an empty table never does', () => {
    assert.equal(firstMatch([rule({ countries: ['BE'] })], FACTS), null)
    assert.equal(firstMatch([], FACTS), null)
  })
})

describe('one rule covers another', () => {
  const eur = { currencies: ['EUR'] }
  const cases: readonly [boolean, Partial<Conditions>, Partial<Conditions>][] = [
    [true, {}, {}],
    [true, {}, { countries: ['NL'] }],
    [false, { countries: ['NL'] }, {}],
    [true, { countries: ['NL', 'BE'] }, { countries: ['NL'] }],
    [false, { countries: ['NL'] }, { countries: ['NL', 'BE'] }],
    [true, { ...eur, amountFrom: 10 }, { ...eur, amountFrom: 10, amountTo: 20 }],
    [false, { ...eur, amountFrom: 11 }, { ...eur, amountFrom: 10 }],
    [false, { ...eur, amountTo: 20 }, eur],
    [false, { brands: ['visa'] }, { merchants: ['m1'] }],
  ]
  for (const [expected, wide, narrow] of cases)
    test(`${JSON.stringify(wide)} ${JSON.stringify(narrow)}: ${expected ? 'yes' : 'no'}`, () => {
      assert.equal(covers(rule(wide), rule(narrow)), expected)
    })
})
