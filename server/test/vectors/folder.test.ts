import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openModel } from '../model/subject.ts'
import { replayFolder } from './folder.ts'
import { parseVector } from './format.ts'
import { idOf, showVectorId } from './mapping.ts'

const SOURCES = [{ name: 'model', open: () => openModel() }]

const vector = (status: string, balance: number, transfers: object = {}) => ({
  name: 'small',
  steps: [
    {
      create_accounts: [
        [{ id: 1, ledger: 1, code: 1 }, 'created'],
        [{ id: 2, ledger: 1, code: 1 }, 'created'],
      ],
    },
    { create_transfers: [[{ id: 10, debit: 1, credit: 2, ledger: 1, code: 1, amount: 7 }, status]] },
  ],
  final: {
    balances: { 1: [0, balance, 0, 0], 2: [0, 0, 0, balance] },
    transfers,
    history: {},
  },
})

const replay = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'vectors-'))
  const lines: string[] = []
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    await replayFolder(folder, SOURCES, (line) => lines.push(line))
  } finally {
    await rm(folder, { recursive: true })
  }
  return lines
}

test('a folder that agrees ends with its count and says nothing else', async () => {
  const good = JSON.stringify(vector('created', 7, { 10: [7, 1, 2] }))
  assert.deepEqual(await replay({ 'a.json': good, 'b.json': good, 'README.md': 'no vector' }), [
    '2 passed, 0 failed',
  ])
})

test('a file that differs is named with what was expected and what came', async () => {
  const lines = await replay({ 'a.json': JSON.stringify(vector('exists', 8)) })
  assert.deepEqual(lines.join('\n').split('\n'), [
    'a.json · model',
    '    steps[1] create_transfers[0] (id 10): expected exists, got created',
    '    final balances of account 1: expected [0, 8, 0, 0], got [0, 7, 0, 0]',
    '    final balances of account 2: expected [0, 0, 0, 8], got [0, 0, 0, 7]',
    '    final transfer 10: expected no such transfer, got [7, 1, 2]',
    '0 passed, 1 failed',
  ])
})

test('a file that cannot be read fails alone, with the place of the trouble', async () => {
  const good = JSON.stringify(vector('created', 7, { 10: [7, 1, 2] }))
  const lines = await replay({ 'a.json': '{', 'b.json': good, 'c.json': good.replace('"amount"', '"sum"') })
  assert.match(lines.join('\n'), /create_transfers\[0\]\.sum is no known field/)
  assert.equal(lines.at(-1), '1 passed, 2 failed')
})

test('numbers beyond 2^53 are read exactly', () => {
  const text = JSON.stringify(vector('created', 7)).replace('"amount":7', '"amount":9223372036854775807')
  const step = parseVector(text).steps[1]
  assert.ok(step?.kind === 'create_transfers')
  assert.equal(step.items[0]?.command.amount, 2n ** 63n - 1n)
})

test('ids keep their order and can be shown as the file names them', () => {
  const ids = [0, 1, 9, 10, 255, 256, 2 ** 40, 'max'] as const
  assert.deepEqual(ids.map(idOf), ids.map(idOf).toSorted())
  assert.deepEqual(ids.map(idOf).map(showVectorId), ids.map(String))
})
