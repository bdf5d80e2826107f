import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inCopyOrder } from './order.ts'

const table = (name: string, ...targets: string[]) => ({ name, targets })
const namesOf = (tables: readonly { readonly name: string }[]): string[] => tables.map(({ name }) => name)

test('a table comes after those that its foreign keys point to, and else in the order given', () => {
  const tables = [table('c', 'b'), table('a'), table('b', 'a', 'd'), table('d'), table('e', 'e')]
  assert.deepEqual(namesOf(inCopyOrder(tables)), ['a', 'd', 'e', 'b', 'c'])
})

test('what points to a table that is not carried does not wait for it', () => {
  assert.deepEqual(namesOf(inCopyOrder([table('b', 'elsewhere'), table('a')])), ['b', 'a'])
})

test('foreign keys in a circle are a bug of the schema', () => {
  assert.throws(() => inCopyOrder([table('a', 'b'), table('b', 'a')]), /circles/)
})
