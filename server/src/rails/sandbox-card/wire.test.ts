import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import type { TenantId } from '../../kit/index.ts'
import type { Notification } from '../port/index.ts'
import { SIGNATURE_AGE_MOST_S } from './limits.ts'
import { decode, encode, receiveOver, signedMessage, type Teller } from './wire.ts'

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
const teller = (ms = NOW): Teller => ({ rail: 'sandbox-card', secret, clock: at(ms) })
const message = signedMessage(teller(), [told])
const [[name = '', signature = ''] = []] = Object.entries(message.headers)
const receive = receiveOver(teller())

test('a message of the acquirer’s is taken as it was sent, amounts of any size', () => {
  assert.deepEqual(receive(message), [told])
  assert.deepEqual(decode(encode({ a: 1n, b: [{ c: -2n }] })), { a: 1n, b: [{ c: -2n }] })
})

test('a message is refused whose signature is missing, of something else, or by another key', () => {
  const other = signedMessage({ ...teller(), secret: createSecretKey(Buffer.alloc(32, 2)) }, [told])
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
  assert.equal(receiveOver(teller(lateMs))(message), null)
  const later = signature.replace(/^t=\d+/, `t=${lateMs / 1_000}`)
  assert.equal(receiveOver(teller(lateMs))({ ...message, headers: { [name]: later } }), null)
  assert.deepEqual(receiveOver(teller(NOW + SIGNATURE_AGE_MOST_S * 1_000))(message), [told])
})

test('a message of one rail is none of another’s, though both sign with the same secret', () => {
  const other = receiveOver({ ...teller(), rail: 'sandbox-express' })
  assert.equal(other(message), null)
  const own = signedMessage({ ...teller(), rail: 'sandbox-express' }, [told])
  assert.deepEqual([other(own), receive(own)], [[told], null])
  const relabelled = Buffer.from(own.body.toString().replace('sandbox-express', 'sandbox-card'))
  assert.equal(receive({ ...own, body: relabelled }), null)
})
