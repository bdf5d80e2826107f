import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseJson } from './json.ts'
import { Problem } from './problem.ts'

const read = (text: string | Buffer): unknown => parseJson(Buffer.from(text))

/** [what it is, the body, the code, the parameter that the answer names] */
const HOSTILE: readonly (readonly [string, string | Buffer, string, string | null])[] = [
  ['no object but a list', '[1]', 'json_invalid', null],
  ['no object but a number', '12', 'json_invalid', null],
  ['no object but null', 'null', 'json_invalid', null],
  ['white space only', '  ', 'json_invalid', null],
  ['cut off', '{"a":1', 'json_invalid', null],
  ['cut off in a string', '{"a":"b', 'json_invalid', 'a'],
  ['cut off in an escape', '{"a":"b\\', 'json_invalid', 'a'],
  ['two values', '{"a":1}{"a":1}', 'json_invalid', null],
  ['a comma at the end', '{"a":1,}', 'json_invalid', null],
  ['single quotes', "{'a':1}", 'json_invalid', null],
  ['a comment', '{"a":1 /* one */}', 'json_invalid', null],
  ['a byte order mark', '\ufeff{"a":1}', 'json_invalid', null],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'json_invalid', null],
  [
    'invalid UTF-8',
    Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
    'json_invalid',
    null,
  ],
  ['overlong UTF-8', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]), 'json_invalid', null],
  ['a raw control character', '{"a":"\u0001"}', 'json_invalid', null],
  ['the character U+0000', '{"a":"\\u0000"}', 'json_invalid', 'a'],
  ['half a surrogate pair', '{"a":"\\ud800"}', 'json_invalid', 'a'],
  ['the other half', '{"a":"\\udc00x"}', 'json_invalid', 'a'],
  ['two first halves', '{"a":"\\ud800\\ud800"}', 'json_invalid', 'a'],
  ['a broken escape', '{"a":"\\u12g4"}', 'json_invalid', 'a'],
  ['NaN', '{"a":NaN}', 'parameter_invalid_integer', 'a'],
  ['Infinity', '{"a":-Infinity}', 'parameter_invalid_integer', 'a'],
  ['a fraction', '{"a":1.5}', 'parameter_invalid_integer', 'a'],
  ['a float that is whole', '{"a":1.0}', 'parameter_invalid_integer', 'a'],
  ['an exponent', '{"a":1e3}', 'parameter_invalid_integer', 'a'],
  ['an exponent beyond all floats', '{"a":1E400}', 'parameter_invalid_integer', 'a'],
  ['minus zero', '{"a":-0}', 'parameter_invalid_integer', 'a'],
  ['a leading zero', '{"a":012}', 'parameter_invalid_integer', 'a'],
  ['a plus', '{"a":+1}', 'parameter_invalid_integer', 'a'],
  ['a lone minus', '{"a":-}', 'parameter_invalid_integer', 'a'],
  ['2^53', '{"a":9007199254740992}', 'parameter_invalid_integer', 'a'],
  ['2^53 + 1, which JSON.parse rounds', '{"a":9007199254740993}', 'parameter_invalid_integer', 'a'],
  ['−2^53', '{"a":-9007199254740992}', 'parameter_invalid_integer', 'a'],
  ['a number in a list in a list', '{"a":[{"b":[1,2.5]}]}', 'parameter_invalid_integer', 'a[0][b][1]'],
  [
    'a number after strings with brackets',
    '{"x":"[{,\\"","a":{"b":1.0}}',
    'parameter_invalid_integer',
    'a[b]',
  ],
  ['a repeated key', '{"a":1,"a":2}', 'parameter_duplicate', 'a'],
  ['a repeated key with the same value', '{"a":1,"a":1}', 'parameter_duplicate', 'a'],
  ['a repeated key below', '{"items":[{"x":1},{"x":1,"y":2,"x":3}]}', 'parameter_duplicate', 'items[1][x]'],
  ['a repeated key, once escaped', '{"ab":1,"\\u0061b":2}', 'parameter_duplicate', 'ab'],
  ['__proto__', '{"__proto__":{"a":1}}', 'parameter_unknown', '__proto__'],
  ['__proto__, escaped', '{"\\u005f_proto__":1}', 'parameter_unknown', '__proto__'],
  ['__proto__ below', '{"a":[{"__proto__":1}]}', 'parameter_unknown', 'a[0][__proto__]'],
  ['constructor', '{"a":{"constructor":{"prototype":1}}}', 'parameter_unknown', 'a[constructor]'],
  ['prototype', '{"prototype":1}', 'parameter_unknown', 'prototype'],
  ['brackets that do not pair', '{"a":[1}', 'json_invalid', null],
  ['33 levels', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`, 'json_invalid', null],
]

describe('the guard of JSON bodies', () => {
  for (const [what, body, code, param] of HOSTILE) {
    it(`refuses ${what}`, () => {
      const problem = read(body)
      assert.ok(problem instanceof Problem, `it was read as ${JSON.stringify(problem)}`)
      assert.deepEqual([problem.code, problem.param], [code, param], problem.message)
    })
  }

  const accepted: readonly (readonly [string, string])[] = [
    ['an empty object', '{}'],
    ['the largest and the smallest integer', '{"a":9007199254740991,"b":-9007199254740991,"c":0}'],
    ['white space of all kinds', ' \t\r\n{ "a" :\n[ 1 , 2 ] }\n'],
    ['true, false and null', '{"a":true,"b":false,"c":null}'],
    ['escapes of all kinds', '{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"}'],
    ['a surrogate pair, written and escaped', '{"a":"😀","b":"\\ud83d\\ude00"}'],
    [
      'keys that only look forbidden',
      '{"__prot__":1,"prototypes":1,"reference":1,"book_date":1,"construct":1}',
    ],
    ['what looks like JSON in strings', '{"a":"{\\"b\\":1.5,\\"b\\":[[","c":"__proto__"}'],
    ['32 levels', `{"a":${'['.repeat(31)}${']'.repeat(31)}}`],
    ['the same key in different objects', '{"a":{"x":1},"b":{"x":1}}'],
  ]
  for (const [what, body] of accepted) {
    it(`reads ${what} as JSON.parse does`, () => assert.deepEqual(read(body), JSON.parse(body)))
  }

  it('is not slowed down by nesting, digits or keys without end', () => {
    const bodies = [
      '['.repeat(1_000_000),
      `{"a":${'['.repeat(1_000_000)}`,
      `{"a":${'9'.repeat(1_000_000)}}`,
      `{"a":"${'\\'.repeat(1_000_000)}`,
      `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join()},"k0":2}`,
      `{"a":1${',"a":1'.repeat(100_000)}}`,
    ]
    for (const body of bodies) {
      const started = performance.now()
      assert.ok(read(body) instanceof Problem)
      const ms = performance.now() - started
      assert.ok(ms < 1_000, `${body.slice(0, 20)}… took ${ms} ms`)
    }
  })

  it('does not repeat more than a little of what was sent', () => {
    const problem = read(`{"a":${'9'.repeat(100_000)}}`)
    assert.ok(problem instanceof Problem)
    assert.ok(problem.message.length < 300)
  })
})
