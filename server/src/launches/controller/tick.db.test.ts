import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ControllerWorld, openController } from '../../../test/support/controller-world.ts'
import { stageOf } from '../../../test/support/launch-content.ts'
import { approvedBy } from '../../../test/support/launch-watch.ts'
import { advanceInDraft, holdInDraft, resumeInDraft, rollBackInDraft } from '../move.ts'

let world: ControllerWorld
before(async () => {
  world = await openController()
})
after(() => world.close())

const ACTOR = { kind: 'person', id: 'person_1', name: 'Ada', role: 'technology' } as const
const CAUSE = { actor: ACTOR, reason: 'because' } as const
const STOP = { ...CAUSE, metric: null } as const

const FAILURES = {
  tier: 'rate',
  metric: 'failure_rate',
  margin_bp: 100,
  baseline_bp: 300,
  action: 'rollback',
} as const

/** One that may go on as soon as it has seen 30 payments. */
const QUICK = {
  guardrails: [FAILURES],
  risks: [],
  stages: [
    stageOf({ min_hours: 0, min_matured_payments: 30 }),
    stageOf({ exposure_bp: 2_500, min_hours: 0, min_matured_payments: 30 }),
  ],
}

/** Of accounts that share a bit in this hour only one is evidence (core/guardrails/seen.ts): which ones, the hour decides. */
const assertEvidence = (counted: number | undefined, told: number): void => {
  const found = counted ?? 0
  assert.ok(found <= told && found >= told - 3, `${found} of ${told} were counted`)
}

describe('a tick', () => {
  test('counts what has happened since the last one, once', async () => {
    const site = await world.tenant()
    const launch = await site.start(QUICK)
    const process = site.process()
    await site.pay(launch, { n: 25 })
    await site.pay(launch, { arm: 'control', n: 40, outcome: 'declined' })
    assert.equal(await process.tick(), 65)
    assert.equal(await process.tick(), 0)
    await site.pay(launch, { n: 3, outcome: 'failed', amount: 500 })
    assert.equal(await process.tick(), 3)
    const watch = await site.watch(launch)
    assertEvidence(watch?.inStage.exposed.attempts, 28)
    assertEvidence(watch?.inStage.exposed.failed, 3)
    assertEvidence(watch?.inStage.control.declined, 40)
    assert.deepEqual([watch?.inAll.exposed.allAttempts, watch?.inAll.control.allAttempts], [28, 40])
    assert.equal(watch?.inAll.exposed.attemptedAmount, 26_500)
  })

  test('of several processes at once counts once', async () => {
    const site = await world.tenant()
    const launch = await site.start(QUICK)
    const processes = [site.process(), site.process(), site.process()]
    for (let round = 0; round < 5; round++) {
      await site.pay(launch, { n: 10 })
      await Promise.all(processes.map((process) => process.tick()))
    }
    const watch = await site.watch(launch)
    assert.equal(watch?.inAll.exposed.allAttempts, 50)
    assertEvidence(watch?.inAll.exposed.attempts, 50)
    const asked = (await site.events()).filter((type) => type === 'launch.approval_requested')
    assert.equal(asked.length, 1)
  })

  test('after an outage goes on where it was, and passes over nothing', async () => {
    const site = await world.tenant()
    const launch = await site.start(QUICK)
    await site.process().tick()
    for (let page = 0; page < 11; page++) await site.pay(launch, { n: 500 })
    await site.moveClock(24 * 3)
    await site.pay(launch, { n: 7, outcome: 'failed' })
    // Another process, with nothing in memory.
    assert.equal(await site.process().tick(), 5_507)
    const watch = await site.watch(launch)
    assert.equal(watch?.inAll.exposed.allAttempts, 5_507)
    assert.equal((await site.launch(launch)).stage, 0, 'time alone ends no stage')
    assert.equal((await site.tickRow())?.sequence, BigInt((await site.events()).length))
  })

  test('looks at nobody where nothing is live, and wakes when something starts', async () => {
    const site = await world.tenant()
    const process = site.process()
    assert.equal(await process.tick(), 0)
    assert.equal(await site.tickRow(), null)
    const launch = await site.start(QUICK)
    assert.equal((await site.tickRow())?.isAsleep, false)
    const timers = await world.database.ask(
      site.id,
      `select wall from database.timers where kind = 'launches.tick'`,
    )
    assert.deepEqual(timers, [[true]])
    await site.change(launch, (draft, row) => rollBackInDraft(draft, row, STOP))
    for (let round = 0; round < 3; round++) await process.tick()
    assert.equal((await site.launch(launch)).status, 'rolled_back')
    assert.equal((await site.tickRow())?.isAsleep, true)
    assert.deepEqual(
      await world.database.ask(site.id, `select 1 from database.timers where kind = 'launches.tick'`),
      [],
    )
  })
})

describe('a breach', () => {
  test('of an invariant takes exposure to zero in one tick, whatever the launch waits for', async () => {
    for (const status of ['running', 'held', 'completed'] as const) {
      const site = await world.tenant()
      const launch = await site.start(QUICK)
      const process = site.process()
      await site.pay(launch, { n: 40 })
      await process.tick()
      if (status === 'held') await site.change(launch, (draft, row) => holdInDraft(draft, row, STOP))
      if (status === 'completed')
        await site.change(launch, (draft, row) => {
          advanceInDraft(draft, advanceInDraft(draft, row, CAUSE), CAUSE)
        })
      site.money.findings = [{ metric: 'duplicate_debit', count: 1, example: 'ch_1', text: 'Taken twice' }]
      site.money.inFlight = 2
      await process.tick()
      const row = await site.launch(launch)
      assert.equal(row.status, 'rolling_back', status)
      assert.equal(row.stopped?.metric, 'duplicate_debit')
      assert.equal(row.stopped?.by, 'launches.controller')
      const [control] = (await site.controls()).controls
      assert.deepEqual([control?.exposureBp, control?.isStopped, control?.named], [0, true, []])
      const events = await site.events()
      for (const type of ['launch.guardrail_breached', 'launch.rolled_back', 'incident.opened'])
        assert.equal(events.filter((each) => each === type).length, 1, type)
    }
  })

  test('of a rate rolls back, and is told with what was found', async () => {
    const site = await world.tenant()
    const launch = await site.start(QUICK)
    await site.pay(launch, { arm: 'control', n: 300 })
    await site.pay(launch, { n: 12, outcome: 'failed' })
    await site.process().tick()
    assert.equal((await site.launch(launch)).status, 'rolling_back')
    const [[verdict] = []] = await world.database.ask(
      site.id,
      `select data #>> '{object,verdict,reason}' from database.events where type = 'launch.guardrail_breached'`,
    )
    assert.match(String(verdict), /12 of 12/)
    const [entry] = await world.database.ask(site.id, 'select status, verdicts::text from launches.verdicts')
    assert.equal(entry?.[0], 'running')
    assert.match(String(entry?.[1]), /"verdict": "BREACH"/)
    const acts = await world.database.ask(site.id, `select action from audit.entries order by position`)
    assert.deepEqual(acts.flat(), ['launch.started', 'launch.rolled_back'])
  })

  test('that only holds stops the stage, and counts anew when a person has resumed it', async () => {
    const site = await world.tenant()
    const launch = await site.start({ ...QUICK, guardrails: [{ ...FAILURES, action: 'hold' }] })
    const process = site.process()
    await site.pay(launch, { n: 12, outcome: 'failed' })
    await process.tick()
    assert.equal((await site.launch(launch)).status, 'held')
    assert.equal((await site.controls()).controls[0]?.exposureBp, 500)
    await process.tick()
    await site.change(launch, (draft, row) => resumeInDraft(draft, row, CAUSE))
    await site.pay(launch, { n: 30 })
    await process.tick()
    assert.equal((await site.launch(launch)).status, 'running')
  })

  test('is seen by a tick that cannot look at the money, and what it cannot see is not green', async () => {
    const site = await world.tenant()
    const launch = await site.start(QUICK)
    site.money.isDown = true
    const process = site.process()
    await site.pay(launch, { n: 40 })
    await process.tick()
    const row = await site.launch(launch)
    assert.deepEqual([row.status, row.waiting], ['running', null])
    await site.pay(launch, { n: 30, outcome: 'failed' })
    await process.tick()
    assert.equal((await site.launch(launch)).status, 'rolling_back')
  })
})

describe('a rollback', () => {
  test('ends when nothing is in flight any more, counted after the stop', async () => {
    const site = await world.tenant()
    const launch = await site.start(QUICK)
    const process = site.process()
    site.money.inFlight = 1
    await site.change(launch, (draft, row) => rollBackInDraft(draft, row, STOP))
    await process.tick()
    assert.equal((await site.launch(launch)).status, 'rolling_back')
    site.money.inFlight = 0
    site.money.isDown = true
    await process.tick()
    assert.equal((await site.launch(launch)).status, 'rolling_back', 'unknown is not none')
    site.money.isDown = false
    await process.tick()
    assert.equal((await site.launch(launch)).status, 'rolled_back')
    assert.deepEqual((await site.controls()).controls, [])
  })

  test('by a person needs no tick at all', async () => {
    const site = await world.tenant()
    const launch = await site.start(QUICK)
    await site.change(launch, (draft, row) => rollBackInDraft(draft, row, STOP))
    assert.equal((await site.controls()).controls[0]?.isStopped, true)
  })
})

describe('a stage', () => {
  test('whose gates are open waits for people, and never ends by itself', async () => {
    const site = await world.tenant()
    const launch = await site.start(QUICK)
    const process = site.process()
    await process.tick()
    assert.equal((await site.launch(launch)).waiting, null, 'no data is not green')
    await site.pay(launch, { n: 40 })
    for (let round = 0; round < 3; round++) await process.tick()
    const row = await site.launch(launch)
    assert.deepEqual([row.status, row.stage, row.waiting?.for], ['running', 0, 'approval'])
    assert.equal((await site.controls()).controls[0]?.exposureBp, 500)
  })

  test('that is new is watched anew', async () => {
    const site = await world.tenant()
    const launch = await site.start(QUICK)
    const process = site.process()
    await site.pay(launch, { n: 40 })
    await process.tick()
    await site.change(launch, (draft, row) => {
      const approvals = [approvedBy(row, 'business'), approvedBy(row, 'technology')]
      advanceInDraft(draft, { ...row, approvals }, CAUSE)
    })
    await process.tick()
    const watch = await site.watch(launch)
    assert.deepEqual([watch?.stage, watch?.inStage.exposed.attempts, watch?.matured], [1, 0, 0])
    const row = await site.launch(launch)
    assert.equal(row.waiting, null, 'what the stage before has shown does not end this one')
  })
})

describe('at a stop of a clock that is moved on', () => {
  test('it looks once, and again only when payments have moved', async () => {
    const site = await world.tenant()
    const launch = await site.start(QUICK)
    const process = site.process()
    await process.tick()
    assert.equal(await process.stop(1_000n), 1)
    assert.equal(await process.stop(1_000n), 0)
    await site.pay(launch, { n: 40 })
    assert.equal(await process.stop(1_000n), 40)
    // It has asked for the approval, and that event is none of its own.
    assert.equal(await process.stop(1_000n), 0)
    assert.equal(await process.stop(1_000n), 0)
    assert.equal(await process.stop(2_000n), 1)
  })
})
