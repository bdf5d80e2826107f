import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play, tenantsWith } from '../../test/stage.ts'
import type { ApiKey, Tenants } from '../platform.ts'

const SECRET = 'sk_test_2abcdXy9z'
const KEY: ApiKey = {
  id: 'key_0199a1b2c3d47e5f8091a2b3c4d5e6f7',
  tenantName: 'sandbox',
  kind: 'secret',
  mode: 'test',
  name: 'Secret key',
  last4: 'Xy9z',
  createdMs: 1_764_547_200_000,
  expiresMs: null,
  person: null,
  permissions: null,
  lastUsedMs: null,
  replacedBy: null,
  revokedMs: null,
}

type Wanted = Parameters<Tenants['createKey']>[0]

const making = () => {
  const wanted: Wanted[] = []
  const platform = tenantsWith({
    createKey: async (one) => {
      wanted.push(one)
      const mode = one.tenant === 'live' ? 'live' : 'test'
      const { kind = 'secret', permissions = null, expiresMs = null } = one
      const key: ApiKey = { ...KEY, tenantName: one.tenant, kind, mode, permissions, expiresMs }
      return { ok: true, key, text: SECRET }
    },
  })
  return { wanted, platform }
}

describe('keys create', () => {
  test('answers with the secret alone, so that a script can take it', async () => {
    const { wanted, platform } = making()
    const { code, answer, said } = await play('keys create', { platform })
    assert.deepEqual([code, answer], [0, `${SECRET}\n`])
    assert.match(said, /sandbox "sandbox".*once.*key_0199/)
    assert.deepEqual(wanted, [{ tenant: 'sandbox', name: 'Secret key' }])
  })

  test('with --json prints one object with one secret', async () => {
    const { code, answer, said } = await play('keys create --json', { platform: making().platform })
    assert.deepEqual([code, said], [0, ''])
    assert.deepEqual(JSON.parse(answer), {
      id: KEY.id,
      object: 'api_key',
      created: 1_764_547_200,
      expires_at: null,
      kind: 'secret',
      last4: 'Xy9z',
      last_used_at: null,
      livemode: false,
      name: 'Secret key',
      permissions: null,
      person: null,
      replaced_by: null,
      revoked_at: null,
      tenant: 'sandbox',
      secret: SECRET,
    })
  })

  test('makes live keys only when asked by --live', async () => {
    const { wanted, platform } = making()
    assert.match((await play('keys create --live --name Shop', { platform })).said, /real money/)
    assert.deepEqual(wanted, [{ tenant: 'live', name: 'Shop' }])
    const refused = await play('keys create --sandbox live', { platform })
    assert.equal(refused.code, 2)
    assert.match(refused.said, /fix: For a live key write --live\./)
    assert.equal(wanted.length, 1)
  })

  test('makes restricted and publishable ones, and keys that end by themselves', async () => {
    const { wanted, platform } = making()
    await play('keys create --restricted --permission ledger.read --permission ledger.write', { platform })
    const permissions = ['ledger.read', 'ledger.write']
    assert.deepEqual(wanted[0], {
      tenant: 'sandbox',
      name: 'Restricted key',
      kind: 'restricted',
      permissions,
    })
    assert.match((await play('keys create --publishable', { platform })).said, /may be shown/)
    assert.equal(wanted[1]?.kind, 'publishable')
    assert.match((await play('keys create --expires 24h', { platform })).said, /expires \d{4}-/)
    assert.ok((wanted[2]?.expiresMs ?? 0) > Date.now() + 86_000_000)
    for (const line of ['--permission a.read', '--restricted --publishable', '--expires soon'])
      assert.equal((await play(`keys create ${line}`, { platform })).code, 2, line)
    assert.equal(wanted.length, 3)
  })

  test('passes on what the server refuses, and ends with 1', async () => {
    const message = 'There is no tenant "x": …'
    const platform = tenantsWith({ createKey: async () => ({ ok: false, code: 'tenant_missing', message }) })
    const { code, answer, said } = await play('keys create --sandbox x', { platform })
    assert.deepEqual([code, answer, said], [1, '', `error: ${message}\n`])
  })
})

describe('keys list', () => {
  const listing = (keys: readonly ApiKey[]) => tenantsWith({ listKeys: async () => keys })

  test('shows what is known of each, and never more of the secret than its end', async () => {
    const revoked = {
      ...KEY,
      kind: 'restricted' as const,
      mode: 'live' as const,
      revokedMs: 1_764_547_260_000,
    }
    const { answer } = await play('keys list', { platform: listing([KEY, revoked]) })
    const [title = '', first = '', second = ''] = answer.split('\n')
    assert.match(title, /^ID +NAME +TENANT +KIND +KEY +CREATED +LAST USED +STATE$/)
    assert.match(first, /sk_test_…Xy9z .* good$/)
    assert.match(second, /rk_live_…Xy9z .* revoked \d{4}-/)
  })

  test('says what to do when there is none', async () => {
    assert.match((await play('keys list', { platform: listing([]) })).answer, /evenkeel keys create/)
  })

  test('refuses an unknown sandbox instead of showing an empty list', async () => {
    const { code, said } = await play('keys list --sandbox nowhere', { platform: listing([]) })
    assert.equal(code, 1)
    assert.match(said, /There is no sandbox "nowhere"/)
  })
})

test('keys roll prints the new key alone, and says until when the old one works', async () => {
  const asked: unknown[] = []
  const platform = tenantsWith({
    rollKey: async (...wanted) => {
      asked.push(wanted)
      const old = { ...KEY, expiresMs: Date.now() + wanted[1] }
      return { ok: true, key: { ...KEY, id: 'key_new' }, text: SECRET, old }
    },
  })
  const day = await play(`keys roll ${KEY.id} --expires 24h`, { platform })
  assert.equal(day.answer, `${SECRET}\n`)
  assert.match(day.said, /old key key_0199\w+ works until \d{4}-/)
  assert.match((await play(`keys roll ${KEY.id}`, { platform })).said, /ends now/)
  assert.deepEqual(asked, [
    [KEY.id, 86_400_000],
    [KEY.id, 0],
  ])
})

test('keys permissions lists what a restricted key may be given', async () => {
  const platform = { permissions: () => ['ledger.read', 'ledger.write'] }
  assert.equal((await play('keys permissions', { platform })).answer, 'ledger.read\nledger.write\n')
})

test('keys revoke says which key it was, and whether it was revoked before', async () => {
  for (const [wasRevoked, text] of [
    [false, /is revoked\.$/],
    [true, /was revoked before\.$/],
  ] as const) {
    const platform = tenantsWith({ revokeKey: async () => ({ ok: true, key: KEY, wasRevoked }) })
    const { code, answer } = await play(`keys revoke ${KEY.id}`, { platform })
    assert.equal(code, 0)
    assert.match(answer.trim(), text)
  }
})
