import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import Stripe from 'stripe'
import { newSecret, signatureHeaders } from './sign.ts'

const body = JSON.stringify({ id: 'evt_1', object: 'event', text: 'žluťoučký kůň' })
const timestampS = Math.floor(Date.now() / 1_000)

test('a secret is whsec_ and the base64 of 32 bytes', () => {
  const secret = newSecret()
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.equal(Buffer.from(secret.slice(6), 'base64').length, 32)
  assert.notEqual(newSecret(), secret)
})

test('Stripe’s own package takes the signature of each of the secrets that live, and of no other', () => {
  const stripe = new Stripe('sk_test_unused')
  const [one, other, third] = [newSecret(), newSecret(), newSecret()]
  const header = signatureHeaders([one, other], { id: 'evt_1', timestampS, body })['stripe-signature'] ?? ''
  for (const secret of [one, other])
    assert.equal(stripe.webhooks.constructEvent(body, header, secret).id, 'evt_1')
  assert.throws(() => stripe.webhooks.constructEvent(body, header, third), /No signatures found/)
  assert.throws(() => stripe.webhooks.constructEvent(`${body} `, header, one), /No signatures found/)
})

test('Standard Webhooks: HMAC over id, time and body with the bytes of the secret', () => {
  const [one, other] = [newSecret(), newSecret()]
  const headers = signatureHeaders([one, other], { id: 'evt_1', timestampS, body })
  assert.deepEqual([headers['webhook-id'], headers['webhook-timestamp']], ['evt_1', String(timestampS)])
  const expected = [one, other].map((secret) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`evt_1.${timestampS}.${body}`).digest('base64')}`
  })
  assert.deepEqual(headers['webhook-signature']?.split(' '), expected)
})

test('the signature of the specification’s own example', () => {
  const headers = signatureHeaders(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestampS: 1_614_265_330,
    body: '{"test": 2432232314}',
  })
  assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})
