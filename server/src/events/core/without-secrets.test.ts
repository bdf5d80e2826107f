import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutSecrets } from './without-secrets.ts'

const SECRET = `pi_0199a1b2c3d47e5f8091a2b3c4d5e6f7_secret_${'0a'.repeat(16)}`

test('an event tells no client_secret, neither as such nor within an address', () => {
  const told = withoutSecrets({
    id: 'pi_0199a1b2c3d47e5f8091a2b3c4d5e6f7',
    client_secret: SECRET,
    next_action: {
      redirect_to_url: { url: `https://example.com/a?payment_intent_client_secret=${SECRET}&x=1` },
    },
  })
  assert.deepEqual(told, {
    id: 'pi_0199a1b2c3d47e5f8091a2b3c4d5e6f7',
    client_secret: null,
    next_action: {
      redirect_to_url: {
        url: 'https://example.com/a?payment_intent_client_secret=pi_0199a1b2c3d47e5f8091a2b3c4d5e6f7_secret_hidden&x=1',
      },
    },
  })
})

test('everything else is told as it is', () => {
  const object = { id: 'x', list: [1, { a: 2 }], none: null, text: 'a_secret_plan', deep: { n: 1 } }
  assert.deepEqual(withoutSecrets(object), object)
})
