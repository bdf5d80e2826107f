import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePostmasterFile } from './postmaster-file.ts'

const whole = '4711\n/data\n1763830000\n26258\n\n127.0.0.1\n  10012136        46\nready   \n'

test('a whole file tells process, port and state', () => {
  assert.deepEqual(parsePostmasterFile(whole), {
    pid: 4711,
    startedS: 1_763_830_000,
    port: 26_258,
    status: 'ready',
  })
})

test('a file that is still being written has no port yet', () => {
  const found = parsePostmasterFile('4711\n/data\n1763830000\n')
  assert.equal(found?.pid, 4711)
  assert.equal(found?.port, null)
  assert.equal(found?.status, 'unknown')
})

test('each word that PostgreSQL writes is understood', () => {
  for (const word of ['starting', 'ready', 'stopping'] as const)
    assert.equal(parsePostmasterFile(whole.replace('ready', word))?.status, word)
  assert.equal(parsePostmasterFile(whole.replace('ready', 'standby'))?.status, 'unknown')
})

test('what is no such file is nobody', () => {
  for (const text of ['', '\n', '12', 'abc\n/data\n', '0\n/data\n'])
    assert.equal(parsePostmasterFile(text), null)
})
