import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CURRENCIES,
  currencyOf,
  currencyOfNumeric,
  type MoneyCurrency,
  minorFromStripe,
  moneyCurrency,
  stripeExponent,
  stripeFromMinor,
} from './currency.ts'

const money = (code: string): MoneyCurrency => {
  const currency = moneyCurrency(code)
  assert.ok(!('reason' in currency), `${code} is money`)
  return currency
}

test('the table holds the 178 active codes once each, with three-digit numerics that are unique', () => {
  const active = CURRENCIES.filter((currency) => currency.withdrawn === null)
  assert.equal(active.length, 178)
  assert.equal(new Set(CURRENCIES.map((currency) => currency.code)).size, CURRENCIES.length)
  assert.equal(new Set(active.map((currency) => currency.numeric)).size, active.length)
  for (const { code, numeric, exponent } of CURRENCIES) {
    assert.match(code, /^[A-Z]{3}$/)
    assert.match(numeric, /^\d{3}$/)
    assert.ok(exponent === null || (exponent >= 0 && exponent <= 4), code)
  }
})

test('exponents are the ones of ISO, also where display habits differ', () => {
  const table: readonly (readonly [string, number])[] = [
    ['CZK', 2],
    ['EUR', 2],
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
    ['LBP', 2],
    ['MGA', 2],
    ['ISK', 0],
    ['JPY', 0],
    ['UGX', 0],
    ['UYI', 0],
    ['BHD', 3],
    ['IQD', 3],
    ['LYD', 3],
    ['CLF', 4],
    ['UYW', 4],
    ['XCG', 2],
    ['ZWG', 2],
    ['SLE', 2],
  ]
  for (const [code, exponent] of table) assert.equal(money(code).exponent, exponent, code)
})

test('a withdrawn code keeps its exponent and says when it went', () => {
  assert.equal(currencyOf('BGN')?.withdrawn, '2026-01')
  assert.equal(currencyOf('ANG')?.withdrawn, '2025-03')
  assert.equal(currencyOf('HRK')?.exponent, 2)
  assert.equal(currencyOf('EUR')?.withdrawn, null)
})

test('a numeric code means the active currency that bears it now', () => {
  assert.equal(currencyOfNumeric('203')?.code, 'CZK')
  assert.equal(currencyOfNumeric('532')?.code, 'XCG')
  assert.equal(currencyOfNumeric('000'), null)
})

test('metals, test codes and units without a minor unit are refused for money', () => {
  for (const code of ['XAU', 'XAG', 'XPT', 'XPD', 'XDR', 'XUA', 'XSU', 'XBA', 'XTS', 'XXX']) {
    assert.equal(currencyOf(code)?.exponent, null, code)
    assert.match(JSON.stringify(moneyCurrency(code)), /no minor unit/, code)
  }
})

test('an unknown code and a code in lower case get an answer that says what to write', () => {
  assert.deepEqual(moneyCurrency('EURO'), {
    reason: '"EURO" is not a currency code; use an ISO 4217 code such as EUR',
  })
  assert.deepEqual(moneyCurrency('czk'), { reason: '"czk" is not a currency code; write CZK' })
  assert.equal(currencyOf('constructor'), null)
})

const ZERO_DECIMAL = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ')

for (const code of ZERO_DECIMAL) {
  test(`Stripe writes ${code} in whole units`, () => {
    const currency = money(code)
    const unit = 10n ** BigInt(currency.exponent)
    assert.equal(stripeExponent(currency), 0)
    assert.equal(minorFromStripe(currency, 500n), 500n * unit)
    assert.equal(stripeFromMinor(currency, 500n * unit), 500n)
  })
}

test('MGA has decimals in ISO and none at Stripe, so a fraction cannot be written there', () => {
  assert.equal(money('MGA').exponent, 2)
  assert.ok(typeof stripeFromMinor(money('MGA'), 150n) !== 'bigint')
})

for (const code of ['ISK', 'UGX']) {
  test(`Stripe writes ${code} with two decimals that are 00`, () => {
    const currency = money(code)
    assert.equal(currency.exponent, 0)
    assert.equal(stripeExponent(currency), 2)
    assert.equal(minorFromStripe(currency, 500n), 5n)
    assert.equal(stripeFromMinor(currency, 5n), 500n)
    assert.deepEqual(minorFromStripe(currency, 550n), {
      reason: `amounts in ${code} must be a multiple of 100`,
    })
  })
}

for (const code of ['BHD', 'JOD', 'KWD', 'OMR', 'TND']) {
  test(`Stripe writes ${code} with three decimals, the last of them 0`, () => {
    const currency = money(code)
    assert.equal(stripeExponent(currency), 3)
    assert.equal(minorFromStripe(currency, 5120n), 5120n)
    assert.equal(stripeFromMinor(currency, 5120n), 5120n)
    assert.deepEqual(minorFromStripe(currency, 5124n), {
      reason: `amounts in ${code} must be a multiple of 10`,
    })
    assert.ok(typeof stripeFromMinor(currency, 5124n) !== 'bigint')
  })
}

test('everything else is written as ISO has it, HUF and TWD and IQD among them', () => {
  const special = new Set([...ZERO_DECIMAL, 'ISK', 'UGX', 'BHD', 'JOD', 'KWD', 'OMR', 'TND'])
  for (const { code, exponent } of CURRENCIES) {
    if (exponent === null || special.has(code)) continue
    assert.equal(stripeExponent(money(code)), exponent, code)
    assert.equal(minorFromStripe(money(code), 1045n), 1045n, code)
    assert.equal(stripeFromMinor(money(code), -1045n), -1045n, code)
  }
})
