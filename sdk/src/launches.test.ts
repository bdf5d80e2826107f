import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from './client.ts'

type Sent = readonly [method: string, path: string, body?: unknown]

const recorded = () => {
  const sent: Sent[] = []
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const { pathname, search } = new URL(String(url))
    const path = pathname + decodeURIComponent(search)
    const method = init?.method ?? ''
    sent.push(init?.body ? [method, path, JSON.parse(String(init.body))] : [method, path])
    const page = { object: 'list', data: [], has_more: false, url: pathname }
    return new Response(JSON.stringify(page), { headers: { 'content-type': 'application/json' } })
  }
  const { launches } = createClient({ baseUrl: 'http://localhost', apiKey: 'uk_test_1', fetch })
  return { launches, sent }
}

const HASH = 'ab'.repeat(32)
const RISK = { text: 'It declines', probability: 20, impact_low: 1, impact_high: 2 }
const PROPOSAL = {
  name: 'Express',
  currency: 'eur',
  subject: { type: 'route', rails: ['sandbox-express'] },
  benefit: { low: 1, high: 2, per: 'month', source: 'Offer', as_of: 1 },
  forecast: { payments_per_day: 5, average_amount: 6 },
  stages: [{ exposure_bp: 500, caps: { per_day: 100 } }],
  rollback_plan: 'Call them',
} as const

test('each method of launches sends the call that it is named after', async () => {
  const { launches, sent } = recorded()
  await launches.create(PROPOSAL)
  await launches.update('launch_1', { slow_ms: 5 })
  await launches.retrieve('launch/1')
  await launches.list({ status: 'running' }).page()
  await launches.risks.write('launch_1', RISK)
  await launches.risks.list('launch_1')
  await launches.openPremortem('launch_1', { merge: [['risk_1', 'risk_2']] })
  await launches.sign('launch_1', { content_hash: HASH })
  await launches.start('launch_1')
  await launches.start('launch_1', { start_at: 7 })
  await launches.approve('launch_1', { stage: 0, content_hash: HASH })
  await launches.hold('launch_1', { reason: 'a call' })
  await launches.resume('launch_1')
  await launches.rollback('launch_1', { reason: 'worse' })
  await launches.abandon('launch_1')
  await launches.reopen('launch_1')
  await launches.waivers.ask('launch_1', { gate: 'time', reason: 'x', expires_at: 9 })
  await launches.waivers.sign('launch_1', 'waiver_1')
  const bodies = sent.map(([method, path, body]) =>
    body === undefined || JSON.stringify(body) === '{}' ? [method, path] : [method, path, body],
  )
  assert.deepEqual(bodies, [
    ['POST', '/v1/launches', PROPOSAL],
    ['POST', '/v1/launches/launch_1', { slow_ms: 5 }],
    ['GET', '/v1/launches/launch%2F1'],
    ['GET', '/v1/launches?status=running'],
    ['POST', '/v1/launches/launch_1/risks', RISK],
    ['GET', '/v1/launches/launch_1/risks'],
    ['POST', '/v1/launches/launch_1/premortem/open', { merge: [['risk_1', 'risk_2']] }],
    ['POST', '/v1/launches/launch_1/sign', { content_hash: HASH }],
    ['POST', '/v1/launches/launch_1/start'],
    ['POST', '/v1/launches/launch_1/start', { start_at: 7 }],
    ['POST', '/v1/launches/launch_1/approve', { stage: 0, content_hash: HASH }],
    ['POST', '/v1/launches/launch_1/hold', { reason: 'a call' }],
    ['POST', '/v1/launches/launch_1/resume'],
    ['POST', '/v1/launches/launch_1/rollback', { reason: 'worse' }],
    ['POST', '/v1/launches/launch_1/abandon'],
    ['POST', '/v1/launches/launch_1/reopen'],
    ['POST', '/v1/launches/launch_1/waivers', { gate: 'time', reason: 'x', expires_at: 9 }],
    ['POST', '/v1/launches/launch_1/waivers/waiver_1/sign'],
  ])
})
