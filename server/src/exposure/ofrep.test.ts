import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { control, launchId } from '../../test/support/exposure-samples.ts'
import { openExposureServer, post } from '../../test/support/exposure-server.ts'
import { FRESH_MS } from './limits.ts'

const server = openExposureServer()
after(() => server.app.close())

const PATH = '/ofrep/v1/evaluate/flags'
const feature = (key: string, change: Parameters<typeof control>[0] = {}) =>
  control({
    subject: {
      kind: 'feature',
      key,
      variants: { new: { rows: 20 }, old: { rows: 10 } },
      on: 'new',
      off: 'old',
    },
    unit: 'targeting_key',
    ...change,
  })

/** As another process's commit, a second ago. */
const settle = (...controls: Parameters<typeof server.set>[0]): void => {
  server.set(controls)
  server.clock.nowMs += 2 * FRESH_MS
}

const evaluate = (key: string, context: unknown) => post(server, `${PATH}/${key}`, { context })

describe('a feature over OFREP', () => {
  test('is the launched variant for whoever is exposed, and the other for everybody else', async () => {
    settle(feature('search', { exposureBp: 10_000 }))
    const all = await evaluate('search', {
      targetingKey: 'ann',
      email: 'a@example.com',
      score: 0.5,
      nested: [{}],
    })
    assert.equal(all.status, 200)
    assert.deepEqual(
      [all.body['key'], all.body['value'], all.body['variant'], all.body['reason']],
      ['search', { rows: 20 }, 'new', 'STATIC'],
    )
    const { bucket, ...metadata } = all.body['metadata'] as Record<string, unknown>
    assert.ok(Number.isInteger(bucket))
    assert.deepEqual(metadata, {
      launch: 'launch_00000000000070008000000000000001',
      stage: 0,
      exposed: true,
      reason: 'bucket',
      exposure_bp: 10_000,
      version: 1,
    })
    const said: Record<string, unknown> = {}
    settle(feature('search', { exposureBp: 0, named: ['ann'], excluded: ['bob'] }))
    for (const targetingKey of ['ann', 'bob', 'cid']) {
      const { variant, reason } = (await evaluate('search', { targetingKey })).body
      said[targetingKey] = `${variant} ${reason}`
    }
    assert.deepEqual(said, { ann: 'new TARGETING_MATCH', bob: 'old TARGETING_MATCH', cid: 'old STATIC' })
    settle(feature('search', { exposureBp: 5_000 }))
    assert.equal((await evaluate('search', { targetingKey: 'ann' })).body['reason'], 'SPLIT')
  })

  test('of a stopped launch is the other variant for all, named ones included', async () => {
    settle(feature('search', { exposureBp: 10_000, named: ['ann'], isStopped: true }))
    const { variant, reason } = (await evaluate('search', { targetingKey: 'ann' })).body
    assert.deepEqual([variant, reason], ['old', 'DISABLED'])
  })

  test('with an empty targeting key tells nobody apart, which is the control', async () => {
    settle(feature('search', { exposureBp: 10_000, named: [''] }))
    const { status, body } = await evaluate('search', { targetingKey: '' })
    assert.deepEqual([status, body['variant'], body['reason']], [200, 'old', 'STATIC'])
    assert.equal((body['metadata'] as Record<string, unknown>)['reason'], 'no_unit')
  })

  test('looks at country, currency and amount where the launch does', async () => {
    const filters = { countries: ['NL'], currencies: ['EUR'], amountFrom: 100, amountTo: null }
    settle(feature('search', { exposureBp: 10_000, filters }))
    const variantOf = async (more: object) =>
      (await evaluate('search', { targetingKey: 'ann', ...more })).body['variant']
    assert.equal(await variantOf({ country: 'nl', currency: 'eur', amount: 100 }), 'new')
    assert.equal(await variantOf({ country: 'NL', currency: 'EUR', amount: 99 }), 'old')
    assert.equal(await variantOf({ country: 'NL', currency: 'EUR' }), 'old')
    assert.equal(await variantOf({ country: 'DE', currency: 'EUR', amount: 100 }), 'old')
    assert.equal(await variantOf({}), 'old')
  })

  const refusals: readonly [string, string, unknown, number, string][] = [
    ['an unknown feature', 'nothing', { context: { targetingKey: 'ann' } }, 404, 'FLAG_NOT_FOUND'],
    ['an unknown feature without a key', 'nothing', { context: {} }, 404, 'FLAG_NOT_FOUND'],
    ['no targeting key', 'search', { context: {} }, 400, 'TARGETING_KEY_MISSING'],
    ['null as targeting key', 'search', { context: { targetingKey: null } }, 400, 'TARGETING_KEY_MISSING'],
    ['a targeting key that is no text', 'search', { context: { targetingKey: 7 } }, 400, 'INVALID_CONTEXT'],
    ['no context', 'search', {}, 400, 'INVALID_CONTEXT'],
    ['a list as context', 'search', { context: [] }, 400, 'INVALID_CONTEXT'],
    ['a body that is no object', 'search', '[]', 400, 'INVALID_CONTEXT'],
    ['a body that is no JSON', 'search', '{"context":', 400, 'PARSE_ERROR'],
    ['an empty body', 'search', '', 400, 'PARSE_ERROR'],
    ['a body that is not UTF-8', 'search', Buffer.from([0x22, 0xff, 0x22]), 400, 'PARSE_ERROR'],
    ['a key of the prototype', 'toString', { context: { targetingKey: 'ann' } }, 404, 'FLAG_NOT_FOUND'],
  ]
  for (const [name, key, body, status, errorCode] of refusals) {
    test(`is refused in the protocol’s own shape: ${name}`, async () => {
      settle(feature('search'))
      const answer = await post(server, `${PATH}/${key}`, body)
      assert.equal(answer.status, status)
      assert.deepEqual(Object.keys(answer.body), ['key', 'errorCode', 'errorDetails'])
      assert.deepEqual([answer.body['key'], answer.body['errorCode']], [key, errorCode])
    })
  }

  test('needs a key of the API, as everything does', async () => {
    const { status } = await post(server, `${PATH}/search`, {}, { authorization: 'Bearer nobody' })
    assert.equal(status, 401)
  })
})

describe('all features at once', () => {
  test('come with a tag, and are not sent again while nothing has changed', async () => {
    settle(
      feature('one', { exposureBp: 10_000 }),
      feature('two', { exposureBp: 0, launch: launchId(2) }),
      control({ launch: launchId(3) }),
    )
    const body = { context: { targetingKey: 'ann' } }
    const first = await post(server, PATH, body)
    assert.equal(first.status, 200)
    assert.deepEqual(
      (first.body['flags'] as Record<string, unknown>[]).map(({ key, variant }) => `${key} ${variant}`),
      ['one new', 'two old'],
    )
    const tag = String(first.headers['etag'])
    assert.match(tag, /^"[0-9a-f]{64}"$/)
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const again = await post(server, PATH, body, { 'if-none-match': known })
      assert.deepEqual([again.status, again.body, again.headers['etag']], [304, {}, tag])
    }
    settle(feature('one', { exposureBp: 10_000 }))
    const changed = await post(server, `${PATH}?flagConfigEtag=x`, body, { 'if-none-match': tag })
    assert.equal(changed.status, 200)
    assert.notEqual(changed.headers['etag'], tag)
  })

  test('are refused as a whole without a targeting key', async () => {
    const { status, body } = await post(server, PATH, { context: { targetingKey: null } })
    assert.deepEqual([status, body['errorCode'], 'key' in body], [400, 'TARGETING_KEY_MISSING', false])
  })
})
