import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toForm, toJson } from './encoding.ts'

describe('parameters of a query', () => {
  test('are written with brackets, as the API reads them', () => {
    const form = toForm({
      limit: 3,
      created: { gte: 1, lt: 2 },
      expand: ['a', 'b.c'],
      items: [{ amount: 5 }, { amount: 6 }],
      closed: false,
      big: 2n ** 53n,
      nothing: undefined,
      empty: null,
    })
    assert.equal(
      decodeURIComponent(form.toString()),
      'limit=3&created[gte]=1&created[lt]=2&expand[]=a&expand[]=b.c&items[0][amount]=5&items[1][amount]=6&closed=false&big=9007199254740992&empty=',
    )
  })

  test('are escaped', () => {
    assert.equal(toForm({ reference: 'a&b=c d/é' }).toString(), 'reference=a%26b%3Dc+d%2F%C3%A9')
  })

  test('that cannot be written are named', () => {
    assert.throws(() => toForm({ when: () => 1 }), /parameter when cannot be sent/)
  })
})

describe('parameters of a body', () => {
  test('keep integers, bigints among them, to the last digit', () => {
    assert.equal(toJson({ amount: 9_007_199_254_740_991n, code: 1 }), '{"amount":9007199254740991,"code":1}')
  })

  test('are refused where JSON would round them', () => {
    assert.throws(() => toJson({ amount: 2n ** 53n }), /parameter amount is beyond/)
    assert.throws(() => toJson({ transfers: [{ amount: 2 ** 53 }] }), /parameter amount is beyond/)
  })
})
