import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import type { TenantId } from '../../kit/index.ts'
import type { Notification } from '../port/index.ts'
import { SIGNATURE_AGE_MOST_S } from './limits.ts'
import { decode, encode, receiveOver, signedMessage } from './wire.ts'

const NOW = Date.UTC(2026, 10, 22)
const secret = createSecretKey(Buffer.alloc(32, 1))
const at = (ms: number) => ({ now: () => ms })
const told: Notification = {
  id: 'n1',
  tenant: 1 as TenantId,
  type: 'dispute',
  dispute: 'case',
  of: 'order',
  amount: 9_007_199_254_740_993n,
  currency: 'EUR',
  state: 'opened',
  reason: 'fraudulent',
  evidenceDueMicros: null,
}
const message = signedMessage(secret, at(NOW), [told])
const [[name = '', signature = ''] = []] = Object.entries(message.headers)
const receive = receiveOver(secret, at(NOW))

test('a message of the acquirer’s is taken as it was sent, amounts of any size', () => {
  assert.deepEqual(receive(message), [told])
  assert.deepEqual(decode(encode({ a: 1n, b: [{ c: -2n }] })), { a: 1n, b: [{ c: -2n }] })
})

test('a message is refused whose signature is missing, of something else, or by another key', () => {
  const other = signedMessage(createSecretKey(Buffer.alloc(32, 2)), at(NOW), [told])
  const changed = Buffer.from(message.body.toString().replace('"opened"', '"won"'))
  const last = signature.endsWith('0') ? '1' : '0'
  for (const wrong of [
    { ...message, headers: {} },
    { ...message, headers: { [name]: '' } },
    { ...message, headers: { [name]: `${signature.slice(0, -1)}${last}` } },
    { ...message, headers: { [name]: signature.replace(/v1=.*/, `v1=${'0'.repeat(64)}`) } },
    { ...message, body: changed },
    other,
  ])
    assert.equal(receive(wrong), null, JSON.stringify(wrong.headers))
})

test('an old message sent again is refused, and so is one with another time written on it', () => {
  const lateMs = NOW + (SIGNATURE_AGE_MOST_S + 1) * 1_000
  assert.equal(receiveOver(secret, at(lateMs))(message), null)
  const later = signature.replace(/^t=\d+/, `t=${lateMs / 1_000}`)
  assert.equal(receiveOver(secret, at(lateMs))({ ...message, headers: { [name]: later } }), null)
  assert.deepEqual(receiveOver(secret, at(NOW + SIGNATURE_AGE_MOST_S * 1_000))(message), [told])
})
