import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from './digest.ts'

test('two requests are the same one only with the same method, path, query and body', () => {
  const digests = [
    digestOf('POST', '/v1/refunds', {}, {}),
    digestOf('POST', '/v1/payment_intents/pi_1/capture', {}, {}),
    digestOf('POST', '/v1/payment_intents/pi_2/capture', {}, {}),
    digestOf('DELETE', '/v1/refunds', {}, {}),
    digestOf('POST', '/v1/refunds', { expand: ['charge'] }, {}),
    digestOf('POST', '/v1/refunds', {}, { expand: ['charge'] }),
    digestOf('POST', '/v1/refunds', {}, { amount: '1' }),
    digestOf('POST', '/v1/refunds', {}, { amount: '2' }),
  ].map((digest) => digest.toString('hex'))
  assert.equal(new Set(digests).size, digests.length)
})

test('the order of parameters makes no difference', () => {
  const one = digestOf('POST', '/v1/refunds', {}, { amount: '1', charge: 'ch_1' })
  assert.deepEqual(digestOf('POST', '/v1/refunds', {}, { charge: 'ch_1', amount: '1' }), one)
})
