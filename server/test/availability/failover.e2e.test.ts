import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { READER, withClient } from '../../src/database/connect/owner.ts'
import { withLogin } from '../../src/database/connect/url.ts'
import { examine } from '../../src/database/settings/doctor.ts'
import { rolePassword } from '../../src/vault/index.ts'
import { openConnection } from '../faults/load/connection.ts'
import { startServer } from '../faults/processes/server.ts'
import { type Supervisor, supervise } from '../faults/processes/supervisor.ts'
import { expectSound } from '../faults/runs/expect.ts'
import { newTally, type Reading, spread } from '../faults/runs/run.ts'
import { tenantOfKey } from '../faults/runs/site.ts'
import { offsetMs, underLoad } from '../faults/runs/under-load.ts'
import { testSize } from '../faults/size.ts'
import { testMasterKey } from '../support/postgres.ts'
import { startReceiver } from '../support/receiver.ts'
import { openPair, type Pair, until } from './pair.ts'

const AMOUNT = testSize() === 'full' ? { rounds: 4, perRound: 5 } : { rounds: 1, perRound: 2 }
const HEAL_MOST_MS = 60_000
const AGAIN_MS = 200

let pair: Pair
let server: Supervisor
let reading: Reading
const settings = (url: string): Record<string, string> => ({
  DATABASE_URL: url,
  DATA_DIR: join(pair.folder, 'server'),
})

before(async () => {
  pair = await openPair()
  const work = join(pair.folder, 'work')
  mkdirSync(work)
  server = supervise({ settings: settings(pair.url), folder: work })
  const { apiKey } = await server.start()
  const readerUrl = withLogin(pair.url, READER, rolePassword(testMasterKey, 'reader'))
  const tenant = await tenantOfKey(readerUrl, apiKey?.slice(-4) ?? '')
  reading = { readerUrl, tenant, durability: 'required' }
})

after(async () => {
  server?.retire()
  await server?.end('SIGTERM')
  await pair?.close()
})

type Answer = { readonly status: number; readonly retryAfter: string | null; readonly body: string }

const post = async (path: string, body: object, key: string = randomUUID()): Promise<Answer> => {
  const connection = openConnection()
  try {
    const seen = await connection.post({ ...server.place(), path, body: JSON.stringify(body), key })
    return seen.kind === 'answer' ? seen : { status: 0, retryAfter: null, body: seen.why }
  } finally {
    connection.close()
  }
}

/** As every client should: the same key again, after each 503. */
const insist = async (path: string, body: object, key: string = randomUUID()): Promise<Answer> => {
  const untilMs = performance.now() + HEAL_MOST_MS
  for (;;) {
    const answer = await post(path, body, key)
    if (answer.status !== 503 || performance.now() > untilMs) return answer
    assert.ok(Number(answer.retryAfter) >= 1, `no Retry-After: ${answer.body}`)
    await pause(AGAIN_MS)
  }
}

const countNamed = async (url: string, name: string): Promise<number> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::int as count from customers.customers c where strpos(c::text, $1) > 0',
      [name],
    )
    return rows[0]?.count ?? 0
  })

test('a standby is refused at the start by name, with what to write instead', async (t) => {
  t.diagnostic(`on ${pair.programs.name}`)
  const { url, port } = pair.standby()
  await assert.rejects(
    startServer({ settings: settings(url), folder: join(pair.folder, 'work') }),
    new RegExp(`DATABASE_URL leads to no primary: 127\\.0\\.0\\.1:${port} is a standby`),
  )
})

test('doctor calls it a danger when commits do not wait for the standby', async () => {
  const found = () =>
    withClient(reading.readerUrl, examine).then(
      (all) => all.find(({ name }) => name === 'standbys')?.severity,
    )
  assert.equal(await found(), 'fine')
  await pair.synchronous(false)
  assert.equal(await found(), 'danger')
  await pair.synchronous(true)
})

test('a commit whose wait for the standby is cancelled is not acknowledged before the standby has it', async () => {
  const name = `cancelled ${randomUUID()}`
  await pair.standby().halt()
  let answered = false
  const asked = post('/v1/customers', { name }).then((answer) => {
    answered = true
    return answer
  })
  const waiting = `select count(*) > 0 from pg_stat_activity
                    where wait_event = 'SyncRep' and query = 'commit' and pid <> all ($1::int[])`
  const primary = pair.primary()
  await until(primary, waiting, [[]])
  const cancelled = await primary.ask<{ pid: number }>(
    `with waiting as materialized (select pid from pg_stat_activity where wait_event = 'SyncRep')
     select pid from waiting where pg_cancel_backend(pid)`,
  )
  await Promise.race([asked, until(primary, waiting, [cancelled.map(({ pid }) => pid)])])
  assert.equal(answered, false, 'it was acknowledged while it stood on one machine only')
  await pair.standby().start()
  assert.equal((await asked).status, 200)
  assert.equal(await countNamed(pair.url, name), 1)
})

test('a primary is cut off or killed under load, its standby promoted, and nothing acknowledged is lost or doubled', async (t) => {
  const tally = newTally('the primary killed, its standby promoted')
  const healed: number[] = []
  const receiver = await startReceiver()
  try {
    await insist('/v1/webhook_endpoints', { url: receiver.url, enabled_events: ['customer.created'] })
    await underLoad(
      { folder: pair.folder, reading, servers: [server] },
      {
        tally,
        name: 'failover',
        amount: AMOUNT,
        say: () => undefined,
        fault: async (load, random) => {
          if (tally.times > 0) await pair.rejoin()
          await pause(offsetMs(random))
          const killedMs = performance.now()
          // By turns it lives on, as behind a network that is cut: its sessions stay open, and its commits wait for ever.
          const livesOn = tally.times % 2 === 0
          const older = pair.primary()
          if (!livesOn) await older.kill()
          await pair.promote()
          if (!(await load.heals(HEAL_MOST_MS))) throw new Error('the server does not find the new primary')
          healed.push(performance.now() - killedMs)
          if (livesOn) await older.halt()
          // A command, or this process, which had no session open while the primary changed.
          await withClient(reading.readerUrl, (client) => client.query('select 1'))
        },
      },
    )
    tally.notes.push(`acknowledges again: ${spread(healed)}`)
    expectSound(t, tally, AMOUNT)
    const name = `after ${randomUUID()}`
    assert.equal((await insist('/v1/customers', { name })).status, 200)
    const isHers = ({ body }: { readonly body: string }): boolean => body.includes(name)
    await receiver.until(() => receiver.received.some(isHers), HEAL_MOST_MS)
  } finally {
    receiver.close()
  }
})

test('a primary that was replaced is not worked with when it comes back, even where no other is left', async () => {
  const [newer, older] = [pair.primary(), pair.standby()]
  await older.start()
  await older.ask(`alter system set synchronous_standby_names = ''`)
  await older.ask('select pg_reload_conf()')
  const name = `once ${randomUUID()}`
  const key = randomUUID()
  await newer.halt()
  const refused = await post('/v1/customers', { name }, key)
  assert.deepEqual([refused.status, /database_unavailable/.test(refused.body)], [503, true], refused.body)
  await assert.rejects(
    startServer({ settings: settings(pair.url), folder: join(pair.folder, 'work') }),
    /is a primary that was replaced: it writes timeline \d+, .* remove .*database-primary\.json/s,
  )
  await newer.start()
  assert.equal((await insist('/v1/customers', { name }, key)).status, 200)
  const [row] = await newer.ask<{ timeline: string }>(
    'select left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) as timeline',
  )
  assert.ok(Number.parseInt(row?.timeline ?? '', 16) > 1)
  assert.equal(await countNamed(pair.url, name), 1)
  await older.halt()
})
