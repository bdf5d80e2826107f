import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareHoldings, type Holding } from './compare.ts'

const holding = (table: string, rows: bigint, digest: string): Holding => ({ table, rows, digest })

test('equal tables do not differ, in whatever order they were read', () => {
  const [one, other] = [holding('a', 2n, '-7'), holding('b', 0n, '0')]
  assert.deepEqual(compareHoldings([one, other], [other, one]), [])
})

test('a table differs by its rows, by their content, or by not being there', () => {
  const source = [holding('a', 2n, '-7'), holding('b', 3n, '5'), holding('c', 1n, '1')]
  const target = [holding('a', 1n, '-7'), holding('b', 3n, '6'), holding('d', 1n, '1')]
  assert.deepEqual(compareHoldings(source, target), [
    { table: 'a', what: 'has 2 rows in the old database and 1 in the new one' },
    { table: 'b', what: 'has rows with other content' },
    { table: 'c', what: 'is not in the new database' },
    { table: 'd', what: 'is not in the old database' },
  ])
})
