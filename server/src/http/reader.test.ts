import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { listQuery, metadataParameter, rangeFilter } from './lists.ts'
import { compileReader } from './reader.ts'
import { closeInput, schemaOf } from './schema.ts'
import { Trouble } from './trouble.ts'

const schema = Type.Object(
  {
    amount: Type.Integer({ minimum: 1, maximum: 999_999 }),
    code: Type.Optional(Type.Integer()),
    live: Type.Optional(Type.Boolean()),
    name: Type.Optional(Type.String({ maxLength: 5 })),
    note: Type.Optional(Type.String({ minLength: 0 })),
    day: Type.Optional(
      Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', 'x-form': 'a day such as 2026-11-22' }),
    ),
    flow: Type.Optional(Type.Union([Type.Literal('in'), Type.Literal('out')])),
    flags: Type.Optional(Type.Array(Type.Enum(['linked', 'pending']), { maxItems: 2 })),
    items: Type.Optional(Type.Array(Type.Object({ x: Type.Integer(), y: Type.Optional(Type.String()) }))),
    metadata: Type.Optional(Type.Union([metadataParameter(), Type.Literal('')])),
    created: Type.Optional(rangeFilter('When')),
    parent: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    left: Type.Optional(Type.String()),
    right: Type.Optional(Type.String()),
  },
  { 'x-exclusive': [['left', 'right']] },
)
const read = compileReader(closeInput(schemaOf(schema)))

const refusal = (value: unknown, text: boolean): [string, string | null, string] => {
  const trouble = read(value, text)
  assert.ok(trouble instanceof Trouble, `it was read as ${JSON.stringify(trouble)}`)
  const { code, param, message } = trouble.problem()
  return [code, param, message]
}

describe('reading JSON values by a schema', () => {
  it('gives back the value itself', () => {
    const value = { amount: 5, items: [{ x: 1 }], metadata: { a: 'b' }, parent: null, created: { gte: 3 } }
    assert.equal(read(value, false), value)
  })

  const refused: readonly (readonly [unknown, string, string | null, string])[] = [
    [{}, 'parameter_missing', 'amount', 'Missing required param: amount.'],
    [
      { amount: 5, amuont: 5 },
      'parameter_unknown',
      'amuont',
      'Received unknown parameter: amuont. Did you mean amount?',
    ],
    [{ amount: 5, zebra: 5 }, 'parameter_unknown', 'zebra', 'Received unknown parameter: zebra'],
    [
      { amount: '5' },
      'parameter_invalid_integer',
      'amount',
      'Invalid integer: 5; amount takes a whole number.',
    ],
    [
      { amount: null },
      'parameter_invalid_integer',
      'amount',
      'Invalid integer: null; amount takes a whole number.',
    ],
    [
      { amount: [5] },
      'parameter_invalid_integer',
      'amount',
      'Invalid integer: a list; amount takes a whole number.',
    ],
    [
      { amount: 0 },
      'parameter_invalid_integer',
      'amount',
      'Invalid integer: amount must be greater than or equal to 1.',
    ],
    [
      { amount: 1e6 },
      'parameter_invalid_integer',
      'amount',
      'Invalid integer: amount must be less than or equal to 999999.',
    ],
    [
      { amount: 5, live: 'true' },
      'parameter_invalid_boolean',
      'live',
      'Invalid boolean: true; live takes true or false.',
    ],
    [{ amount: 5, name: 5 }, 'parameter_invalid_string', 'name', 'Invalid string: name was 5.'],
    [
      { amount: 5, name: 'abcdef' },
      'parameter_invalid_string',
      'name',
      'Invalid string: name must be at most 5 characters.',
    ],
    [
      { amount: 5, day: 'today' },
      'parameter_invalid_string',
      'day',
      'Invalid day: today; it must be a day such as 2026-11-22.',
    ],
    [
      { amount: 5, flow: 'up' },
      'parameter_invalid_choice',
      'flow',
      'Invalid flow: up; it must be one of in or out.',
    ],
    [
      { amount: 5, flags: ['x'] },
      'parameter_invalid_choice',
      'flags[0]',
      'Invalid flags[0]: x; it must be one of linked or pending.',
    ],
    [{ amount: 5, flags: 'linked' }, 'parameter_invalid_array', 'flags', 'Invalid array: flags was linked.'],
    [
      { amount: 5, flags: Array(3).fill('linked') },
      'parameter_invalid_array',
      'flags',
      'Invalid array: flags can hold at most 2.',
    ],
    [
      { amount: 5, items: { 0: { x: 1 } } },
      'parameter_invalid_array',
      'items',
      'Invalid array: items was an object.',
    ],
    [
      { amount: 5, items: [{ x: 1 }, {}] },
      'parameter_missing',
      'items[1][x]',
      'Missing required param: items[1][x].',
    ],
    [
      { amount: 5, items: [{ x: 1, z: 1 }] },
      'parameter_unknown',
      'items[0][z]',
      'Received unknown parameter: items[0][z]',
    ],
    [{ amount: 5, items: [7] }, 'parameter_invalid_object', 'items[0]', 'Invalid object: items[0] was 7.'],
    [
      { amount: 5, metadata: { a: 1 } },
      'parameter_invalid_string',
      'metadata[a]',
      'Invalid string: metadata[a] was 1.',
    ],
    [{ amount: 5, metadata: 'x' }, 'parameter_invalid_object', 'metadata', 'Invalid object: metadata was x.'],
    [
      { amount: 5, created: { gte: 'x' } },
      'parameter_invalid_integer',
      'created[gte]',
      'Invalid integer: x; created[gte] takes a whole number.',
    ],
    [{ amount: 5, parent: 7 }, 'parameter_invalid_string', 'parent', 'Invalid string: parent was 7.'],
    [
      { amount: 5, left: 'a', right: 'b' },
      'parameters_exclusive',
      'left',
      'Received both left and right parameters. Please pass in only one.',
    ],
  ]
  for (const [value, code, param, message] of refused) {
    it(`refuses ${JSON.stringify(value)}`, () =>
      assert.deepEqual(refusal(value, false), [code, param, message]))
  }

  it('refuses an empty text where the schema does not name it, in Stripe’s words', () => {
    const [code, param, message] = refusal({ amount: 5, name: '' }, false)
    assert.deepEqual([code, param], ['parameter_invalid_empty', 'name'])
    assert.match(
      message,
      /^You passed an empty string for 'name'\. We assume empty values are an attempt to unset/,
    )
    assert.deepEqual(read({ amount: 5, note: '', metadata: '' }, false), {
      amount: 5,
      note: '',
      metadata: '',
    })
  })

  it('limits metadata in keys, their length and their characters', () => {
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']))
    assert.equal(refusal({ amount: 5, metadata: many }, false)[0], 'parameter_invalid_object')
    assert.equal(
      refusal({ amount: 5, metadata: { ['k'.repeat(41)]: 'v' } }, false)[0],
      'parameter_invalid_object',
    )
    assert.equal(refusal({ amount: 5, metadata: { 'a[b]': 'v' } }, false)[0], 'parameter_invalid_object')
    assert.equal(refusal({ amount: 5, metadata: { a: 'v'.repeat(501) } }, false)[1], 'metadata[a]')
  })

  it('counts characters, not their halves', () => {
    assert.deepEqual(read({ amount: 5, name: '😀😀😀😀😀' }, false), { amount: 5, name: '😀😀😀😀😀' })
  })
})

describe('reading forms by the same schema', () => {
  it('makes numbers, booleans and lists of strings', () => {
    const tree = {
      amount: '12',
      live: 'false',
      items: { 0: { x: '-1' }, 1: { x: '0', y: '7' } },
      flags: ['linked'],
      created: '99',
    }
    assert.deepEqual(read(tree, true), {
      amount: 12,
      live: false,
      items: [{ x: -1 }, { x: 0, y: '7' }],
      flags: ['linked'],
      created: 99,
    })
    assert.deepEqual(read({ amount: '1', created: { gte: '1', lt: '2' } }, true), {
      amount: 1,
      created: { gte: 1, lt: 2 },
    })
  })

  const notIntegers = [
    '12.0',
    ' 12',
    '12 ',
    '1e3',
    '0x10',
    '012',
    '+1',
    '-0',
    '−1',
    '１２',
    '1_000',
    'NaN',
    'true',
    '9007199254740992',
    '9'.repeat(400),
  ]
  for (const text of notIntegers) {
    it(`does not take ${JSON.stringify(text.slice(0, 20))} for an integer`, () =>
      assert.equal(refusal({ amount: '1', code: text }, true)[0], 'parameter_invalid_integer'))
  }

  it('refuses an empty text for an integer, and other words for a boolean', () => {
    assert.equal(refusal({ amount: '' }, true)[0], 'parameter_invalid_empty')
    for (const live of ['1', '0', 'TRUE', 'yes'])
      assert.equal(refusal({ amount: '1', live }, true)[0], 'parameter_invalid_boolean')
  })

  it('wants the indexes of a list without gaps', () => {
    assert.equal(refusal({ amount: '1', items: { 1: { x: '1' } } }, true)[0], 'parameter_invalid_array')
    assert.equal(
      refusal({ amount: '1', items: { 0: { x: '1' }, 2: { x: '1' } } }, true)[0],
      'parameter_invalid_array',
    )
    assert.equal(refusal({ amount: '1', items: { a: { x: '1' } } }, true)[0], 'parameter_invalid_array')
  })

  it('leaves texts that look like numbers alone', () => {
    assert.deepEqual(read({ amount: '1', name: '007', metadata: { 1: '2' } }, true), {
      amount: 1,
      name: '007',
      metadata: { 1: '2' },
    })
  })
})

describe('the reader and TypeBox’s validator', () => {
  const schemas = [schema, listQuery({ created: Type.Optional(rangeFilter('When')) })] as const
  const key = fc.constantFrom(
    'amount',
    'code',
    'live',
    'name',
    'note',
    'flow',
    'flags',
    'items',
    'metadata',
    'created',
    'parent',
    'limit',
    'x',
    'y',
    'gte',
    'zebra',
  )
  const leaf = fc.oneof(
    fc.integer({ min: -3, max: 120 }),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('', 'in', 'linked', 'pending', 'abc', 'a long text'),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }))

  it('agree on every value', () => {
    for (const made of schemas) {
      const closed = closeInput(schemaOf(made))
      const own = compileReader({ ...closed, 'x-exclusive': [] })
      const theirs = Compile(closed as TSchema)
      const near = fc.record(
        {
          amount: fc.integer({ min: 0, max: 9 }),
          live: leaf,
          name: leaf,
          flags: fc.array(leaf, { maxLength: 3 }),
          items: fc.array(fc.record({ x: leaf }), { maxLength: 2 }),
          metadata: value,
          created: value,
          parent: leaf,
          limit: leaf,
        },
        { requiredKeys: [] },
      )
      fc.assert(
        fc.property(fc.oneof(value, near), (sample) => {
          const accepted = !(own(sample, false) instanceof Trouble)
          assert.equal(accepted, theirs.Check(sample), JSON.stringify(sample))
        }),
        { numRuns: 3_000 },
      )
    }
  })

  it('refuses to compile what it does not know, rather than to let it pass', () => {
    for (const odd of [Type.Number(), Type.Any(), Type.Object({}, { additionalProperties: true })]) {
      assert.throws(() => compileReader(closeInput(schemaOf(Type.Object({ odd })))))
    }
  })
})
