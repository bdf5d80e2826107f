import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileExpand } from './expand.ts'
import { EXPAND_DEPTH_LIMIT } from './limits.ts'
import { Problem } from './problem.ts'

const sorted = (checked: ReadonlySet<string> | Problem): readonly string[] | string =>
  checked instanceof Problem ? checked.message : [...checked].toSorted()

test('a path also expands what leads to it, and nothing else', () => {
  const check = compileExpand(['charge.customer', 'charge.refunds'], false)
  assert.deepEqual(sorted(check(['charge.customer'])), ['charge', 'charge.customer'])
  assert.deepEqual(sorted(check(undefined)), [])
  assert.match(String(sorted(check(['customer']))), /^This property cannot be expanded \(customer\)/)
  assert.match(String(sorted(check(['charge.custome']))), /Did you mean charge\.customer\?$/)
})

test('no path is deeper than four levels, though what it leads to could be expanded; `data` counts', () => {
  assert.equal(EXPAND_DEPTH_LIMIT, 4)
  const deep = ['a.b.c.d.e', 'a.b.c.d']
  const tooDeep = /It has more than 4 levels\.$/
  assert.deepEqual(sorted(compileExpand(deep, false)(['a.b.c.d'])), ['a', 'a.b', 'a.b.c', 'a.b.c.d'])
  assert.match(String(sorted(compileExpand(deep, false)(['a.b.c.d.e']))), tooDeep)
  assert.match(String(sorted(compileExpand(deep, true)(['data.a.b.c.d']))), tooDeep)
})

test('in a list paths begin with data', () => {
  const check = compileExpand(['customer'], true)
  assert.deepEqual(sorted(check(['data.customer'])), ['customer'])
  assert.match(String(sorted(check(['customer']))), /try expanding 'data\.customer' instead/)
})
