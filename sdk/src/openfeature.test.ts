import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createOpenFeatureProvider, type OpenFeatureOptions } from './openfeature.ts'

type Sent = { url: string; init: RequestInit | undefined }

/** A provider whose server always gives this answer, and what was sent to it. */
const play = (answer: () => Response | Promise<Response>, more: Partial<OpenFeatureOptions> = {}) => {
  const sent: Sent[] = []
  const provider = createOpenFeatureProvider({
    baseUrl: 'http://localhost:8484/below/',
    apiKey: 'rk_test_1',
    fetch: async (url, init) => {
      sent.push({ url: String(url), init })
      return await answer()
    },
    ...more,
  })
  return { provider, sent }
}

const json =
  (body: unknown, status = 200) =>
  (): Response =>
    new Response(JSON.stringify(body), { status })
const on = { key: 'f', value: true, variant: 'on', reason: 'SPLIT', metadata: { exposed: true, bucket: 7 } }

const codeOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error)
    return error.code
  }
  throw new assert.AssertionError({ message: 'it did not fail' })
}

describe('a feature', () => {
  test('is asked for with the key and the whole context, and comes with variant, reason and metadata', async () => {
    const { provider, sent } = play(json(on))
    const context = { targetingKey: 'ann', plan: 'pro', at: new Date(0) }
    assert.deepEqual(await provider.resolveBooleanEvaluation('a/b f', false, context), {
      value: true,
      variant: 'on',
      reason: 'SPLIT',
      flagMetadata: { exposed: true, bucket: 7 },
    })
    assert.equal(sent[0]?.url, 'http://localhost:8484/below/ofrep/v1/evaluate/flags/a%2Fb%20f')
    const headers = new Headers(sent[0]?.init?.headers)
    assert.equal(headers.get('authorization'), 'Bearer rk_test_1')
    assert.equal(sent[0]?.init?.redirect, 'error', 'the key is sent to no other host')
    assert.deepEqual(JSON.parse(String(sent[0]?.init?.body)), {
      context: { targetingKey: 'ann', plan: 'pro', at: '1970-01-01T00:00:00.000Z' },
    })
  })

  test('without a targeting key is asked for with an empty one, which is the control', async () => {
    const { provider, sent } = play(
      json({ ...on, value: false, reason: 'STATIC', metadata: { exposed: false } }),
    )
    assert.equal((await provider.resolveBooleanEvaluation('f', true, {})).reason, 'DEFAULT')
    assert.deepEqual(JSON.parse(String(sent[0]?.init?.body)), { context: { targetingKey: '' } })
  })

  test('of another type than the caller’s is a mismatch, whichever of the two it is', async () => {
    for (const [value, wrong] of [
      [true, 'String'],
      ['text', 'Boolean'],
      [7, 'Object'],
      [null, 'Object'],
      [{}, 'Number'],
      [[], 'Boolean'],
    ] as const) {
      const { provider } = play(json({ ...on, value }))
      const ask = {
        Boolean: () => provider.resolveBooleanEvaluation('f', false, {}),
        String: () => provider.resolveStringEvaluation('f', '', {}),
        Number: () => provider.resolveNumberEvaluation('f', 0, {}),
        Object: () => provider.resolveObjectEvaluation('f', {}, {}),
      }[wrong]
      assert.equal(await codeOf(ask()), 'TYPE_MISMATCH', `${JSON.stringify(value)} as ${wrong}`)
    }
  })

  test('that the server leaves to the code is the code’s default', async () => {
    const { value: _value, ...without } = on
    const { provider } = play(json(without))
    assert.equal((await provider.resolveStringEvaluation('f', 'mine', {})).value, 'mine')
  })
})

describe('what goes wrong', () => {
  test('has the code that OpenFeature knows it by', async () => {
    const failures: readonly [() => Response | Promise<Response>, string][] = [
      [json({ key: 'f', errorCode: 'FLAG_NOT_FOUND', errorDetails: 'none' }, 404), 'FLAG_NOT_FOUND'],
      [json({ key: 'f', errorCode: 'TARGETING_KEY_MISSING' }, 400), 'TARGETING_KEY_MISSING'],
      [json({ key: 'f', errorCode: 'SOMETHING_NEW' }, 400), 'GENERAL'],
      [json({ error: { message: 'no' } }, 401), 'GENERAL'],
      [json({ error: { message: 'later' } }, 503), 'GENERAL'],
      [() => new Response('<html>', { status: 200 }), 'GENERAL'],
      [() => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' })), 'GENERAL'],
    ]
    for (const [answer, code] of failures) {
      const { provider } = play(answer)
      assert.equal(await codeOf(provider.resolveBooleanEvaluation('f', false, {})), code)
    }
  })

  test('a slow answer is none', async () => {
    const slow: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    const { provider } = play(json(on), { fetch: slow, timeoutMs: 5 })
    // The timer of a signal keeps no process alive, and nothing else does here.
    const alive = setInterval(() => undefined, 1_000)
    assert.equal(await codeOf(provider.resolveBooleanEvaluation('f', false, {})), 'GENERAL')
    clearInterval(alive)
  })

  test('a key that is refused is fatal from the start; a server that is away is not', async () => {
    assert.equal(await codeOf(play(json({ error: {} }, 401)).provider.initialize()), 'PROVIDER_FATAL')
    assert.equal(await codeOf(play(json({ error: {} }, 403)).provider.initialize()), 'PROVIDER_FATAL')
    assert.equal(await codeOf(play(json({ error: {} }, 503)).provider.initialize()), 'GENERAL')
    await play(json({ flags: [] })).provider.initialize()
  })
})
