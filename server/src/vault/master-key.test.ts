import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import { createMasterKeyFile, masterKeyFromText } from './key-sources.ts'
import { obtainKeyring } from './keyring.ts'
import { derive, fingerprintOf, type MasterKey, parseMasterKey, rolePassword } from './master-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-key-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const obtainOne = async (source: Parameters<typeof obtainKeyring>[0]): Promise<MasterKey> =>
  (await obtainKeyring(source)).candidates()[0]

const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7))

test('32 bytes are read in base64, base64url and hexadecimal alike', () => {
  for (const text of [
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    ` ${bytes.toString('hex').toUpperCase()}\n`,
  ])
    assert.deepEqual(parseMasterKey(text)?.export(), bytes, text)
})

test('anything else is refused, with a way to make one', () => {
  for (const text of [
    '',
    'secret',
    bytes.subarray(1).toString('hex'),
    bytes.subarray(1).toString('base64'),
    'z'.repeat(64),
  ])
    assert.throws(() => masterKeyFromText(text), { name: 'SetupProblem', fix: /node -p/ }, text)
})

test('a new file is for its owner only, and is read again as the same key', async () => {
  const file = join(folder, 'new.key')
  const key = await obtainOne({ file, hasDatabase: () => false })
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const again = await obtainOne({ file, hasDatabase: () => true })
  assert.equal(again.equals(key), true)
})

test('a file that others can read is refused', async () => {
  const file = join(folder, 'open.key')
  createMasterKeyFile(file)
  for (const mode of [0o640, 0o604, 0o620]) {
    chmodSync(file, mode)
    await assert.rejects(obtainOne({ file, hasDatabase: () => false }), {
      name: 'SetupProblem',
      message: /can be read by others/,
      fix: /chmod 600/,
    })
  }
})

test('a key that is lost while there is a database is never replaced by a new one', async () => {
  const file = join(folder, 'lost.key')
  await assert.rejects(obtainOne({ file, hasDatabase: () => true }), /The master key is gone/)
  assert.equal(statSync(file, { throwIfNoEntry: false }), undefined)
})

test('of two processes that make the file the first one’s key counts for both', () => {
  const file = join(folder, 'both.key')
  const [first] = createMasterKeyFile(file)
  const text = readFileSync(file, 'utf8')
  const [second] = createMasterKeyFile(file)
  assert.deepEqual(second?.export(), first?.export())
  assert.equal(readFileSync(file, 'utf8'), text)
})

test('MASTER_KEY goes before the file', async () => {
  const key = await obtainOne({
    text: bytes.toString('hex'),
    file: '/nowhere/master.key',
    hasDatabase: () => true,
  })
  assert.deepEqual(key.export(), bytes)
})

test('what derives from a key is the same each time and different for each purpose and key', () => {
  const key = masterKeyFromText(bytes.toString('hex'))
  const other = masterKeyFromText(Buffer.alloc(32, 1).toString('hex'))
  const all = [
    rolePassword(key, 'app'),
    rolePassword(key, 'reader'),
    rolePassword(key, 'superuser'),
    rolePassword(other, 'app'),
    derive(key, 'x').toString('hex'),
    fingerprintOf(key).toString('hex'),
    fingerprintOf(other).toString('hex'),
  ]
  assert.equal(new Set(all).size, all.length)
  assert.equal(rolePassword(key, 'app'), rolePassword(masterKeyFromText(bytes.toString('base64')), 'app'))
  // Fixed for ever: with another derivation every installation would lose its roles.
  assert.equal(rolePassword(other, 'app'), 'uXettvlFuz_iq8GPquo5pnYb4CcXBIk1')
})

test('a key is not shown by what prints objects', () => {
  const key = masterKeyFromText(bytes.toString('hex'))
  for (const shown of [inspect(key, { depth: 9 }), JSON.stringify({ key })]) {
    assert.equal(shown.includes(bytes.toString('hex')), false)
    assert.equal(shown.includes(bytes.toString('base64')), false)
  }
})
