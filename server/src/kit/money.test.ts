import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatMinor, jsonInteger, MINOR_MAX, MINOR_MIN, type NumberStyle, parseMinor } from './money.ts'

const dot: NumberStyle = { decimalSeparator: '.', groupSeparator: '' }
const english: NumberStyle = { decimalSeparator: '.', groupSeparator: ',' }
const german: NumberStyle = { decimalSeparator: ',', groupSeparator: '.' }
const czech: NumberStyle = { decimalSeparator: ',', groupSeparator: ' ' }
const swiss: NumberStyle = { decimalSeparator: '.', groupSeparator: "'" }

test('amounts are read exactly', () => {
  const table: readonly (readonly [string, number, NumberStyle, bigint])[] = [
    ['1000.00', 2, dot, 100000n],
    ['1000', 2, dot, 100000n],
    ['1000.5', 2, dot, 100050n],
    ['0.05', 2, dot, 5n],
    ['.50', 2, dot, 50n],
    ['-0.05', 2, dot, -5n],
    ['\u22120.05', 2, dot, -5n],
    ['5.00-', 2, dot, -500n],
    ['+5', 2, dot, 500n],
    [' 5.00 ', 2, dot, 500n],
    ['007', 0, dot, 7n],
    ['1.2300', 2, dot, 123n],
    ['5.0', 0, dot, 5n],
    ['1.005', 3, dot, 1005n],
    ['25,412,513.80', 2, english, 2541251380n],
    ['25412513.80', 2, english, 2541251380n],
    ['25.412.513,80', 2, german, 2541251380n],
    ['25 412 513,80', 2, czech, 2541251380n],
    ['25\u00a0412\u202f513,80', 2, czech, 2541251380n],
    ["25'412'513.80", 2, swiss, 2541251380n],
    ['92233720368547758.07', 2, dot, MINOR_MAX],
    ['-92233720368547758.08', 2, dot, MINOR_MIN],
  ]
  for (const [text, exponent, style, minor] of table)
    assert.equal(parseMinor(text, exponent, style), minor, text)
})

test('what is not exactly an amount is refused with a reason, never rounded or guessed', () => {
  const table: readonly (readonly [string, number, NumberStyle, RegExp])[] = [
    ['', 2, dot, /empty/],
    ['   ', 2, dot, /empty/],
    ['1.005', 2, dot, /"1\.005" has more than 2 decimals/],
    ['1.5', 0, dot, /more than 0 decimals/],
    ['1e3', 2, dot, /not an amount/],
    ['0x10', 2, dot, /not an amount/],
    ['1,5', 2, dot, /not an amount with "\." for decimals and no group separator/],
    ['1,5', 2, english, /"," between groups of three digits/],
    ['1,0000.00', 2, english, /groups of three/],
    [',100.00', 2, english, /groups of three/],
    ['1.000,00', 2, english, /not an amount/],
    ['1.0,00', 2, english, /not an amount/],
    ['1..0', 2, dot, /not an amount/],
    ['5.', 2, dot, /not an amount/],
    ['.', 2, dot, /not an amount/],
    ['-', 2, dot, /not an amount/],
    ['--5', 2, dot, /not an amount/],
    ['-5-', 2, dot, /not an amount/],
    ['(5.00)', 2, dot, /not an amount/],
    ['5.00 CZK', 2, dot, /not an amount/],
    ['١٢', 2, dot, /not an amount/],
    ['92233720368547758.08', 2, dot, /64 bits/],
    ['-92233720368547758.09', 2, dot, /64 bits/],
    ['9'.repeat(1000), 2, dot, /too long/],
  ]
  for (const [text, exponent, style, reason] of table) {
    const parsed = parseMinor(text, exponent, style)
    assert.ok(typeof parsed !== 'bigint', text)
    assert.match(parsed.reason, reason, text)
  }
})

test('amounts are shown with all their decimals', () => {
  assert.equal(formatMinor(2541251380n, 2), '25,412,513.80')
  assert.equal(formatMinor(-5n, 2), '-0.05')
  assert.equal(formatMinor(-123456n, 2, { minus: '\u2212' }), '\u22121,234.56')
  assert.equal(formatMinor(0n, 2), '0.00')
  assert.equal(formatMinor(1000n, 0), '1,000')
  assert.equal(formatMinor(1005n, 3), '1.005')
  assert.equal(formatMinor(2541251380n, 2, { groupSeparator: '' }), '25412513.80')
  assert.equal(formatMinor(MINOR_MIN, 2), '-92,233,720,368,547,758.08')
})

test('what is shown reads back as the same amount', () => {
  const amount = fc.bigInt({ min: MINOR_MIN, max: MINOR_MAX })
  const style = fc.constantFrom(english, swiss, { decimalSeparator: '.', groupSeparator: ' ' } as const)
  fc.assert(
    fc.property(amount, fc.integer({ min: 0, max: 4 }), style, (minor, exponent, shown) => {
      assert.equal(parseMinor(formatMinor(minor, exponent, shown), exponent, shown), minor)
    }),
  )
})

test('no text makes the reader throw', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 0, max: 4 }), (text, exponent) => {
      parseMinor(text, exponent, english)
    }),
  )
})

test('JSON carries integers to 2^53 - 1 either way and no further', () => {
  assert.equal(jsonInteger(9_007_199_254_740_991n), 9_007_199_254_740_991)
  assert.equal(jsonInteger(-9_007_199_254_740_991n), -9_007_199_254_740_991)
  assert.equal(jsonInteger(9_007_199_254_740_992n), null)
})
