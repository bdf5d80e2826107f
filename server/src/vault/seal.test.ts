import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TenantId } from '../kit/index.ts'
import { unwrap, wrap } from './data-keys.ts'
import { masterKeyFromText } from './key-sources.ts'
import { type DataKey, openWith, type Place, sealWith, versionOf } from './seal.ts'

const tenant = 1 as TenantId
const other = 2 as TenantId
const key: DataKey = { version: 3, bytes: Buffer.alloc(32, 5) }
const place: Place = { table: 'webhooks', column: 'secret', row: 'we_1' }
const plain = Buffer.from('whsec_naïve')

test('what was sealed opens in its place', () => {
  for (const text of [plain, Buffer.alloc(0), Buffer.alloc(100_000, 1)]) {
    const sealed = sealWith(key, tenant, place, text)
    assert.equal(versionOf(sealed), 3)
    assert.deepEqual(openWith(key, tenant, place, sealed), text)
  }
})

test('two seals of one text have nothing in common', () => {
  const [one, two] = [sealWith(key, tenant, place, plain), sealWith(key, tenant, place, plain)]
  assert.equal(one.subarray(5).equals(two.subarray(5)), false)
  assert.equal(one.includes(plain), false)
})

test('a ciphertext that was moved anywhere else does not open', () => {
  const sealed = sealWith(key, tenant, place, plain)
  assert.throws(() => openWith(key, other, place, sealed))
  for (const moved of [{ table: 'rails' }, { column: 'token' }, { row: 'we_2' }])
    assert.throws(() => openWith(key, tenant, { ...place, ...moved }, sealed), JSON.stringify(moved))
})

test('no two places read the same, however their names are cut', () => {
  const sealed = sealWith(key, tenant, { table: 'ab', column: 'c', row: 'd' }, plain)
  assert.throws(() => openWith(key, tenant, { table: 'a', column: 'bc', row: 'd' }, sealed))
  assert.throws(() => openWith(key, tenant, { table: 'abc', column: '', row: 'd' }, sealed))
})

test('another key, or another version’s mark, does not open it', () => {
  const sealed = sealWith(key, tenant, place, plain)
  assert.throws(() => openWith({ version: 3, bytes: Buffer.alloc(32, 6) }, tenant, place, sealed))
  const marked = Buffer.from(sealed)
  marked.writeUInt32BE(4, 1)
  assert.throws(() => openWith(key, tenant, place, marked))
  assert.throws(() => openWith({ ...key, version: 4 }, tenant, place, marked))
})

test('no byte of it can be changed, and none left out', () => {
  const sealed = sealWith(key, tenant, place, plain)
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed)
    changed[index] = (changed[index] ?? 0) ^ 1
    assert.throws(() => openWith(key, tenant, place, changed), `byte ${index}`)
    assert.throws(() => openWith(key, tenant, place, sealed.subarray(0, index)), `cut at ${index}`)
  }
})

test('a wrapped data key opens for its tenant and version, with its master key', () => {
  const master = masterKeyFromText(Buffer.alloc(32, 9).toString('hex'))
  const wrapped = wrap(master, tenant, key)
  assert.deepEqual(unwrap(master, tenant, 3, wrapped), key)
  assert.throws(() => unwrap(master, other, 3, wrapped))
  assert.throws(() => unwrap(master, tenant, 4, wrapped))
  assert.throws(() => unwrap(masterKeyFromText(Buffer.alloc(32, 8).toString('hex')), tenant, 3, wrapped))
})
