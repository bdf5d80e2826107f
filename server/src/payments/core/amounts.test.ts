import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CURRENCIES, currencyOf, isMoney, type MoneyCurrency } from '../../kit/index.ts'
import { MINIMUM_AMOUNTS, maximumOf, minimumOf, readAmount } from './amounts.ts'

const money = (code: string): MoneyCurrency => {
  const currency = currencyOf(code)
  assert.ok(currency !== null && isMoney(currency), code)
  return currency
}

const codeOf = (code: string, sent: number): string | bigint => {
  const read = readAmount(money(code), sent)
  return 'code' in read ? read.code : read.minor
}

describe('an amount', () => {
  test('is at least what Stripe charges in its currency', () => {
    for (const [code, least] of Object.entries(MINIMUM_AMOUNTS)) {
      const currency = money(code)
      assert.equal(codeOf(code, Number(least) - 1), 'amount_too_small', code)
      assert.equal(typeof codeOf(code, Number(least)), 'bigint', code)
      assert.equal(minimumOf(currency), least)
    }
  })

  test('has at most eight digits, twelve in IDR', () => {
    assert.deepEqual(
      [codeOf('USD', 99_999_999), codeOf('USD', 100_000_000), codeOf('IDR', 999_999_999_999)],
      [99_999_999n, 'amount_too_large', 999_999_999_999n],
    )
    assert.equal(codeOf('IDR', 1_000_000_000_000), 'amount_too_large')
    assert.equal(maximumOf(money('EUR')), 99_999_999n)
  })

  test('of nothing, or less, is refused', () => {
    for (const sent of [0, -1]) assert.equal(codeOf('EUR', sent), 'parameter_invalid_integer')
  })

  test('is translated to the ledger’s minor units by Stripe’s special cases, and refused where it does not fit', () => {
    assert.deepEqual(
      ['JPY', 'EUR', 'MGA', 'ISK', 'UGX', 'KWD', 'BHD'].map((code) => codeOf(code, 5_000)),
      [5_000n, 5_000n, 500_000n, 50n, 50n, 5_000n, 5_000n],
    )
    for (const code of ['ISK', 'UGX']) assert.equal(codeOf(code, 5_001), 'parameter_invalid_integer')
    for (const code of ['KWD', 'BHD']) assert.equal(codeOf(code, 5_001), 'parameter_invalid_integer')
  })

  test('can be charged in every currency that money can be counted in', () => {
    for (const currency of CURRENCIES.filter(isMoney)) {
      assert.equal(typeof codeOf(currency.code, 1_000_000), 'bigint', currency.code)
    }
  })
})
