import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseForm } from './form.ts'
import { Problem } from './problem.ts'

describe('forms and query strings', () => {
  const accepted: readonly (readonly [string, unknown])[] = [
    ['', {}],
    ['&&', {}],
    ['a=1', { a: '1' }],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=', { a: '' }],
    ['a', { a: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['a=x+y%20z%2B', { a: 'x y z+' }],
    ['name=%C5%BDofie', { name: 'Žofie' }],
    ['metadata[a]=b&metadata[c]=d', { metadata: { a: 'b', c: 'd' } }],
    ['metadata%5Ba%5D=b', { metadata: { a: 'b' } }],
    ['items[0][x]=1&items[1][x]=2', { items: { 0: { x: '1' }, 1: { x: '2' } } }],
    ['a[]=1&a[]=2', { a: ['1', '2'] }],
    ['created[gte]=5', { created: { gte: '5' } }],
    ['a[b][c][d]=1', { a: { b: { c: { d: '1' } } } }],
    ['toString=1&hasOwnProperty=2', { toString: '1', hasOwnProperty: '2' }],
    ['metadata[toString]=1', { metadata: { toString: '1' } }],
  ]
  for (const [text, tree] of accepted) {
    it(`reads ${text || 'nothing'}`, () => assert.deepEqual(parseForm(text), tree))
  }

  const refused: readonly (readonly [string, string, string | null])[] = [
    ['a=%zz', 'form_invalid', null],
    ['a=%C3%28', 'form_invalid', null],
    ['a=%00', 'form_invalid', null],
    ['a%00=1', 'form_invalid', null],
    ['a=1&a=2', 'parameter_duplicate', 'a'],
    ['a=1&a[b]=2', 'parameter_duplicate', 'a[b]'],
    ['a[b]=1&a=2', 'parameter_duplicate', 'a'],
    ['a[]=1&a[b]=2', 'parameter_duplicate', 'a[b]'],
    ['a[b]=1&a[]=2', 'parameter_duplicate', 'a[]'],
    ['a[b]=1&a[b]=2', 'parameter_duplicate', 'a[b]'],
    ['[a]=1', 'form_invalid', '[a]'],
    ['a[b=1', 'form_invalid', 'a[b'],
    ['a[b]c=1', 'form_invalid', 'a[b]c'],
    ['a[b]]=1', 'form_invalid', 'a[b]]'],
    ['a[][x]=1', 'form_invalid', 'a[][x]'],
    ['__proto__=1', 'parameter_unknown', '__proto__'],
    ['a[__proto__]=1', 'parameter_unknown', 'a[__proto__]'],
    ['a[constructor][prototype]=1', 'parameter_unknown', 'a[constructor][prototype]'],
    [`a${'[b]'.repeat(9)}=1`, 'form_invalid', `a${'[b]'.repeat(9)}`],
    [
      `${'a=1&'.repeat(0)}${Array.from({ length: 1_001 }, (_, index) => `k${index}=1`).join('&')}`,
      'form_invalid',
      null,
    ],
  ]
  for (const [text, code, param] of refused) {
    it(`refuses ${text.slice(0, 40)}`, () => {
      const problem = parseForm(text)
      assert.ok(problem instanceof Problem)
      assert.deepEqual([problem.code, problem.param], [code, param])
    })
  }

  it('pollutes no prototype', () => {
    parseForm('__proto__[polluted]=1&a[__proto__][polluted]=1&constructor[prototype][polluted]=1')
    assert.equal('polluted' in {}, false)
  })

  it('takes a megabyte of pairs without an equals sign in linear time', () => {
    const started = performance.now()
    parseForm(`${'a'.repeat(900)}&`.repeat(999) + 'b'.repeat(200_000))
    parseForm('&'.repeat(1_000_000))
    parseForm(`a${'['.repeat(500_000)}=1`)
    assert.ok(performance.now() - started < 1_000)
  })
})
