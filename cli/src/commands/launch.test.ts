import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { play } from '../../test/stage.ts'

const home = mkdtempSync(join(tmpdir(), 'evenkeel-launch-'))
after(() => rmSync(home, { recursive: true }))

const HASH = 'ab'.repeat(32)
const signature = {
  person: 'person_1',
  name: 'Ada',
  role: 'business',
  signed_at: 0,
  is_contributor: true,
  is_new_person: true,
  receipt: { position: 1, hash: HASH },
  content_hash: HASH,
  expires_at: 1_795_000_000,
}

const LAUNCH = {
  id: 'launch_1',
  name: 'Express acquirer',
  status: 'running',
  stage: 0,
  exposure_bp: 500,
  currency: 'eur',
  content_hash: HASH,
  premortem: { state: 'opened', people: 2 },
  started_at: 1,
  stages: [
    {
      exposure_bp: 500,
      named_units: ['cus_1'],
      min_matured_payments: 200,
      min_hours: 24,
      caps: { per_payment: null, per_stage: null, per_day: 200_000 },
    },
    {
      exposure_bp: 10_000,
      named_units: [],
      min_matured_payments: 4_000,
      min_hours: 72,
      caps: { per_payment: null, per_stage: null, per_day: null },
    },
  ],
  guardrails: [{ tier: 'rate', metric: 'decline_rate', margin_bp: 300, action: 'rollback' }],
  risks: [
    {
      text: 'It declines',
      probability: 25,
      watched: true,
      tripwire: { metric: 'decline_rate', bound: 800, action: 'rollback' },
    },
    { text: 'They go bankrupt', probability: 5, watched: false, tripwire: null },
  ],
  signatures: [signature],
  approvals: [],
  waivers: [],
  gates: [
    { gate: 'matured', state: 'red', reason: '20 of 200 payments are 24 h old.' },
    { gate: 'time', state: 'waived', reason: 'Waived: a holiday' },
  ],
  watch: {
    matured: 20,
    in_flight: 3,
    no_unit: 1,
    verdicts: [
      {
        tier: 'rate',
        metric: 'decline_rate',
        verdict: 'BREACH',
        value: 900,
        bound: 600,
        n: 412,
        reason: 'It is worse.',
      },
    ],
  },
  without_unit: { payments: 1_000, without: 310, share_bp: 3_100 },
  waiting: { for: 'approval', since: 1, age_seconds: 3_780, reminders: 0 },
  stopped: null,
  incident: null,
}

type Sent = { readonly line: string; readonly body: unknown }

const server = (launch: object = LAUNCH) => {
  const sent: Sent[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { pathname, search } = new URL(String(input))
    const method = init?.method ?? 'GET'
    sent.push({
      line: `${method} ${pathname}${search}`,
      body: init?.body ? JSON.parse(String(init.body)) : null,
    })
    const isList = method === 'GET' && pathname.endsWith('/launches')
    const page = { object: 'list', data: [launch], has_more: false, url: pathname }
    const receipt = method === 'POST' ? { receipt: { position: 7, hash: HASH } } : {}
    return Response.json(isList ? page : { ...launch, ...receipt })
  }
  return { sent, fetch, environment: { EVENKEEL_API_KEY: 'uk_test_2abcdXy9z' } }
}

const fileOf = (name: string, content: string): string => {
  const path = join(home, name)
  writeFileSync(path, content)
  return path
}

describe('launch', () => {
  test('show draws stages, guardrails against their bounds, gates, risks, signatures and what waits', async () => {
    const { code, answer } = await play('launch show launch_1', server())
    assert.equal(code, 0)
    for (const line of [
      /^Express acquirer {2}launch_1$/m,
      /^running, stage 1 of 2, 5 % exposed$/m,
      /^▶ 1 {5}5 % {2}█░{19} {2}24 h, 200 matured payments, 1 named unit, caps 200,000 per day \(minor units of eur\)$/m,
      /^ {2}2 {3}100 % {2}█{20} {2}72 h, 4,000 matured payments$/m,
      /^ {2}31 % of the newest 1,000 payments name no customer: they are never exposed$/m,
      /^ {2}rate decline_rate {11}█{16} {2}BREACH {8}9 % of 6 %, n 412 +It is worse\.$/m,
      /^ {2}✖ matured +20 of 200 payments are 24 h old\.$/m,
      /^ {2}~ time +Waived: a holiday$/m,
      /^ {2}UNWATCHED {3}5 % {2}They go bankrupt$/m,
      /^ {2}✔ business +Ada, until 2026-11-18, wrote a part of it, a person younger than 24 h$/m,
      /^ {2}– technology +not signed$/m,
      /^Waits for approval, which only people give, since 1 h 3 min\.$/m,
    ])
      assert.match(answer, line)
  })

  test('new reads its own example, comments and all', async () => {
    const example = await play('launch new --example', server())
    const file = fileOf('launch.json', example.answer)
    const shop = server()
    const { code, said } = await play(`launch new ${file}`, shop)
    assert.equal(code, 0, said)
    const [{ line, body } = { line: '', body: null }] = shop.sent
    assert.equal(line, 'POST /v1/launches')
    assert.deepEqual((body as { stages: object[] }).stages.length, 3)
    assert.match(said, /Recorded in the audit log at 7/)
  })

  test('sign sends the hash that was read, and refuses another', async () => {
    const shop = server()
    assert.equal((await play(`launch sign launch_1 --hash ${HASH.slice(0, 8)}`, shop)).code, 0)
    assert.deepEqual(shop.sent.at(-1), {
      line: 'POST /v1/launches/launch_1/sign',
      body: { content_hash: HASH },
    })
    const other = await play('launch sign launch_1 --hash 00000000', server())
    assert.equal(other.code, 2)
    assert.match(other.said, /is not what was read/)
  })

  test('the API’s no is said as it is, and the command ends with 1', async () => {
    const no = { error: { message: 'The person’s role may not do this.', code: 'launch_role_wrong' } }
    const fetch: typeof globalThis.fetch = async () => Response.json(no, { status: 403 })
    const { code, said } = await play('launch resume launch_1', { ...server(), fetch })
    assert.equal(code, 1)
    assert.match(said, /The answer is 403: The person’s role may not do this\./)
  })

  test('each verb asks for what it is named after', async () => {
    for (const [line, path, body] of [
      ['approve launch_1', 'approve', { stage: 0, content_hash: HASH }],
      ['start launch_1', 'start', {}],
      ['start launch_1 --at 2026-11-22T17:00Z', 'start', { start_at: 1_795_366_800 }],
      ['hold launch_1 --reason call', 'hold', { reason: 'call' }],
      ['resume launch_1', 'resume', {}],
      ['rollback launch_1 --reason worse', 'rollback', { reason: 'worse' }],
      ['abandon launch_1', 'abandon', {}],
      ['reopen launch_1 --reason again', 'reopen', { reason: 'again' }],
      ['open launch_1 --merge risk_1,risk_2', 'premortem/open', { merge: [['risk_1', 'risk_2']] }],
      ['waive launch_1 --sign waiver_1', 'waivers/waiver_1/sign', {}],
    ] as const) {
      const shop = server()
      const { code, said } = await play(`launch ${line}`, shop)
      assert.equal(code, 0, said)
      const last = shop.sent.at(-1)
      assert.equal(last?.line, `POST /v1/launches/launch_1/${path}`, line)
      assert.deepEqual(last?.body ?? {}, body, line)
    }
  })

  test('list says what each waits for, and since when', async () => {
    const { answer } = await play('launch list --status running', server())
    assert.match(answer, /launch_1 {2}Express acquirer {2}running +1\/2 +5 % {2}approval, 1 h 3 min/)
  })

  test('risk reads what one person writes alone', async () => {
    const shop = server()
    const risk = '// alone\n{ "text": "It declines", "probability": 20, "impact_low": 1, "impact_high": 2 }'
    const file = fileOf('risk.json', risk)
    assert.equal((await play(`launch risk launch_1 ${file}`, shop)).code, 0)
    assert.equal(shop.sent[0]?.line, 'POST /v1/launches/launch_1/risks')
  })
})
