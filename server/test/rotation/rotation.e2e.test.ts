import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { fingerprintText, masterKeyFromText } from '../../src/vault/index.ts'
import { openBooks } from '../faults/load/books.ts'
import { startLoad } from '../faults/load/load.ts'
import { createMix } from '../faults/load/mix.ts'
import { createRandom } from '../faults/load/random.ts'
import type { Place } from '../faults/load/send.ts'
import { readJournal } from '../faults/oracle/journal.ts'
import { startServer } from '../faults/processes/server.ts'
import { closeRound, newTally, openRound } from '../faults/runs/run.ts'
import { testSize } from '../faults/size.ts'
import { TEST_MASTER_KEY_TEXT } from '../support/postgres.ts'
import { openStand, rotate, type Stand } from './stand.ts'

const KILLED = fileURLToPath(import.meta.resolve('./killed-rotation.ts'))
const CLIENTS = 16
const HEALS_WITHIN_MS = 30_000
const SECOND_KEY = Buffer.alloc(32, 21).toString('base64')

let stand: Stand
before(async () => {
  stand = await openStand()
})
after(() => stand.close())

type Json = Readonly<Record<string, unknown>>

const call = async (
  { address, apiKey }: Place,
  path: string,
  { body, key }: { readonly body?: Record<string, string>; readonly key?: string } = {},
): Promise<Json> => {
  const answer = await fetch(`${address}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: new URLSearchParams(body) }),
  })
  const text = await answer.text()
  assert.equal(answer.status, 200, `${path}: ${text}`)
  return JSON.parse(text) as Json
}

const ENDPOINT = { url: 'https://example.com/hook', 'enabled_events[0]': '*' }
const CARD = { type: 'card', 'card[token]': 'tok_visa' }
const INTENT = { amount: '1999', currency: 'eur', 'payment_method_types[0]': 'card' }

/** What is told under the master key, or made with what derives from it: it must be the same under every later one. */
const remembered = async (place: Place): Promise<Json> => {
  const { id, secret } = await call(place, '/v1/webhook_endpoints', { body: ENDPOINT, key: 'endpoint' })
  const { card } = await call(place, '/v1/payment_methods', { body: CARD })
  const intent = await call(place, '/v1/payment_intents', { body: INTENT, key: 'intent' })
  const again = await call(place, `/v1/payment_intents/${String(intent['id'])}`)
  return {
    endpoint: id,
    secret,
    fingerprint: (card as Json)['fingerprint'],
    intent: intent['id'],
    client_secret: intent['client_secret'],
    shown: again['client_secret'],
  }
}

/** Ends every session, so that everybody has to log in anew; one of its own tells when that has happened. */
const endSessions = async (): Promise<void> => {
  const [key = ''] = stand.keys()
  const client = new pg.Client({ connectionString: stand.readerUrl(key) })
  client.on('error', () => undefined)
  await client.connect()
  const ended = new Promise((resolve) => client.once('end', resolve))
  stand.postgres.kill('backend', () => 0)
  await ended
}

/** Waits until the server answers again. */
const healed = async (place: Place): Promise<void> => {
  const until = performance.now() + HEALS_WITHIN_MS
  for (;;) {
    try {
      await call(place, '/v1/payment_intents', { body: INTENT })
      return
    } catch (error) {
      if (performance.now() > until) throw error
      await pause(50)
    }
  }
}

test('the key of the file is replaced under load, killed after each step, and no request fails', async () => {
  const { server, folder, tenant } = stand
  const before = await remembered(server.place())
  const random = createRandom(1)
  const reading = {
    readerUrl: stand.readerUrl(TEST_MASTER_KEY_TEXT),
    tenant,
    durability: 'required',
  } as const
  const round = openRound(folder, 'rotation-', reading)
  const { journal } = round
  const prefix = 'rotation-'
  const books = await openBooks({ journal, prefix }, server.place(), { plain: 40, rich: 4, poor: 6 })
  const mix = createMix({ prefix, books, random })
  const load = startLoad({ journal, mix, random, targets: [server], clients: CLIENTS })
  try {
    for (const step of ['written', 'announced', 'known', 'exchanged'] as const) {
      await assert.rejects(rotate(stand, { killedAfter: step }), { message: `killed after ${step}` })
      assert.equal(stand.keys().length, 2, 'both keys stand in the file meanwhile')
      assert.ok(await load.heals(HEALS_WITHIN_MS), `goes on after a kill at ${step}`)
    }
    const done = await rotate(stand)
    assert.equal(done.rewrapped, null, 'the exchange had happened before the last kill')
    const old = fingerprintText(masterKeyFromText(TEST_MASTER_KEY_TEXT)).slice(0, 8)
    assert.equal(done.before, old)
    assert.equal(done.aside, `${stand.keyFile}.replaced-${old}`)
    assert.equal(statSync(done.aside ?? '').mode & 0o777, 0o600)
    assert.ok(await load.heals(HEALS_WITHIN_MS))
  } finally {
    await load.stop()
  }
  const [key = '', ...others] = stand.keys()
  assert.deepEqual(others, [])
  const stories = await readJournal(round.evidence.journal)
  const answers = stories.flatMap((story) => story.outcomes)
  const failed = answers.filter((outcome) => outcome.class !== 'acknowledged' && outcome.class !== 'refused')
  assert.deepEqual(failed.slice(0, 3), [], `${failed.length} of ${answers.length} requests failed`)
  const tally = newTally('rotation')
  await closeRound(
    tally,
    { journal, evidence: { ...round.evidence, readerUrl: stand.readerUrl(key) } },
    server.place(),
  )
  assert.deepEqual(tally.problems, [])
  assert.ok(tally.acknowledged > 100, `only ${tally.acknowledged} transfers were acknowledged`)
  assert.deepEqual(await remembered(server.place()), before)
})

test('a new connection, a new data key and a PostgreSQL that is started again work with the new key', async () => {
  const { server } = stand
  const place = server.place()
  await endSessions()
  // PostgreSQL ends all sessions then, and recovers; the server is not told anything.
  await healed(place)
  assert.deepEqual(server.unasked, [])
})

const KILLS = { ci: 1, full: 20 } as const
const KILLED_WITHIN_MS = 60

/** The rotation of another process, which ends in the middle; null where it was done before its end. */
const killedRotation = (afterMs: number): Promise<string | null> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [KILLED], {
      cwd: join(stand.folder, 'work'),
      env: {
        PATH: process.env['PATH'],
        DATA_DIR: join(stand.folder, 'data'),
        LOG_LEVEL: 'silent',
        EVENKEEL_TEST_KILL_AFTER_MS: String(afterMs),
      },
      stdio: 'ignore',
    })
    child.once('exit', (_code, signal) => resolve(signal))
  })

test('killed in the middle of the exchange it has happened or not, and the next run brings it to its end', async () => {
  const { server } = stand
  const before = await remembered(server.place())
  const random = createRandom(7)
  for (let count = 1; count <= KILLS[testSize()]; count += 1) {
    const [old] = stand.keys()
    await killedRotation(random.below(KILLED_WITHIN_MS))
    assert.deepEqual(await remembered(server.place()), before)
    if (stand.keys().length > 1) await rotate(stand)
    const [key, ...others] = stand.keys()
    assert.deepEqual(others, [])
    assert.notEqual(key, old)
    assert.deepEqual(await remembered(server.place()), before)
  }
})

if (testSize() === 'full')
  test('a key of the environment is replaced once every server knows it, and the old one is refused then', async () => {
    const { server, serveWith } = stand
    const before = await remembered(server.place())
    const [old = ''] = stand.keys()
    const both = `${SECOND_KEY} ${old}`
    await assert.rejects(rotate(stand, { masterKey: both }), {
      name: 'SetupProblem',
      message: new RegExp(`process ${server.server().pid} at 127.0.0.1 does not know the new key`),
      fix: /restart it|restart them/,
    })
    await server.end('SIGTERM')
    const next = serveWith({ MASTER_KEY: both })
    await next.start()
    const done = await rotate(stand, { masterKey: both })
    assert.equal(done.aside, null)
    assert.deepEqual(await remembered(next.place()), before)
    await next.end('SIGTERM')
    const last = serveWith({ MASTER_KEY: SECOND_KEY })
    await last.start()
    assert.deepEqual(await remembered(last.place()), before)
    await last.end('SIGTERM')
    await assert.rejects(
      startServer({
        settings: { DATA_DIR: join(stand.folder, 'data'), MASTER_KEY: '' },
        folder: join(stand.folder, 'work'),
      }),
      /was made with another master key/,
    )
  })
