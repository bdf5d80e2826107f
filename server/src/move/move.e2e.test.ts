import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { agrees, stepsOf } from '../../test/docs/page.ts'
import { type Server, startServer } from '../../test/faults/processes/server.ts'
import { TEST_MASTER_KEY_TEXT, withEmptyDatabase } from '../../test/support/postgres.ts'
import { withClient } from '../database/index.ts'
import { readMarker } from './index.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const PAGE = 'docs/guides/move-to-your-own-postgresql.md'
const WRITTEN = 'postgresql://me:secret@db.example:5432/evenkeel'
const WRITTEN_PLACE = 'postgresql://me@db.example:5432/evenkeel'
const PAYMENTS = 6

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-moving-'))
// Root's PostgreSQL runs as another user, which must be able to enter it.
chmodSync(folder, 0o755)
const clusterFolder = join(folder, 'data', 'postgres')

let target: Awaited<ReturnType<typeof withEmptyDatabase>>
before(async () => {
  target = await withEmptyDatabase()
})
after(async () => {
  await target.close()
  rmSync(folder, { recursive: true, force: true })
})

const SETTINGS = {
  DATA_DIR: join(folder, 'data'),
  MASTER_KEY: TEST_MASTER_KEY_TEXT,
  // The database of the tests is without fsync.
  EVENKEEL_TEST_UNSAFE_DATABASE: '1',
}

const environment = (): NodeJS.ProcessEnv => ({
  HOME: process.env['HOME'],
  PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter),
  NODE_COMPILE_CACHE: join(tmpdir(), 'evenkeel-compile-cache'),
  NO_COLOR: '1',
  ...SETTINGS,
})

type Ran = { readonly code: number | null; readonly output: string }

const shell = (script: string): Promise<Ran> =>
  new Promise((done, fail) => {
    const child = spawn('bash', ['-c', `exec 2>&1\n${script}`], { cwd: folder, env: environment() })
    let output = ''
    child.stdout.on('data', (piece: Buffer) => {
      output += piece.toString('utf8')
    })
    child.once('error', fail)
    child.once('close', (code) => done({ code, output }))
  })

const IS_BEGUN = `select to_regclass('move.moves') is not null as found`

const isBegun = (): Promise<boolean> =>
  withClient(target.url, async (client) => (await client.query(IS_BEGUN)).rows[0]?.found === true)

/** A move that is killed as soon as the target knows of it: in the midst of making tables or copying them. */
const killedMove = async (): Promise<void> => {
  const child = spawn(process.execPath, [join(ROOT, 'cli/src/main.ts'), 'move', target.url], {
    cwd: folder,
    env: environment(),
    stdio: 'ignore',
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  while (child.exitCode === null && !(await isBegun())) await sleep(20)
  child.kill('SIGKILL')
  await ended
}

const pay = async ({ address }: Server, apiKey: string, number: number): Promise<[string, boolean]> => {
  const answer = await fetch(`${address}/v1/payment_intents`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': `payment ${number}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: `amount=${1_000 + number}&currency=eur&payment_method=pm_card_visa&confirm=true`,
  })
  assert.equal(answer.status, 200)
  return [await answer.text(), answer.headers.get('idempotent-replayed') === 'true']
}

const END = 'end of step'

const runPage = async (): Promise<void> => {
  const place = target.url.replace(/:[^:@/]*@/, '@')
  const page = readFileSync(join(ROOT, PAGE), 'utf8')
    .replaceAll(WRITTEN, target.url)
    .replaceAll(WRITTEN_PLACE, place)
  const steps = stepsOf(page)
  const script = steps.map(({ commands }) => `${commands}\nprintf '\\n<${END}>\\n'`)
  const { output } = await shell(['npx() { "$@"; }', ...script].join('\n'))
  const printed = output.split(`\n<${END}>\n`)
  for (const [index, { line, commands, shown }] of steps.entries()) {
    const said = printed[index] ?? ''
    // How far it has come is told from time to time where nobody looks on.
    const told = said.replaceAll(/^ +\d+ % {2}.*\n/gm, '')
    assert.ok(shown !== null && agrees(shown, told), `${PAGE}:${line}\n${commands}\nprinted:\n${said}`)
  }
  assert.equal(steps.length, 3)
}

test('a platform moves as the guide says, after a kill, and goes on: what was sent before is answered as before', async () => {
  const old = await startServer({ settings: SETTINGS, folder })
  const apiKey = old.apiKey ?? ''
  const numbers = Array.from({ length: PAYMENTS }, (_, index) => index)
  const before = await Promise.all(numbers.map((number) => pay(old, apiKey, number)))
  const busy = await shell(`evenkeel move '${target.url}'`)
  assert.match(busy.output, /is in use by another Evenkeel server/)
  assert.equal(busy.code, 2)
  await old.end('SIGTERM')

  await killedMove()
  assert.equal(readMarker(clusterFolder)?.state, 'moving')
  const changing = await shell('evenkeel sandboxes create too-late')
  assert.match(changing.output, /until then nothing may be changed here/)
  const early = await shell(`DATABASE_URL='${target.url}' evenkeel verify`)
  assert.match(early.output, /is not finished: not all of the books are here/)

  await runPage()
  const proven = await shell('evenkeel verify')
  assert.match(proven.output, /The books are proven/, 'the old copy can be looked at')

  const server = await startServer({ settings: { ...SETTINGS, DATABASE_URL: target.url }, folder })
  const again = await Promise.all(numbers.map((number) => pay(server, apiKey, number)))
  assert.deepEqual(
    again,
    before.map(([body]) => [body, true]),
  )
  assert.deepEqual((await pay(server, apiKey, PAYMENTS))[1], false)
  await server.end('SIGTERM')
})
