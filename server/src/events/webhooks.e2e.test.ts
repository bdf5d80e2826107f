import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import Stripe from 'stripe'
import { startReceiver } from '../../test/support/receiver.ts'

const START = resolve(import.meta.dirname, '../main/start.ts')
const KILLS = 3
const CLOCKS_BETWEEN_KILLS = 15

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-webhooks-'))
// PostgreSQL of root runs as another user, which must be able to pass through.
chmodSync(folder, 0o711)

let child: ChildProcess | null = null
let banner = ''
let address = ''

const start = async (): Promise<void> => {
  banner = ''
  const others = Object.entries(process.env).filter(
    ([name]) => !/^(EVENKEEL_|DATABASE_|LOG_|HOST$)/.test(name),
  )
  const env = { ...Object.fromEntries(others), DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'warn' }
  const started = spawn(process.execPath, [START], { cwd: folder, env })
  const add = (piece: Buffer): void => {
    banner += piece.toString('utf8')
  }
  started.stdout.on('data', add)
  started.stderr.on('data', add)
  child = started
  const lastMs = Date.now() + 60_000
  while (!banner.includes('Ctrl-C stops it')) {
    assert.ok(started.exitCode === null && Date.now() < lastMs, `the server did not come up: ${banner}`)
    await pause(30)
  }
  address = /Address\s+(http:\/\/\S+)/.exec(banner)?.[1] ?? ''
}

const end = async (signal: NodeJS.Signals): Promise<void> => {
  const ending = child
  if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return
  const gone = new Promise((done) => ending.once('exit', done))
  ending.kill(signal)
  await gone
}

after(async () => {
  await end('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
})

let key = ''

/** With a key of its own, again and again until there is an answer: the outcome is one, whoever is killed meanwhile. */
const call = async (method: string, path: string, form: Record<string, string> = {}): Promise<unknown> => {
  const headers: Record<string, string> = { authorization: `Bearer ${key}` }
  if (method !== 'GET') headers['idempotency-key'] = randomUUID()
  if (method === 'POST') headers['content-type'] = 'application/x-www-form-urlencoded'
  const body = method === 'POST' ? new URLSearchParams(form).toString() : undefined
  const lastMs = Date.now() + 60_000
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await fetch(`${address}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      })
      if (answer.status === 200) return await answer.json()
      const said = await answer.text()
      // What was deleted before its answer got lost is not there any more: deleting is repeated by its own meaning.
      if (method === 'DELETE' && attempt > 1 && said.includes('resource_missing')) return null
      assert.ok([409, 429, 500, 503].includes(answer.status), said)
    } catch (error) {
      if (error instanceof assert.AssertionError || Date.now() > lastMs) throw error
    }
    await pause(50)
  }
}

type Shown = {
  readonly id: string
  readonly type: string
  readonly data: { readonly object: { readonly id: string } }
}
type Page = { readonly data: readonly Shown[]; readonly has_more: boolean }

/** All events, the oldest first. */
const allEvents = async (): Promise<readonly Shown[]> => {
  const found: Shown[] = []
  for (;;) {
    const last = found.at(-1)
    const page = (await call(
      'GET',
      `/v1/events?limit=100${last === undefined ? '' : `&starting_after=${last.id}`}`,
    )) as Page
    found.push(...page.data)
    if (!page.has_more) return found.toReversed()
  }
}

test('a server that is killed again and again loses no webhook and invents none', async () => {
  const receiver = await startReceiver()
  after(() => receiver.close())
  await start()
  key = /sk_test_\w+/.exec(banner)?.[0] ?? ''
  const endpoint = (await call('POST', '/v1/webhook_endpoints', {
    url: `${receiver.url}/hook`,
    'enabled_events[0]': '*',
  })) as { readonly id: string; readonly secret: string }

  let moment = Math.floor(Date.now() / 1_000)
  const happen = async (): Promise<void> => {
    for (let count = 0; count < CLOCKS_BETWEEN_KILLS; count++) {
      moment += 600
      const form = { frozen_time: String(moment), name: 'kills' }
      const { id } = (await call('POST', '/v1/test_helpers/test_clocks', form)) as { id: string }
      await call('DELETE', `/v1/test_helpers/test_clocks/${id}`)
    }
  }
  for (let kill = 0; kill < KILLS; kill++) {
    const happening = happen()
    await pause(100 + 250 * kill)
    await end('SIGKILL')
    await start()
    await happening
  }

  const events = await allEvents()
  assert.ok(events.length >= KILLS * CLOCKS_BETWEEN_KILLS)
  const arrived = (): Set<string> => new Set(receiver.received.map(({ event }) => event.id))
  await receiver.until(() => events.every(({ id }) => arrived().has(id)), 30_000)
  const known = new Set(events.map(({ id }) => id))
  assert.deepEqual(
    [...arrived()].filter((id) => !known.has(id)),
    [],
    'phantoms',
  )
  const { webhooks } = new Stripe('sk_test_unused')
  for (const { body, headers } of receiver.received)
    assert.ok(webhooks.constructEvent(body, String(headers['stripe-signature']), endpoint.secret).id)
  const firsts = receiver.received
    .map(({ event }) => event)
    .filter(({ id }, index, all) => all.findIndex((other) => other.id === id) === index)
  for (const object of new Set(events.map(({ data }) => data.object.id))) {
    const of = (list: readonly Shown[]) =>
      list.filter(({ data }) => data.object.id === object).map(({ id }) => id)
    assert.deepEqual(of(firsts), of(events), 'what happened to one object comes in its order')
  }
})
