import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { digestOf } from './digest.ts'
import { keyReusedReply } from './envelope.ts'
import { ask, errorOf, openDoor, post, seen } from './test-door.ts'

describe('claims', () => {
  const { app } = openDoor()
  after(() => app.close())

  const claim = async (payload: unknown, url = '/v1/things'): Promise<string | null> => {
    const text = typeof payload === 'string'
    const response = await ask(app, {
      method: 'POST',
      url,
      payload: text ? payload : JSON.stringify(payload),
      headers: {
        'idempotency-key': 'k',
        'content-type': text ? 'application/x-www-form-urlencoded' : 'application/json',
      },
    })
    assert.equal(response.statusCode, 200, response.body)
    return seen.at(-1)?.claim ?? null
  }

  it('are made only of a key', async () => {
    await post(app, { amount: 5 })
    assert.equal(seen.at(-1)?.claim, null)
    assert.match((await claim({ amount: 5 })) ?? '', /^[0-9a-f]{64}$/)
  })

  it('do not depend on the order of parameters', async () => {
    assert.equal(
      await claim({ amount: 5, metadata: { a: 'b', c: 'd' }, items: [{ x: 1 }] }),
      await claim({ items: [{ x: 1 }], metadata: { c: 'd', a: 'b' }, amount: 5 }),
    )
    assert.equal(
      await claim('amount=5&metadata[a]=b&name=x'),
      await claim('name=x&metadata%5Ba%5D=b&amount=5'),
    )
  })

  it('depend on every parameter, its value, its type and its place', async () => {
    const digests = [
      await claim({ amount: 5 }),
      await claim({ amount: 6 }),
      await claim({ amount: 5, metadata: {} }),
      await claim({ amount: 5, metadata: { a: '1' } }),
      await claim({ amount: 5, metadata: { a: '11' } }),
      await claim({ amount: 5, metadata: { a: '1', b: '1' } }),
      await claim({ amount: 5, items: [{ x: 1 }, { x: 2 }] }),
      await claim({ amount: 5, items: [{ x: 2 }, { x: 1 }] }),
      await claim({ amount: 5, items: [] }),
      await claim('amount=5'),
    ]
    assert.equal(new Set(digests).size, digests.length)
  })

  it('are of 1 to 255 printable characters', async () => {
    for (const key of ['a', 'x'.repeat(255), 'order 7/€'.replace('€', '~')]) {
      assert.equal((await post(app, { amount: 5 }, { 'idempotency-key': key })).statusCode, 200)
    }
    for (const key of ['', 'x'.repeat(256), 'tab\there', 'naïve']) {
      const response = await post(app, { amount: 5 }, { 'idempotency-key': key })
      assert.equal(errorOf(response).code, 'idempotency_key_invalid', key)
    }
  })

  it('say in Stripe’s words and with Stripe’s type that a key was used for something else', () => {
    const reply = keyReusedReply('k-1')
    const { error } = JSON.parse(reply.body)
    assert.deepEqual([reply.status, error.type], [400, 'idempotency_error'])
    assert.match(
      error.message,
      /^Keys for idempotent requests can only be used with the same parameters they were first used with\. Try using a key other than 'k-1'/,
    )
  })
})

describe('digests', () => {
  it('keep apart what could be written alike', () => {
    const digest = (body: unknown) => digestOf('POST', '/v1/things', {}, body).toString('hex')
    const bodies = [
      { a: '1' },
      { a: 1 },
      { a: true },
      { a: 'true' },
      { a: null },
      { a: 'null' },
      { a: ['1'] },
      { a: { 0: '1' } },
      { a: '', b: '' },
      { a: 's0:' },
      { a: ['a', 'b'] },
      { a: ['as1:b'] },
      { a: '1', b: '2' },
      { a: '11:bs1:2' },
      {},
    ]
    assert.equal(new Set(bodies.map(digest)).size, bodies.length)
  })

  it('stay what they are: they are stored for ever, and a key that was used must find its own again', () => {
    const body = { metadata: { b: 'ž', a: '' }, amount: 5, live: true, none: null, items: [{ x: -1 }, []] }
    const digest = digestOf('POST', '/v1/things', { limit: '1' }, body).toString('hex')
    assert.equal(digest, 'ba2908d4de0a033f3a1598d35fc80040c3dff58bd2a6c0b2bdac1f3a39b2e592')
  })

  it('sort the keys of large objects too', () => {
    const entries = Array.from({ length: 100 }, (_, index): [string, number] => [`k${index}`, index])
    const one = digestOf('POST', '/', {}, Object.fromEntries(entries))
    assert.deepEqual(one, digestOf('POST', '/', {}, Object.fromEntries(entries.reverse())))
    assert.equal(one.length, 32)
  })
})
