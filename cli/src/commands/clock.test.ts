import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play, tenantsWith } from '../../test/stage.ts'
import type { ApiKey } from '../platform.ts'

const KEY = 'sk_test_2abcdXy9z'
const START = 1_764_547_200
const DAY = 86_400

type Sent = { readonly method: string; readonly path: string; readonly body: string; readonly key: string }

/** A small server with one sandbox, whose clock is at its target at the second look. */
const server = () => {
  const sent: Sent[] = []
  let clock: { id: string; frozen_time: number; status: string; name: null } | null = null
  let target = START
  const answerOf = ({ method, path, body }: Sent): unknown => {
    const { frozen_time: wanted = 0 } = JSON.parse(body || '{}') as { frozen_time?: number }
    if (path.endsWith('/clock'))
      return { now: clock?.frozen_time ?? START, livemode: false, test_clock: clock }
    if (path.endsWith('/report'))
      return { from_time: START, reached_time: target, stops: 2, counts: { 'ledger.expiry': 3 } }
    if (method === 'DELETE') {
      clock = null
      return { deleted: true }
    }
    if (path.endsWith('/advance')) {
      target = wanted
      clock = { id: 'clock_1', frozen_time: START, status: 'advancing', name: null }
      return clock
    }
    if (method === 'POST') clock = { id: 'clock_1', frozen_time: wanted, status: 'ready', name: null }
    const seen = clock
    if (clock?.status === 'advancing') clock = { ...clock, frozen_time: target, status: 'ready' }
    return seen
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(String(input))
    const one: Sent = {
      method: init?.method ?? 'GET',
      path: url.pathname,
      body: String(init?.body ?? ''),
      key: new Headers(init?.headers).get('authorization') ?? '',
    }
    sent.push(one)
    return new Response(JSON.stringify(answerOf(one)), { headers: { 'content-type': 'application/json' } })
  }
  return { sent, fetch, environment: { EVENKEEL_API_KEY: KEY } }
}

describe('clock', () => {
  test('show says what time it is, and whether it runs', async () => {
    const { fetch, environment } = server()
    const { code, answer } = await play('clock show', { fetch, environment })
    assert.deepEqual([code, answer], [0, '2025-12-01 00:00:00 UTC, and running.\n'])
  })

  test('advance takes a clock that runs in hand, waits until it is there, and reports', async () => {
    const { sent, fetch, environment } = server()
    const { code, answer } = await play('clock advance 30d', { fetch, environment })
    assert.equal(code, 0)
    assert.equal(
      answer,
      'The clock stands at 2025-12-31 00:00:00 UTC: 30 days later, with 2 stops.\n  ledger.expiry  3\n',
    )
    const written = sent.filter(({ method }) => method === 'POST')
    assert.deepEqual(
      written.map(({ path, body }) => [path, body]),
      [
        ['/v1/test_helpers/test_clocks', JSON.stringify({ frozen_time: START })],
        ['/v1/test_helpers/test_clocks/clock_1/advance', JSON.stringify({ frozen_time: START + 30 * DAY })],
      ],
    )
  })

  test('release lets go of what is in hand, and says so where nothing is', async () => {
    const { fetch, environment } = server()
    assert.equal((await play('clock release', { fetch, environment })).code, 1)
    await play('clock freeze 2025-12-24', { fetch, environment })
    const { answer } = await play('clock release', { fetch, environment })
    assert.equal(answer, 'The clock ticks on from 2025-12-24 00:00:00 UTC.\n')
  })

  test('takes a sandbox’s name in place of a key, with a key that ends with the command', async () => {
    const { sent, fetch } = server()
    const revoked: string[] = []
    const key = { id: 'key_1' } as ApiKey
    const platform = tenantsWith({
      createKey: async () => ({ ok: true, key, text: KEY }),
      revokeKey: async (id) => {
        revoked.push(id)
        return { ok: true, key, wasRevoked: false }
      },
    })
    const { code } = await play('clock show --sandbox month-end', { fetch, platform })
    assert.equal(code, 0)
    assert.ok(sent.every((one) => one.key.includes(KEY)))
    assert.deepEqual(revoked, ['key_1'])
  })

  test('refuses what is no time', async () => {
    const { fetch, environment } = server()
    for (const line of ['clock advance soon', 'clock advance 3x', 'clock freeze yesterday'])
      assert.equal((await play(line, { fetch, environment })).code, 2, line)
  })
})
