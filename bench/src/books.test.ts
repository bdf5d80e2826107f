import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeBooks } from './books.ts'

const sent = { transfers: 3, amount: 600n }
const stored = { transfers: 3, sequence: 3, amount: 600n }
const balances = { debits: 600n, credits: 600n }

test('Books that hold what was answered verify.', () => {
  assert.equal(judgeBooks('batches', { sent, stored, balances }).ok, true)
})

test('Books verify no more when anything is lost, doubled or out of balance.', () => {
  const wrong: readonly (readonly [what: string, given: Parameters<typeof judgeBooks>[1]])[] = [
    ['a transfer lost', { sent, stored: { ...stored, transfers: 2 }, balances }],
    ['a transfer doubled', { sent, stored: { ...stored, transfers: 4 }, balances }],
    ['a gap in the numbers', { sent, stored: { ...stored, sequence: 4 }, balances }],
    ['another amount stored', { sent, stored: { ...stored, amount: 601n }, balances }],
    ['debits without credits', { sent, stored, balances: { debits: 600n, credits: 599n } }],
    ['balances of another sum', { sent, stored, balances: { debits: 601n, credits: 601n } }],
  ]
  for (const [what, given] of wrong) assert.equal(judgeBooks('batches', given).ok, false, what)
})
