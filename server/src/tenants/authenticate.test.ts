import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Principal } from '../http/index.ts'
import { Fault, type TenantId } from '../kit/index.ts'
import { createAuthenticate, type Known, type LookUp } from './authenticate.ts'
import { writeKeyText } from './core/key-text.ts'
import { KEY_MEMORY_MS, KEY_RANDOM_BYTES, KEYS_REMEMBERED } from './limits.ts'

const TENANT = 7 as TenantId

const keyNumber = (number: number): string => {
  const random = new Uint8Array(KEY_RANDOM_BYTES)
  new DataView(random.buffer).setUint32(0, number)
  return writeKeyText({ kind: 'secret', mode: 'test', tenant: TENANT }, random)
}

const KEY = keyNumber(1)

const principal: Principal = {
  tenant: TENANT,
  mode: 'test',
  keyId: 'key_1',
  kind: 'secret',
  permissions: 'all',
  person: null,
}
const known: Known = { principal, expiresMs: null }

/** An authenticate over answers that the test gives, with a clock that it moves and a count of look-ups. */
const bench = (lookUp: LookUp) => {
  const clock = { ms: 1_000_000, lookUps: 0 }
  const counted: LookUp = (tenant, hash) => {
    clock.lookUps += 1
    return lookUp(tenant, hash)
  }
  return { clock, authenticate: createAuthenticate(counted, { now: () => clock.ms }) }
}

describe('authentication', () => {
  test('looks a key up once within its memory, and answers at once from then on', async () => {
    const { clock, authenticate } = bench(async () => known)
    assert.equal(await authenticate(KEY), principal)
    clock.ms += KEY_MEMORY_MS - 1
    assert.equal(authenticate(KEY), principal)
    assert.equal(clock.lookUps, 1)
  })

  test('forgets a key that was revoked when its memory ends, counted from before the look-up', async () => {
    let answer: Known | null = known
    const { clock, authenticate } = bench(async () => answer)
    await authenticate(KEY)
    answer = null
    clock.ms += KEY_MEMORY_MS
    assert.equal(await authenticate(KEY), null)
    assert.equal(clock.lookUps, 2)
  })

  test('is no longer patient with a slow look-up than with an old answer', async () => {
    const { promise, resolve } = Promise.withResolvers<Known | null>()
    const { clock, authenticate } = bench(() => (clock.lookUps === 1 ? promise : Promise.resolve(null)))
    const early = authenticate(KEY)
    clock.ms += KEY_MEMORY_MS
    assert.equal(await authenticate(KEY), null)
    resolve(known)
    assert.equal(await early, principal)
    assert.equal(await authenticate(KEY), null, 'the late answer of the old look-up is not remembered')
    assert.equal(clock.lookUps, 2)
  })

  test('asks once for many requests at the same time', async () => {
    const { clock, authenticate } = bench(async () => known)
    const answers = await Promise.all(Array.from({ length: 50 }, () => authenticate(KEY)))
    assert.ok(answers.every((answer) => answer === principal))
    assert.equal(clock.lookUps, 1)
  })

  test('ends a key at its time, by the wall clock, also from memory', async () => {
    const { clock, authenticate } = bench(async () => ({ principal, expiresMs: 1_000_500 }))
    assert.equal(await authenticate(KEY), principal)
    clock.ms = 1_000_499
    assert.equal(await authenticate(KEY), principal)
    clock.ms = 1_000_500
    assert.equal(await authenticate(KEY), null)
    assert.equal(clock.lookUps, 1)
  })

  test('does not look up what is mistyped or no key', async () => {
    const { clock, authenticate } = bench(async () => known)
    for (const text of ['', 'sk_test_1', `${KEY}x`, KEY.slice(0, -1), KEY.replace('_test_', '_live_')])
      assert.equal(await authenticate(text), null, text)
    assert.equal(clock.lookUps, 0)
  })

  test('remembers unknown keys too, so that a wrong one costs one look-up', async () => {
    const { clock, authenticate } = bench(async () => null)
    for (let i = 0; i < 5; i++) assert.equal(await authenticate(KEY), null)
    assert.equal(clock.lookUps, 1)
  })

  test('remembers no more keys than it may', async () => {
    const { clock, authenticate } = bench(async () => known)
    for (let i = 0; i <= KEYS_REMEMBERED; i++) await authenticate(keyNumber(i))
    await authenticate(keyNumber(KEYS_REMEMBERED))
    assert.equal(clock.lookUps, KEYS_REMEMBERED + 1)
    await authenticate(keyNumber(0))
    assert.equal(clock.lookUps, KEYS_REMEMBERED + 2, 'the oldest was dropped')
  })

  test('is looked up again when the wall clock was set back', async () => {
    const { clock, authenticate } = bench(async () => known)
    await authenticate(KEY)
    clock.ms -= 60_000
    await authenticate(KEY)
    assert.equal(clock.lookUps, 2)
  })

  test('is a fault, and no refusal, when the database is away, and is not remembered', async () => {
    let isAway = true
    const { authenticate } = bench(async () => {
      if (isAway) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
      return known
    })
    await assert.rejects(
      async () => authenticate(KEY),
      (error) => error instanceof Fault && error.kind === 'unavailable',
    )
    isAway = false
    assert.equal(await authenticate(KEY), principal)
  })
})
