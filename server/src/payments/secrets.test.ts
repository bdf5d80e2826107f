import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import type { TenantId, Uuid } from '../kit/index.ts'
import { checkSecret } from './routes/read.ts'
import { clientSecrets } from './secrets.ts'

const [ONE, OTHER] = [
  '0199a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7' as Uuid,
  '0199a1b2-c3d4-7e5f-8091-a2b3c4d5e6f8' as Uuid,
]
const tenant = 1 as TenantId
const secrets = clientSecrets(createSecretKey(Buffer.alloc(32, 1)))

test('a client_secret is of one payment of one tenant, and follows from the key', () => {
  const right = secrets.of(tenant, ONE)
  assert.match(right, /^pi_0199a1b2c3d47e5f8091a2b3c4d5e6f7_secret_[0-9a-f]{32}$/)
  assert.equal(secrets.isRight(tenant, ONE, right), true)
  assert.equal(secrets.isRight(2 as TenantId, ONE, right), false)
  assert.equal(secrets.isRight(tenant, OTHER, right), false)
  assert.equal(clientSecrets(createSecretKey(Buffer.alloc(32, 2))).isRight(tenant, ONE, right), false)
  const last = right.endsWith('0') ? '1' : '0'
  for (const wrong of ['', right.slice(0, -1), `${right}0`, `${right.slice(0, -1)}${last}`, 'é'.repeat(40)])
    assert.equal(secrets.isRight(tenant, ONE, wrong), false, wrong)
})

test('a publishable key must send it, a secret key need not; what is sent is compared in any case', () => {
  const check = (keyKind: 'secret' | 'publishable', sent: string | undefined) => () =>
    checkSecret(secrets, { tenant, keyKind }, ONE, sent)
  const right = secrets.of(tenant, ONE)
  for (const kind of ['secret', 'publishable'] as const) {
    assert.doesNotThrow(check(kind, right))
    assert.throws(check(kind, secrets.of(tenant, OTHER)), kind)
    assert.throws(check(kind, ''), kind)
  }
  assert.doesNotThrow(check('secret', undefined))
  assert.throws(check('publishable', undefined))
})
