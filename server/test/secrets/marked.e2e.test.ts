import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { withClient } from '../../src/database/connect/owner.ts'
import { masterKeyFromText, rolePassword } from '../../src/vault/index.ts'
import { postgresOf } from '../faults/processes/postgres.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { type Form, findIn, formsOf, type Mark, searchFolder } from './marks.ts'
import { openStand, type Stand } from './stand.ts'

// Marked secrets come in wherever one may, and are looked for wherever something is written.

const MASTER_KEY = Buffer.from('evenkeel marked master key 0123!')
const METRICS_KEY = 'marked-metrics-key-58c1'
const CARD = '4000056655665556'
const PRESENT = masterKeyFromText(MASTER_KEY.toString('base64'))

const marks: Mark[] = [
  { name: 'the master key', value: MASTER_KEY },
  { name: 'the metrics key', value: METRICS_KEY },
  { name: 'a card number', value: CARD },
  ...(['superuser', 'app', 'reader'] as const).map((role) => ({
    name: `the password of ${role}`,
    value: rolePassword(PRESENT, role),
  })),
]

const mark = (name: string, value: unknown): string => {
  assert.equal(typeof value, 'string', `${name} is a text`)
  marks.push({ name, value: String(value) })
  return String(value)
}

/** Of things that are not checked as they come in, because nobody should send them. */
const sent = (name: string): string => mark(name, `marked-${name.replaceAll(' ', '-')}-7d31`)

/** What must stand nowhere at all. */
const forms = (): readonly Form[] => marks.flatMap(formsOf)

let stand: Stand
let receiver: Receiver
const answers: string[] = []

before(async () => {
  receiver = await startReceiver()
  stand = await openStand({
    MASTER_KEY: MASTER_KEY.toString('base64'),
    METRICS_KEY,
    WEBHOOK_ALLOW_PRIVATE: 'true',
  })
})
after(async () => {
  await stand.close()
  receiver.close()
})

type Json = Readonly<Record<string, unknown>>
type Call = {
  readonly method?: string
  readonly body?: string | Record<string, string>
  readonly headers?: Record<string, string>
  readonly key?: string
}

/** Every answer is kept, but those that are there to tell a secret. */
const call = async (path: string, given: Call = {}, keeps = true): Promise<Json> => {
  const { body, headers = {}, key = stand.apiKey } = given
  const answer = await fetch(`${stand.address}${path}`, {
    method: given.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { authorization: `Bearer ${key}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new URLSearchParams(body) }),
  })
  const text = await answer.text()
  if (keeps) answers.push(`${[...answer.headers].join('\n')}\n${text}`)
  return (text.startsWith('{') ? JSON.parse(text) : {}) as Json
}

const fine = async (path: string, given: Call, keeps = true): Promise<Json> => {
  const answer = await call(path, given, keeps)
  assert.equal(answer['error'], undefined, `${path}: ${JSON.stringify(answer['error'])}`)
  return answer
}

const keyed = (name: string): { readonly headers: Record<string, string> } => ({
  headers: { 'idempotency-key': name },
})

const INTENT = { amount: '1999', currency: 'eur', 'payment_method_types[0]': 'card' }

/** What the platform gives out once, to whoever may have it. */
const useSecrets = async (): Promise<void> => {
  mark('the first API key', stand.apiKey)
  const url = `${receiver.url}/hook`
  const endpoint = await fine(
    '/v1/webhook_endpoints',
    { body: { url, 'enabled_events[0]': '*' }, ...keyed('endpoint') },
    false,
  )
  mark('a webhook secret', endpoint['secret'])
  const rolled = await fine(
    `/v1/webhook_endpoints/${String(endpoint['id'])}/roll_secret`,
    { method: 'POST', body: {}, ...keyed('roll') },
    false,
  )
  mark('a rolled webhook secret', rolled['secret'])
  const body = { ...INTENT, confirm: 'true', payment_method: 'pm_card_visa' }
  const intent = await fine('/v1/payment_intents', { body, ...keyed('intent') }, false)
  mark('the client secret of a payment', intent['client_secret'])
  const setup = await fine(
    '/v1/setup_intents',
    { body: { 'payment_method_types[0]': 'card' }, ...keyed('setup') },
    false,
  )
  mark('the client secret of a setup', setup['client_secret'])
  const action = await fine(
    '/v1/payment_intents',
    {
      body: {
        ...INTENT,
        confirm: 'true',
        payment_method: 'pm_card_authenticationRequired',
        return_url: 'https://example.com/back',
      },
      ...keyed('action'),
    },
    false,
  )
  mark('the client secret of an action', action['client_secret'])
  const made = {
    type: 'card',
    'card[number]': CARD,
    'card[exp_month]': '12',
    'card[exp_year]': '2034',
    'card[cvc]': '737',
  }
  await fine('/v1/payment_methods', { body: made, ...keyed('card') })
}

/** What nobody should send, sent to wherever it would be refused or passed over. */
const sendWrongThings = async (): Promise<void> => {
  const json = { headers: { 'content-type': 'application/json' } }
  await call(`/v1/payment_intents?api_key=${sent('a query string')}`)
  await call('/v1/ledger/accounts', { headers: { cookie: `session=${sent('a cookie')}` } })
  await call('/v1/ledger/accounts', { headers: { 'x-secret': sent('a header') } })
  await call('/v1/ledger/accounts', { key: `sk_test_${sent('a wrong key').replaceAll('-', '')}` })
  await call('/v1/ledger/accounts', { headers: { authorization: `Basic ${sent('a broken login')}` } })
  await call('/v1/payment_intents', { ...json, body: `{"amount": 1, "oops: "${sent('broken JSON')}"}` })
  await call('/v1/payment_intents', { body: { ...INTENT, password: sent('an unknown parameter') } })
  await call('/v1/payment_intents', { body: { ...INTENT, amount: 'what is no amount' } })
  await call('/v1/payment_intents', { body: { ...INTENT, payment_method: 'pm_of_nobody' } })
  await call('/v1/payment_intents', { body: INTENT, headers: { 'stripe-version': sent('a wrong version') } })
  await call('/v1/payment_intents/pi_0199a1b2c3d47e5f8091a2b3c4d5e6f7', {
    headers: { 'if-none-match': sent('a tag') },
  })
  await call('/v1/nowhere')
  await call('/metrics', { key: sent('a wrong metrics key') })
  const number = { type: 'card', 'card[number]': '4242424242424241', 'card[cvc]': '989' }
  await call('/v1/payment_methods', { body: number })
  await call('/v1/payment_methods', { body: { type: 'card', 'card[token]': CARD } })
}

/** A bug of ours might let a constraint fire: what PostgreSQL says of it quotes the row. */
const breakConstraint = async (): Promise<void> => {
  const row = `insert into tenants.tenants (tenant, kind, name, time_zone) values (999, 'none', $1, 'UTC')`
  await assert.rejects(
    withClient(adminOf(stand.dataDir), (admin) => admin.query(row, [sent('a row that is refused')])),
    { code: '23514' },
  )
}

const lookAt = (where: string, content: string | Buffer): void =>
  assert.deepEqual(findIn(where, Buffer.from(content), forms()), [], where)

const adminOf = (dataDir: string): string => {
  const port = postgresOf(join(dataDir, 'postgres', 'data')).find()?.port ?? 0
  return `postgresql://evenkeel_admin:${rolePassword(PRESENT, 'superuser')}@127.0.0.1:${port}/evenkeel`
}

const TABLES = `
select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`

/** Every row of every table as text: what is compressed in the files is read here. */
const rowsAsText = (): Promise<readonly (readonly [string, string])[]> =>
  withClient(adminOf(stand.dataDir), async (admin) => {
    const tables = (await admin.query<{ name: string }>(TABLES)).rows
    const dumped: (readonly [string, string])[] = []
    for (const { name } of tables) {
      const { rows } = await admin.query<{ line: string }>(`select t::text as line from ${name} t`)
      dumped.push([name, rows.map(({ line }) => line).join('\n')])
    }
    return dumped
  })

const procOf = (what: 'cmdline' | 'environ', isWanted: (pid: number) => boolean): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isWanted(Number(name)))
    .map((pid) => {
      try {
        return readFileSync(join('/proc', pid, what), 'latin1')
      } catch {
        return ''
      }
    })
    .join('\n')

test('marked secrets come in, and the rows of no table hold one', async () => {
  await useSecrets()
  await sendWrongThings()
  await breakConstraint()
  await receiver.until(() => receiver.received.some(({ event }) => event.type.startsWith('payment_intent')))
  const rows = await rowsAsText()
  assert.ok(rows.length > 40, 'the walk sees the tables')
  assert.deepEqual(
    rows.flatMap(([name, text]) => findIn(name, Buffer.from(text), forms())),
    [],
  )
})

test('no answer to a wrong request repeats one, and neither do the metrics', async () => {
  assert.ok(answers.length > 15)
  lookAt('the answers', answers.join('\n'))
  const metrics = await fetch(`${stand.address}/metrics`, {
    headers: { authorization: `Bearer ${METRICS_KEY}` },
  })
  assert.equal(metrics.status, 200)
  lookAt('the metrics', await metrics.text())
})

test('what is delivered to a webhook holds none', () => {
  lookAt('the deliveries', receiver.received.map(({ body }) => body).join('\n'))
})

test('a settings problem names no password', async () => {
  const password = sent('a database password')
  const url = `postgresql://admin:${password}@127.0.0.1:1/pay`
  for (const settings of [
    { DATABASE_URL: url },
    {
      DATABASE_URL: url,
      DATABASE_APP_URL: url.replace('postgresql', 'mysql'),
      MASTER_KEY: `${MASTER_KEY.toString('base64')}x`,
      METRICS_KEY: `${METRICS_KEY} x`,
    },
  ]) {
    const { code, said } = await stand.command(['verify'], settings)
    assert.notEqual(code, 0)
    lookAt(`what a command says of ${Object.keys(settings).join(' and ')}`, said)
  }
  lookAt('the configuration as it is shown', (await stand.command(['config'], { DATABASE_URL: url })).said)
})

const hasProc = process.platform === 'linux'

test('no command line holds one, nor the environment of PostgreSQL', { skip: !hasProc }, () => {
  lookAt(
    'the command lines',
    procOf('cmdline', () => true),
  )
  const { pid } = postgresOf(join(stand.dataDir, 'postgres', 'data')).find() ?? { pid: 0 }
  const isPostgres = (other: number): boolean => other === pid
  lookAt('the environment of PostgreSQL', procOf('environ', isPostgres))
})

test('no file of a backup, of the data folder or of a log holds one', async () => {
  const backup = join(stand.folder, 'backup')
  const { code, said } = await stand.command(['backup', backup])
  assert.equal(code, 0, said)
  await stand.stop()
  lookAt('the log', stand.log())
  const kept = searchFolder(backup, forms())
  assert.deepEqual(kept.found, [])
  assert.ok(kept.files > 100, 'the backup was read')
  const data = searchFolder(stand.dataDir, forms())
  assert.deepEqual(data.found, [])
  assert.ok(data.bytes > 10_000_000, 'the data folder was read')
})
