import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { caps, control, launchId } from '../../test/support/exposure-samples.ts'
import { EXPOSURE_KEY, openExposureServer, post } from '../../test/support/exposure-server.ts'
import { FRESH_MS } from './limits.ts'

const server = openExposureServer()
after(() => server.app.close())

const LAUNCH = 'launch_00000000000070008000000000000001'

const settle = (...controls: Parameters<typeof server.set>[0]): void => {
  server.set(controls)
  server.clock.nowMs += 2 * FRESH_MS
}

const ask = async (body: object) => (await post(server, '/v1/exposure', { launch: LAUNCH, ...body })).body

describe('the question', () => {
  test('is answered with the reason, the bucket, the exposure and the version', async () => {
    settle(control({ exposureBp: 10_000, version: 3, stage: 1 }))
    const customer = launchId(1_000)
    const shown = `cus_${customer.replaceAll('-', '')}`
    const { bucket, ...answer } = await ask({ unit: customer })
    assert.ok(Number.isInteger(bucket))
    assert.deepEqual(answer, {
      object: 'exposure',
      launch: LAUNCH,
      stage: 1,
      unit: shown,
      exposed: true,
      reason: 'bucket',
      exposure_bp: 10_000,
      version: 3,
    })
    assert.equal((await ask({ unit: shown }))['bucket'], bucket, 'however the customer is written')
  })

  test('without a unit is answered with control', async () => {
    settle(control({ exposureBp: 10_000 }))
    const { exposed, reason, bucket, unit } = await ask({})
    assert.deepEqual(
      { exposed, reason, bucket, unit },
      { exposed: false, reason: 'no_unit', bucket: null, unit: null },
    )
  })

  test('says what filters and caps say, as far as it was told', async () => {
    const filters = { countries: [], currencies: ['EUR', 'USD'], amountFrom: null, amountTo: null }
    settle(control({ exposureBp: 10_000, filters, caps: caps({ perPayment: 500 }) }))
    const reasonOf = async (more: object) => (await ask({ unit: 'cus_1', ...more }))['reason']
    assert.equal(await reasonOf({}), 'filtered')
    assert.equal(await reasonOf({ currency: 'eur' }), 'bucket')
    assert.equal(await reasonOf({ currency: 'usd' }), 'currency')
    assert.equal(await reasonOf({ currency: 'eur', amount: 500 }), 'bucket')
    assert.equal(await reasonOf({ currency: 'eur', amount: 501 }), 'cap')
  })

  test('about a launch that is not live is refused by name', async () => {
    settle()
    const { status, body } = await post(server, '/v1/exposure', { launch: LAUNCH, unit: 'x' })
    assert.deepEqual([status, (body['error'] as { code: string }).code], [404, 'launch_not_live'])
    const nonsense = await post(server, '/v1/exposure', { launch: 'cus_1' })
    assert.equal((nonsense.body['error'] as { code: string }).code, 'resource_missing')
  })
})

describe('what is exposed now', () => {
  test('is shown for operators, with what is reserved of the caps', async () => {
    settle(
      control({ named: ['cus_1'], caps: caps({ perStage: 10_000 }) }),
      control({
        launch: launchId(2),
        isStopped: true,
        subject: { kind: 'feature', key: 'search', variants: { on: true, off: false }, on: 'on', off: 'off' },
      }),
    )
    const url = '/v1/exposure/controls'
    const answer = await server.app.inject({ url, headers: { authorization: `Bearer ${EXPOSURE_KEY}` } })
    assert.equal(answer.statusCode, 200, answer.body)
    const { controls } = answer.json() as { controls: Record<string, unknown>[] }
    assert.deepEqual(
      controls.map(({ kind, rails, feature, stopped, named_units, caps }) => ({
        kind,
        rails,
        feature,
        stopped,
        named_units,
        caps,
      })),
      [
        {
          kind: 'route',
          rails: ['new-rail'],
          feature: null,
          stopped: false,
          named_units: 1,
          caps: {
            currency: 'eur',
            per_payment: null,
            per_stage: 10_000,
            per_day: null,
            reserved_in_stage: 0,
            reserved_today: 0,
            day: '2024-10-04',
          },
        },
        { kind: 'feature', rails: null, feature: 'search', stopped: true, named_units: 0, caps: null },
      ],
    )
  })
})

describe('memory', () => {
  test('answers without the database while it is fresh, and never over older controls', async () => {
    settle(control({ exposureBp: 10_000 }))
    await ask({ unit: 'x' })
    const { reads } = server.database
    for (let asked = 0; asked < 50; asked++) assert.equal((await ask({ unit: 'x' }))['exposed'], true)
    assert.equal(server.database.reads, reads)
    server.set([control({ exposureBp: 10_000, isStopped: true })])
    server.clock.nowMs += FRESH_MS + 1
    assert.equal((await ask({ unit: 'x' }))['reason'], 'stopped')
    assert.ok(server.database.reads > reads)
  })

  test('a wall clock that is set back makes nothing fresh', async () => {
    settle(control())
    await ask({ unit: 'x' })
    server.set([control({ isStopped: true })])
    server.clock.nowMs -= 3_600_000
    assert.equal((await ask({ unit: 'x' }))['reason'], 'stopped')
  })

  test('when the controls cannot be read, nothing is answered from what they were', async () => {
    settle(control({ exposureBp: 10_000 }))
    await ask({ unit: 'x' })
    server.clock.nowMs += FRESH_MS + 1
    server.database.fails = true
    const { status, body, headers } = await post(server, '/v1/exposure', { launch: LAUNCH, unit: 'x' })
    server.database.fails = false
    assert.deepEqual([status, (body['error'] as { code: string }).code], [503, 'database_unavailable'])
    assert.equal(headers['retry-after'], '1')
    assert.equal((await ask({ unit: 'x' }))['exposed'], true)
  })
})
