import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { play } from '../../test/stage.ts'

const home = mkdtempSync(join(tmpdir(), 'evenkeel-listen-'))
after(() => rmSync(home, { recursive: true }))

const event = (n: number, type = 'charge.succeeded') => ({
  id: `evt_${n}`,
  object: 'event',
  type,
  created: 1_764_547_200 + n,
  pending_webhooks: 1,
  data: { object: { id: `ch_${n}` } },
})

type Asked = { readonly url: URL; readonly method: string; readonly headers: Headers; readonly body: string }

/** A server whose events go up to `newest` at the first question and two further at the next, and a program beside it. */
const outside = (asked: Asked[]): typeof globalThis.fetch => {
  let count = 1
  return async (input, init = {}) => {
    const url = new URL(String(input))
    asked.push({
      url,
      method: init.method ?? 'GET',
      headers: new Headers(init.headers),
      body: String(init.body ?? ''),
    })
    if (url.port === '3000') return new Response('thanks')
    const before = url.searchParams.get('ending_before')
    if (before !== null) count += 2
    const from = before === null ? 0 : Number(before.slice(4))
    const data = Array.from({ length: count - from }, (_, index) => event(count - index))
    return Response.json({ object: 'list', data, has_more: false, url: '/v1/events' })
  }
}

const environment = { EVENKEEL_API_KEY: 'sk_test_2abcdXy9z', XDG_CONFIG_HOME: home }

describe('events', () => {
  test('list shows what happened in a table', async () => {
    const { code, answer } = await play('events list', { environment, fetch: outside([]) })
    assert.equal(code, 0)
    assert.match(answer, /evt_1 .* charge\.succeeded .* ch_1/)
  })

  test('resend names the event, and the endpoint where one is wanted', async () => {
    const asked: Asked[] = []
    await play('events resend evt_1 --endpoint we_1', { environment, fetch: outside(asked) })
    const [first] = asked
    assert.deepEqual([first?.method, first?.url.pathname], ['POST', '/v1/events/evt_1/resend'])
    assert.deepEqual(JSON.parse(first?.body ?? ''), { webhook_endpoint: 'we_1' })
  })
})

describe('listen', () => {
  const listen = async (asked: Asked[]) => {
    const line = 'listen --forward-to localhost:3000/hook --exit-after charge.succeeded'
    const { code, answer, said } = await play(line, { environment, fetch: outside(asked) })
    const secret = /whsec_\S+/.exec(said)?.[0]
    return { code, answer, secret }
  }

  test('forwards what comes after the newest event, the oldest first, signed with a secret that stays', async () => {
    const asked: Asked[] = []
    const first = await listen(asked)
    assert.deepEqual([first.code, first.answer], [0, 'evt_2  charge.succeeded  200\n'])
    const sent = asked.find(({ url }) => url.port === '3000')
    assert.equal(JSON.parse(sent?.body ?? '').id, 'evt_2')
    assert.match(sent?.headers.get('stripe-signature') ?? '', /^t=\d+,v1=[0-9a-f]{64}$/)
    assert.equal((await listen([])).secret, first.secret)
    assert.equal(statSync(join(home, 'evenkeel', 'listen-secret')).mode & 0o777, 0o600)
  })
})
