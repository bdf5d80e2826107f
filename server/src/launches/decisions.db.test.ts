import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type Answered,
  type LaunchBooks,
  type LaunchesWorld,
  openLaunches,
  PROPOSAL,
  RISK,
  type Shown,
  type Who,
} from '../../test/support/launches-world.ts'

let world: LaunchesWorld
let books: LaunchBooks
before(async () => {
  world = await openLaunches()
  books = await world.tenant()
})
after(() => world.close())

const pathOf = (launch: Shown): string => `/v1/launches/${String(launch['id'])}`
const errorOf = ({ body }: Answered): Shown => body['error'] as Shown
const DAY_H = 24

const does = (who: Who, launch: Shown, verb: string, body: object = {}): Promise<Shown> =>
  books.have(who, 'POST', `${pathOf(launch)}/${verb}`, body)
const tries = (who: Who, launch: Shown, verb: string, body: object = {}): Promise<Answered> =>
  books.ask(who, 'POST', `${pathOf(launch)}/${verb}`, body)
const show = (launch: Shown): Promise<Shown> => books.have('program', 'GET', pathOf(launch))

/** Proposed, feared and opened: what is left is to sign it. */
const prepared = async (own: object = {}): Promise<Shown> => {
  const draft = await books.have('business', 'POST', '/v1/launches', { ...PROPOSAL, ...own })
  const isFeature = (draft['subject'] as Shown)['type'] === 'feature'
  await does('technology', draft, 'risks', isFeature ? { ...RISK, tripwire: null } : RISK)
  return does('business', draft, 'premortem/open')
}

const overOf = (launch: Shown) => ({ content_hash: launch['content_hash'] })

const signed = async (own: object = {}): Promise<Shown> => {
  const launch = await prepared(own)
  await does('business', launch, 'sign', overOf(launch))
  return does('technology', launch, 'sign', overOf(launch))
}

const running = async (own: object = {}): Promise<Shown> => {
  const launch = await signed(own)
  return does('business', launch, 'start')
}

const approval = (launch: Shown, stage = 0) => ({ ...overOf(launch), stage })

/** Runs, and the controller has found nothing that stands against the end of its stage. */
const ripe = async (own: object = {}): Promise<Shown> => {
  const launch = await running({
    stages: [
      { exposure_bp: 500, min_hours: 0 },
      { exposure_bp: 2_500, min_hours: 0 },
    ],
    ...own,
  })
  await books.watch(String(launch['id']))
  return launch
}

describe('a signature', () => {
  test('waits for the pre-mortem, and is over what was read', async () => {
    const draft = await books.have('business', 'POST', '/v1/launches', PROPOSAL)
    assert.equal((await tries('business', draft, 'sign', overOf(draft))).code, 'launch_premortem_collecting')
    const launch = await prepared()
    const other = await tries('business', launch, 'sign', { content_hash: '0'.repeat(64) })
    assert.deepEqual([other.status, other.code], [400, 'launch_content_changed'])
    assert.equal((await tries('business', launch, 'sign')).code, 'parameter_missing')
  })

  test('is one of each role, by two people; the second makes the launch signed', async () => {
    const launch = await prepared()
    assert.equal((await tries('program', launch, 'sign', overOf(launch))).code, 'person_required')
    assert.equal((await tries('operator', launch, 'sign', overOf(launch))).code, 'launch_role_wrong')
    const once = await does('business', launch, 'sign', overOf(launch))
    assert.equal(once['status'], 'draft')
    assert.equal((await tries('business', launch, 'sign', overOf(launch))).code, 'launch_already_signed')
    assert.equal((await tries('business2', launch, 'sign', overOf(launch))).code, 'launch_already_signed')
    assert.equal((await show(launch))['status'], 'draft', 'one person’s signature counts once')
    const twice = await does('technology', launch, 'sign', overOf(launch))
    assert.equal(twice['status'], 'signed')
    assert.equal((twice['waiting'] as Shown)['for'], 'start')
    assert.equal((await tries('technology2', launch, 'sign', overOf(launch))).code, 'launch_unexpected_state')
  })

  test('gives a receipt that the log holds, and is anchored outside the database', async () => {
    const launch = await prepared()
    const once = await does('business', launch, 'sign', overOf(launch))
    const receipt = once['receipt'] as Shown
    const [signature] = once['signatures'] as Shown[]
    assert.deepEqual(signature?.['receipt'], receipt)
    const found = await books.rows(
      `select action from audit.entries where tenant = $1 and position = ${Number(receipt['position'])}
          and hash = '${String(receipt['hash'])}'`,
    )
    assert.deepEqual(found, [{ action: 'launch.signed' }])
    const anchors = await books.rows(
      `select count(*)::int as n from database.timers where tenant = $1 and kind = 'audit.anchor' and wall`,
    )
    assert.ok(Number(anchors[0]?.['n']) >= 1)
  })

  test('says who wrote the content, and who is new', async () => {
    const launch = await prepared()
    await does('business2', launch, 'sign', overOf(launch))
    const both = await does('newcomer', launch, 'sign', overOf(launch))
    assert.deepEqual(
      (both['signatures'] as Shown[]).map(({ is_contributor, is_new_person }) => [
        is_contributor,
        is_new_person,
      ]),
      [
        [false, false],
        [false, true],
      ],
    )
    const own = await prepared()
    const wrote = await does('technology', own, 'sign', overOf(own))
    assert.equal((wrote['signatures'] as Shown[])[0]?.['is_contributor'], true)
  })

  test('is void with any change of the content, whoever makes it', async () => {
    const launch = await signed()
    const changed = await books.have('program', 'POST', pathOf(launch), { slow_ms: 2_500 })
    assert.deepEqual([changed['status'], changed['signatures']], ['draft', []])
    assert.equal((await tries('business', launch, 'start')).code, 'launch_unexpected_state')
    assert.equal((await tries('business', launch, 'sign', overOf(launch))).code, 'launch_content_changed')
  })

  test('ends after 30 days of the tenant’s clock, and the launch is a draft again', async () => {
    const launch = await prepared()
    await does('business', launch, 'sign', overOf(launch))
    await books.pass(10 * DAY_H)
    await does('technology', launch, 'sign', overOf(launch))
    await books.pass(21 * DAY_H)
    const lapsed = await show(launch)
    assert.equal(lapsed['status'], 'draft')
    assert.deepEqual(
      (lapsed['signatures'] as Shown[]).map(({ role }) => role),
      ['technology'],
    )
    assert.ok((await books.events()).some(({ type }) => type === 'launch.signature_expired'))
  })
})

describe('a start', () => {
  test('is a person’s, and says what is missing', async () => {
    const launch = await prepared()
    await does('business', launch, 'sign', overOf(launch))
    const refused = await tries('business', launch, 'start')
    assert.equal(refused.code, 'launch_unexpected_state')
    assert.match(String(errorOf(refused)['message']), /technology/)
    const full = await signed()
    assert.equal((await tries('program', full, 'start')).code, 'person_required')
    assert.equal((await tries('operator', full, 'start')).code, 'launch_role_wrong')
    assert.equal((await show(full))['exposure_bp'], 0)
  })

  test('exposes the first stage with its commit, and no more', async () => {
    const launch = await running()
    assert.deepEqual([launch['status'], launch['stage'], launch['exposure_bp']], ['running', 0, 500])
    const controls = await books.controls()
    const control = controls.find(({ launch: id }) =>
      String(launch['id']).endsWith(String(id).replaceAll('-', '')),
    )
    assert.deepEqual(
      [control?.['exposureBp'], control?.['salt'], control?.['isStopped']],
      [500, launch['salt'], false],
    )
    assert.deepEqual(control?.['caps'], {
      currency: 'EUR',
      perPayment: null,
      perStage: null,
      perDay: 100_000,
    })
    assert.equal(
      (await books.ask('business', 'POST', pathOf(launch), { slow_ms: 1 })).code,
      'launch_unexpected_state',
    )
  })

  test('without anybody for the first 48 hours is refused, unless both have waived that', async () => {
    const launch = await signed({ cover: [] })
    const refused = await tries('business', launch, 'start')
    assert.equal(refused.code, 'launch_gates_red')
    const expires_at = Number((await show(launch))['created']) + 60 * 86_400
    const wanted = { gate: 'cover', reason: 'Both are on site' }
    assert.equal(
      (await tries('business', launch, 'waivers', { ...wanted, expires_at: 1 })).code,
      'launch_invalid',
    )
    await books.pass(40 * DAY_H)
    const fresh = await signed({ cover: [] })
    const asked = await does('business', fresh, 'waivers', { ...wanted, expires_at })
    const [waiver] = asked['waivers'] as Shown[]
    assert.equal(waiver?.['in_force'], false)
    assert.equal((await tries('technology', fresh, 'start')).code, 'launch_gates_red')
    const sign = `waivers/${String(waiver?.['id'])}/sign`
    assert.equal((await tries('business', fresh, sign)).code, 'launch_already_signed')
    assert.equal((await tries('business2', fresh, sign)).code, 'launch_already_signed')
    const both = await does('technology', fresh, sign)
    assert.equal((both['waivers'] as Shown[])[0]?.['in_force'], true)
    assert.equal((await does('technology', fresh, 'start'))['status'], 'running')
    await books.pass(25 * DAY_H)
    assert.equal(((await show(fresh))['waivers'] as Shown[])[0]?.['in_force'], false, 'it has ended')
  })

  test('that is fixed for later waits then for a person: nothing raises by itself', async () => {
    const launch = await signed()
    const at = Number(
      (await show(launch))['waiting'] === null ? 0 : ((await show(launch))['waiting'] as Shown)['since'],
    )
    assert.equal((await tries('business', launch, 'start', { start_at: 1 })).code, 'launch_invalid')
    const armed = await does('business', launch, 'start', { start_at: at + 7_200 })
    assert.deepEqual([armed['status'], armed['exposure_bp'], armed['waiting']], ['armed', 0, null])
    await books.pass(3)
    const due = await show(launch)
    assert.deepEqual(
      [due['status'], due['exposure_bp'], (due['waiting'] as Shown)['for']],
      ['armed', 0, 'start'],
    )
    assert.equal((await does('technology', launch, 'start'))['status'], 'running')
  })
})

describe('an approval', () => {
  test('is the last gate: refused while any other is red', async () => {
    const launch = await running()
    const blind = await tries('business', launch, 'approve', approval(launch))
    assert.equal(blind.code, 'launch_gates_red')
    const ripened = await ripe()
    await books.watch(String(ripened['id']), { matured: 99 })
    const early = await tries('business', ripened, 'approve', approval(ripened))
    assert.equal(early.code, 'launch_gates_red')
    const gates = errorOf(early)['gates'] as Shown[]
    assert.deepEqual(
      gates.filter(({ state }) => state === 'red').map(({ gate }) => gate),
      ['matured', 'approval'],
    )
    assert.equal((await show(ripened))['exposure_bp'], 500)
  })

  test('takes both roles that the stage asks for, over what was read, and raises in one commit', async () => {
    const launch = await ripe()
    assert.equal((await tries('program', launch, 'approve', approval(launch))).code, 'person_required')
    assert.equal((await tries('operator', launch, 'approve', approval(launch))).code, 'launch_role_wrong')
    assert.equal(
      (await tries('business', launch, 'approve', approval(launch, 1))).code,
      'launch_stage_changed',
    )
    const other = { stage: 0, content_hash: '0'.repeat(64) }
    assert.equal((await tries('business', launch, 'approve', other)).code, 'launch_content_changed')
    const once = await does('business', launch, 'approve', approval(launch))
    assert.deepEqual([once['stage'], once['exposure_bp']], [0, 500])
    assert.equal((await tries('business', launch, 'approve', approval(launch))).code, 'launch_already_signed')
    assert.equal(
      (await tries('business2', launch, 'approve', approval(launch))).code,
      'launch_already_signed',
    )
    const twice = await does('technology', launch, 'approve', approval(launch))
    assert.deepEqual([twice['status'], twice['stage'], twice['exposure_bp']], ['running', 1, 2_500])
    await books.watch(String(launch['id']))
    await does('business', launch, 'approve', approval(launch, 1))
    const done = await does('technology', launch, 'approve', approval(launch, 1))
    assert.deepEqual([done['status'], done['exposure_bp'], done['waiting']], ['completed', 2_500, null])
  })

  test('of two processes at once advances once', async () => {
    const launch = await ripe({
      stages: [
        { exposure_bp: 500, min_hours: 0, required_signers: ['business'] },
        { exposure_bp: 2_500, min_hours: 0, required_signers: ['business'] },
        { exposure_bp: 5_000, min_hours: 0, required_signers: ['business'] },
      ],
    })
    const line = ['POST', `${pathOf(launch)}/approve`, approval(launch)] as const
    const answers = await Promise.all([
      books.ask('business', ...line),
      books.elsewhere('business2', ...line),
      books.ask('business2', ...line),
      books.elsewhere('business', ...line),
    ])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 400, 400, 400])
    assert.ok(answers.every(({ status, code }) => status === 200 || code === 'launch_stage_changed'))
    assert.deepEqual([(await show(launch))['stage'], (await show(launch))['exposure_bp']], [1, 2_500])
  })

  test('is void once the launch is held', async () => {
    const launch = await ripe()
    await does('business', launch, 'approve', approval(launch))
    await does('operator', launch, 'hold', { reason: 'A call from the bank' })
    assert.equal(
      (await tries('technology', launch, 'approve', approval(launch))).code,
      'launch_unexpected_state',
    )
    assert.equal((await tries('operator', launch, 'resume')).code, 'launch_role_wrong')
    await does('technology', launch, 'resume')
    const after = await does('technology', launch, 'approve', approval(launch))
    assert.equal(after['stage'], 0, 'what was approved before is to be approved anew')
  })
})

describe('a rollback', () => {
  test('needs one person, an operator or a key, and nothing else', async () => {
    for (const who of ['business', 'technology', 'operator', 'program'] as const) {
      const launch = await running()
      const back = await does(who, launch, 'rollback', { reason: 'The bank called' })
      assert.deepEqual([back['status'], back['exposure_bp']], ['rolling_back', 0])
      assert.equal((back['incident'] as Shown)['owner'], launch['owner'])
      assert.equal((back['stopped'] as Shown)['reason'], 'The bank called')
    }
    const controls = await books.controls()
    const stopped = controls.filter(({ isStopped }) => isStopped === true)
    assert.equal(stopped.length, 4)
    assert.ok(stopped.every(({ exposureBp, named }) => exposureBp === 0 && (named as unknown[]).length === 0))
    const types = (await books.events()).map(({ type }) => type)
    assert.ok(types.includes('incident.opened') && types.includes('launch.rolled_back'))
  })

  test('is told why it was done, and reaches a completed launch too', async () => {
    const launch = await ripe({
      stages: [{ exposure_bp: 10_000, min_hours: 0, required_signers: ['business'] }],
    })
    assert.equal((await does('business', launch, 'approve', approval(launch)))['status'], 'completed')
    assert.equal((await tries('operator', launch, 'rollback')).code, 'parameter_missing')
    assert.equal((await does('operator', launch, 'rollback', { reason: 'Late' }))['exposure_bp'], 0)
  })
})

describe('what waits for people', () => {
  test('shows its age, and is told again every day', async () => {
    const launch = await signed()
    const before = (await books.events()).filter(({ type }) => type === 'launch.waiting').length
    await books.pass(25)
    const waiting = (await show(launch))['waiting'] as Shown
    assert.deepEqual([waiting['for'], waiting['reminders']], ['start', 1])
    assert.ok(Number(waiting['age_seconds']) >= 25 * 3_600)
    const after = (await books.events()).filter(
      ({ type, object }) => type === 'launch.waiting' && object['id'] === launch['id'],
    )
    assert.ok(after.length >= 3 && (await books.events()).length > before)
    await books.pass(1)
    assert.equal(((await show(launch))['waiting'] as Shown)['reminders'], 1)
  })
})

describe('an end, and a new beginning', () => {
  test('keeps the salt, and nothing that was signed or approved', async () => {
    const launch = await signed()
    assert.equal((await tries('program', launch, 'abandon')).code, 'person_required')
    assert.equal((await does('business', launch, 'abandon', { reason: 'Later' }))['status'], 'abandoned')
    const again = await does('technology', launch, 'reopen')
    assert.deepEqual(
      [again['status'], again['signatures'], again['salt'], again['content_hash']],
      ['draft', [], launch['salt'], launch['content_hash']],
    )
    assert.equal((await tries('business', launch, 'start')).code, 'launch_unexpected_state')
  })
})

describe('a feature', () => {
  test('is live in one launch at a time', async () => {
    const feature = {
      subject: { type: 'feature', key: 'new-checkout' },
      stages: [{ exposure_bp: 500, min_hours: 0 }],
    }
    const first = await running(feature)
    const second = await signed(feature)
    assert.equal((await tries('business', second, 'start')).code, 'launch_feature_taken')
    await does('business', first, 'rollback', { reason: 'Enough' })
    assert.equal((await tries('business', second, 'start')).code, 'launch_feature_taken')
  })
})
