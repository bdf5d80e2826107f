import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type LaunchBooks,
  type LaunchesWorld,
  openLaunches,
  PROPOSAL,
  personIdOf,
  RISK,
  type Shown,
} from '../../test/support/launches-world.ts'

let world: LaunchesWorld
let books: LaunchBooks
before(async () => {
  world = await openLaunches()
  books = await world.tenant()
})
after(() => world.close())

const propose = (own: object = {}): Promise<Shown> =>
  books.have('business', 'POST', '/v1/launches', { ...PROPOSAL, ...own })
const pathOf = (launch: Shown): string => `/v1/launches/${String(launch['id'])}`
const errorOf = ({ body }: { body: Shown }): Shown => body['error'] as Shown

describe('a proposal', () => {
  test('is a draft that shows everything it left out, and stands in the log', async () => {
    const launch = await propose()
    assert.equal(launch['object'], 'launch')
    assert.equal(launch['status'], 'draft')
    assert.equal(launch['exposure_bp'], 0)
    assert.equal(launch['owner'], personIdOf('business'))
    assert.equal((launch['guardrails'] as Shown[]).length, 8)
    assert.match(String(launch['content_hash']), /^[0-9a-f]{64}$/)
    assert.match(String(launch['salt']), /^[0-9a-f]{32}$/)
    assert.deepEqual(launch['premortem'], { state: 'collecting', people: 0 })
    assert.equal((launch['waiting'] as Shown)['for'], 'premortem')
    assert.ok((launch['receipt'] as Shown)['hash'])
    assert.ok((await books.acts()).includes('launch.created'))
    const shown = await books.have('program', 'GET', pathOf(launch))
    assert.deepEqual(shown['without_unit'], { payments: 1_000, without: 310, share_bp: 3_100 })
    assert.deepEqual(
      (shown['gates'] as Shown[]).map(({ gate, state }) => `${gate} ${state}`),
      ['state red', 'signatures red', 'error_budget green', 'cover green'],
    )
  })

  test('names the field that does not fit, and what to do', async () => {
    const stages = [{ exposure_bp: 500 }, { exposure_bp: 400 }]
    const refused = await books.ask('business', 'POST', '/v1/launches', { ...PROPOSAL, stages })
    assert.deepEqual(
      [refused.status, refused.code, errorOf(refused)['param']],
      [400, 'launch_invalid', 'stages[1][exposure_bp]'],
    )
    const unknown = await books.ask('business', 'POST', '/v1/launches', { ...PROPOSAL, speed: 'all' })
    assert.equal(unknown.code, 'parameter_unknown')
    const nobody = await books.ask('business', 'POST', '/v1/launches', {
      ...PROPOSAL,
      owner: `person_${'9'.repeat(32)}`,
    })
    assert.deepEqual([nobody.code, errorOf(nobody)['param']], ['resource_missing', 'owner'])
    const keyed = await books.ask('program', 'POST', '/v1/launches', PROPOSAL)
    assert.equal(errorOf(keyed)['param'], 'owner', 'a program’s key owns no launch')
  })

  test('tells only an endpoint that is there and listens', async () => {
    const deaf = await books.endpoint(['charge.succeeded'])
    const refused = await books.ask('business', 'POST', '/v1/launches', { ...PROPOSAL, notify: deaf })
    assert.deepEqual([refused.code, errorOf(refused)['param']], ['launch_invalid', 'notify'])
    const gone = await books.ask('business', 'POST', '/v1/launches', {
      ...PROPOSAL,
      notify: `we_${'9'.repeat(32)}`,
    })
    assert.deepEqual([gone.code, errorOf(gone)['param']], ['resource_missing', 'notify'])
    const hears = await books.endpoint(['launch.waiting'])
    const launch = await propose({ notify: hears })
    assert.equal(launch['notify'], hears)
    const freed = await books.have('business', 'POST', pathOf(launch), { notify: '' })
    assert.equal(freed['notify'], null)
  })

  test('is made by a program’s key or a lead, never by an operator', async () => {
    const owner = personIdOf('business')
    const made = await books.have('program', 'POST', '/v1/launches', { ...PROPOSAL, owner })
    assert.deepEqual(made['contributors'], ['key_1'])
    const refused = await books.ask('operator', 'POST', '/v1/launches', { ...PROPOSAL, owner })
    assert.deepEqual([refused.status, refused.code], [403, 'launch_role_wrong'])
  })

  test('is made once for a key, and listed by status', async () => {
    const first = await books.ask('business', 'POST', '/v1/launches', PROPOSAL, 'once')
    const again = await books.ask('business', 'POST', '/v1/launches', PROPOSAL, 'once')
    assert.deepEqual(again.body, first.body)
    const drafts = await books.have('program', 'GET', '/v1/launches?status=draft')
    const ids = (drafts['data'] as Shown[]).map(({ id }) => id)
    assert.equal(ids.filter((id) => id === first.body['id']).length, 1)
    const none = await books.have('program', 'GET', '/v1/launches?status=completed')
    assert.deepEqual(none['data'], [])
    assert.equal((await books.ask('program', 'GET', '/v1/launches/launch_nothing')).status, 404)
  })
})

describe('a change of the content', () => {
  test('gives another hash, notes who wrote it, and says what it was in the log', async () => {
    const launch = await propose()
    const changed = await books.have('technology', 'POST', pathOf(launch), { slow_ms: 2_000 })
    assert.notEqual(changed['content_hash'], launch['content_hash'])
    assert.equal(changed['salt'], launch['salt'])
    assert.deepEqual(changed['contributors'], [personIdOf('business'), personIdOf('technology')])
    const [entry] = await books.rows(
      `select content from audit.entries where tenant = $1 and action = 'launch.updated' order by position desc limit 1`,
    )
    assert.deepEqual((JSON.parse(String(entry?.['content'])) as { before: Shown }).before['changed'], {
      slow_ms: 3_000,
    })
  })

  test('that changes nothing leaves everything as it is', async () => {
    const launch = await propose()
    const same = await books.have('business', 'POST', pathOf(launch), { name: PROPOSAL.name })
    assert.equal(same['content_hash'], launch['content_hash'])
  })

  test('takes no risk before the pre-mortem is opened', async () => {
    const launch = await propose()
    const refused = await books.ask('business', 'POST', pathOf(launch), { risks: [RISK] })
    assert.equal(refused.code, 'launch_premortem_collecting')
    assert.equal((errorOf(refused)['launch'] as Shown)['id'], launch['id'])
  })
})

const risksOf = async (who: Parameters<LaunchBooks['ask']>[0], launch: Shown): Promise<Shown[]> =>
  (await books.have(who, 'GET', `${pathOf(launch)}/risks`))['data'] as Shown[]

describe('a pre-mortem', () => {
  test('hides what each wrote from all others until the owner opens it', async () => {
    const launch = await propose()
    const path = `${pathOf(launch)}/risks`
    await books.have('business', 'POST', path, RISK)
    await books.have('technology', 'POST', path, { ...RISK, text: 'Answers get lost', tripwire: null })
    await books.have('technology', 'POST', path, { ...RISK, text: 'They go bankrupt', tripwire: null })
    assert.deepEqual(
      (await risksOf('technology', launch)).map(({ text }) => text),
      ['Answers get lost', 'They go bankrupt'],
    )
    assert.equal((await risksOf('business', launch)).length, 1)
    assert.deepEqual(await risksOf('operator', launch), [])
    assert.deepEqual(await risksOf('program', launch), [])
    const shown = await books.have('business', 'GET', pathOf(launch))
    assert.deepEqual(shown['premortem'], { state: 'collecting', people: 2 })
    assert.deepEqual(shown['risks'], [])
    const told = JSON.stringify([
      await books.events(),
      await books.rows('select content from audit.entries where tenant = $1'),
    ])
    assert.ok(!told.includes('Answers get lost'), 'neither events nor the log tell')
  })

  test('is written by persons, opened by its owner, once, and not when nobody wrote', async () => {
    const launch = await propose()
    const path = pathOf(launch)
    assert.equal((await books.ask('program', 'POST', `${path}/risks`, RISK)).code, 'person_required')
    assert.equal(
      (await books.ask('business', 'POST', `${path}/premortem/open`, {})).code,
      'launch_premortem_empty',
    )
    await books.have('operator', 'POST', `${path}/risks`, RISK)
    const notOwner = await books.ask('technology', 'POST', `${path}/premortem/open`, {})
    assert.deepEqual([notOwner.status, notOwner.code], [403, 'launch_owner_required'])
    const opened = await books.have('business', 'POST', `${path}/premortem/open`, {})
    assert.equal((opened['waiting'] as Shown)['for'], 'signatures')
    const again = await books.ask('business', 'POST', `${path}/premortem/open`, {})
    assert.equal(again.code, 'launch_premortem_opened')
    assert.equal((await books.ask('business', 'POST', `${path}/risks`, RISK)).code, 'launch_premortem_opened')
  })

  test('becomes content when it is opened: duplicates merged, writers noted, another hash', async () => {
    const launch = await propose()
    const path = pathOf(launch)
    const one = await books.have('technology', 'POST', `${path}/risks`, { ...RISK, tripwire: null })
    const two = await books.have('operator', 'POST', `${path}/risks`, {
      ...RISK,
      probability: 60,
      impact_low: 100,
      text: 'The same in other words',
    })
    await books.have('technology', 'POST', `${path}/risks`, {
      ...RISK,
      text: 'Customers complain',
      tripwire: { metric: 'calls on the phone', bound: 5, action: 'hold' },
    })
    const merge = [[one['id'], two['id']]]
    const opened = await books.have('business', 'POST', `${path}/premortem/open`, { merge })
    const risks = opened['risks'] as Shown[]
    assert.deepEqual(
      risks.map(({ text, probability, impact_low, watched }) => ({ text, probability, impact_low, watched })),
      [
        { text: RISK.text, probability: 60, impact_low: 100, watched: true },
        { text: 'Customers complain', probability: 25, impact_low: 500_000, watched: false },
      ],
    )
    assert.equal(opened['unwatched'], 1)
    assert.notEqual(opened['content_hash'], launch['content_hash'])
    assert.deepEqual(opened['contributors'], [
      personIdOf('business'),
      personIdOf('technology'),
      personIdOf('operator'),
    ])
    assert.equal((await risksOf('program', launch)).length, 3, 'now everybody sees who wrote what')
    const more = await books.have('technology', 'POST', path, { risks: [RISK] })
    assert.equal((more['risks'] as Shown[]).length, 1)
  })
})
