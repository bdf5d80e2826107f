import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { examineDamage, withClient } from '../../src/database/index.ts'
import { newUuid, type Uuid } from '../../src/kit/index.ts'
import { TEST_MASTER_KEY_TEXT } from '../support/postgres.ts'
import { fileOf, flipBit, transferOn } from './corrupt-page/damage.ts'
import { openAccounts } from './load/books.ts'
import { LEDGER } from './load/requests.ts'
import { adminUrlOf } from './power-cut/place.ts'
import { supervise } from './processes/supervisor.ts'
import { openSite, type Site } from './runs/site.ts'

const CLI = join(import.meta.dirname, '..', '..', '..', 'cli', 'src', 'main.ts')
/** What it says reaches us a moment later than its answers. */
const LOGGED = /invalid page in block 0 of relation.*docs\/runbooks\/damaged-page\.md/
const LOGGED_MOST_MS = 10_000
const POLL_MS = 20

/** More than fit on one page. */
const TRANSFERS = 90

type Answer = { readonly status: number; readonly retryAfter: string | null; readonly body: string }

let site: Site
before(async () => {
  site = await openSite()
})
after(async () => {
  await site.close()
})

const ask = async (method: string, path: string, body?: object): Promise<Answer> => {
  const { address, apiKey } = site.server.place()
  const response = await fetch(new URL(path, address), {
    method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: await response.text(),
  }
}

const newPair = async (): Promise<readonly [Uuid, Uuid]> => {
  const [debit, credit] = [newUuid(Date.now()), newUuid(Date.now())]
  await openAccounts(
    site.server.place(),
    [debit, credit].map((id) => ({ id, limited: false })),
  )
  return [debit, credit]
}

const wanted = (id: Uuid, [debit, credit]: readonly [Uuid, Uuid]): object => ({
  id,
  debit_account: debit,
  credit_account: credit,
  amount: 1,
  ledger: LEDGER,
  code: 1,
})

const transfer = (id: Uuid, pair: readonly [Uuid, Uuid]): Promise<Answer> =>
  ask('POST', '/v1/ledger/transfers', wanted(id, pair))

const transferPath = (id: string): string => `/v1/ledger/transfers/lt_${id.replaceAll('-', '')}`

type Ended = { readonly code: number; readonly said: string }

const evenkeel = (args: readonly string[], dataDir = join(site.folder, 'data')): Promise<Ended> =>
  new Promise((resolve) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATA_DIR: dataDir,
      MASTER_KEY: TEST_MASTER_KEY_TEXT,
      // The same files are loaded by each command.
      NODE_COMPILE_CACHE: join(tmpdir(), 'evenkeel-compile-cache'),
    }
    execFile(
      process.execPath,
      [CLI, ...args],
      { cwd: join(site.folder, 'work'), env },
      (error, stdout, stderr) =>
        resolve({ code: Number(error === null ? 0 : error.code), said: `${stdout}${stderr}` }),
    )
  })

test('a damaged page is refused by its name wherever somebody comes upon it, and the backup brings it back', async () => {
  const pair = await newPair()
  const ids = Array.from({ length: TRANSFERS }, () => newUuid(Date.now()))
  const made = await ask('POST', '/v1/ledger/batches', { transfers: ids.map((id) => wanted(id, pair)) })
  assert.equal(JSON.parse(made.body).created, TRANSFERS)
  const backups = join(site.folder, 'backups')
  const backedUp = await evenkeel(['backup', backups])
  assert.equal(backedUp.code, 0, backedUp.said)
  const late = newUuid(Date.now())
  assert.equal((await transfer(late, pair)).status, 200)
  const file = await fileOf(site.folder, 'ledger.transfers')
  const [first, sound] = [await transferOn(site.folder, 0), await transferOn(site.folder, 1)]
  await site.server.end('SIGTERM')
  flipBit(file, 0)
  await site.server.start()

  const refused = [
    await ask('GET', transferPath(first)),
    // The same id again: the row that answers it lies on the page.
    await transfer(first as Uuid, pair),
  ]
  for (const { status, retryAfter, body } of refused) {
    assert.deepEqual([status, retryAfter], [503, '60'], body)
    assert.equal(JSON.parse(body).error.code, 'database_damaged')
    // What PostgreSQL says of its files is not for clients.
    assert.doesNotMatch(body, /base\/|block|relation/)
  }
  const untilMs = performance.now() + LOGGED_MOST_MS
  while (!LOGGED.test(site.server.server().output()) && performance.now() < untilMs) await pause(POLL_MS)
  assert.match(site.server.server().output(), LOGGED)
  // What lies on other pages is as good as ever. Whether a new row fits is chance: PostgreSQL may look on that very page.
  const whole = await ask('GET', transferPath(sound))
  assert.equal(whole.status, 200, whole.body)
  const other = await transfer(newUuid(Date.now()), await newPair())
  assert.ok(other.status === 200 || other.body.includes('"database_damaged"'), other.body)

  const verified = await evenkeel(['verify'])
  assert.equal(verified.code, 2, verified.said)
  assert.match(verified.said, /A page of the database is damaged: invalid page in block 0 of relation/)
  assert.match(verified.said, /restore a backup into a new one/)
  const examined = await withClient(adminUrlOf(site.folder), examineDamage)
  assert.match(examined.found, /^[1-9]/)
  assert.equal(examined.severity, 'advice')

  // As the runbook says: the server is stopped, and what was not shipped yet is in the old folder's log.
  const { apiKey } = site.server.place()
  await site.server.end('SIGTERM')
  const data = join(site.folder, 'restored')
  mkdirSync(data, { mode: 0o711 })
  copyFileSync(join(site.folder, 'data', 'audit-anchor.key'), join(data, 'audit-anchor.key'))
  const restored = await evenkeel(['restore', backups, '--wal', join(site.folder, 'data')], data)
  assert.equal(restored.code, 0, restored.said)
  const again = supervise({ settings: { DATA_DIR: data }, folder: join(site.folder, 'work'), apiKey })
  try {
    const { address } = await again.start()
    for (const id of [first, sound, late]) {
      const headers = { authorization: `Bearer ${apiKey}` }
      const response = await fetch(new URL(transferPath(id), address), { headers })
      assert.equal(response.status, 200, await response.text())
    }
  } finally {
    again.retire()
    await again.end('SIGTERM')
  }
})
