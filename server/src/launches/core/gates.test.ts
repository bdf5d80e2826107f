import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  approvedBy,
  attempts,
  freshWatch,
  HOUR,
  look,
  PEOPLE,
  runningLaunch,
  START,
} from '../../../test/support/launch-watch.ts'
import { areOpen, areSigned, type GateQuestion, gatesOf, isCovered, startGatesOf } from './gates.ts'
import { nextMove } from './guardrails/next-move.ts'
import type { Gate, Launch, Verdict, Waiver, Watch } from './model.ts'

const MICROS = 1_000_000
const NOW = (START + 100 * HOUR) * MICROS

const ready = (): Launch => {
  const launch = runningLaunch({}, { maturity_hours: 0 })
  const [stage] = launch.content.stages
  assert.ok(stage !== undefined)
  return { ...launch, content: { ...launch.content, stages: [{ ...stage, min_matured_payments: 50 }] } }
}

const watched = (launch: Launch, failed = 0): Watch =>
  look(freshWatch(launch), launch, attempts('exposed', 60, failed), { atSeconds: START + 100 * HOUR }).watch

const asked = (own: Partial<GateQuestion> = {}): Gate[] => {
  const launch = own.launch ?? ready()
  return gatesOf({ launch, watch: watched(launch), nowMicros: NOW, budget: 'ok', coverOk: true, ...own })
}

const red = (gates: readonly Gate[]): string[] =>
  gates.filter(({ state }) => state === 'red').map(({ gate }) => gate)

const waiverOf = (gate: Waiver['gate'], own: Partial<Waiver> = {}): Waiver => {
  const signed = (role: 'business' | 'technology') => {
    const { contentHash, stage, ...signature } = approvedBy(ready(), role)
    return signature
  }
  return {
    id: 'waiver_1',
    gate,
    reason: 'the month ends',
    expiresMicros: NOW + 1,
    signatures: [signed('business'), signed('technology')],
    ...own,
  }
}

describe('the gates of a stage', () => {
  test('are all open but the approval, which is the last', () => {
    const gates = asked()
    assert.deepEqual(red(gates), ['approval'])
    assert.equal(gates.at(-1)?.gate, 'approval')
    assert.equal(areOpen(gates), false)
    assert.equal(areOpen(gates, true), true)
  })

  test('take data: without a look, with an old one, or with one of another stage, they are shut', () => {
    const launch = ready()
    const watch = watched(launch)
    const blind = ['guardrails', 'matured', 'approval']
    assert.deepEqual(red(asked({ watch: null })), blind)
    assert.deepEqual(red(asked({ watch: { ...watch, tickedMicros: NOW - 61 * MICROS } })), blind)
    assert.deepEqual(red(asked({ watch: { ...watch, stage: 1 } })), blind)
    assert.deepEqual(red(asked({ watch: { ...watch, verdicts: [] } })), ['guardrails', 'approval'])
  })

  test('take a green verdict of every guardrail', () => {
    const launch = ready()
    const watch = watched(launch)
    for (const verdict of ['BREACH', 'INSUFFICIENT', 'INCONCLUSIVE'] as const) {
      const [first, ...others] = watch.verdicts
      const verdicts = [...others, { ...(first as Verdict), verdict }]
      assert.deepEqual(red(asked({ watch: { ...watch, verdicts } })), ['guardrails', 'approval'], verdict)
    }
  })

  test('take time, payments that have matured, a budget, and cover', () => {
    const launch = ready()
    const young = { ...launch, stageStartedMicros: NOW - HOUR * MICROS }
    assert.deepEqual(red(asked({ launch: young })), ['time', 'approval'])
    assert.deepEqual(red(asked({ watch: { ...watched(launch), matured: 49 } })), ['matured', 'approval'])
    assert.deepEqual(red(asked({ budget: 'over' })), ['error_budget', 'approval'])
    assert.deepEqual(red(asked({ budget: 'unknown' })), ['error_budget', 'approval'])
    assert.deepEqual(red(asked({ coverOk: false })), ['cover', 'approval'])
  })

  test('are shut while it is not running', () => {
    for (const status of ['held', 'rolling_back', 'completed', 'draft'] as const)
      assert.ok(red(asked({ launch: { ...ready(), status } })).includes('state'), status)
  })

  test('ask for the approval of everybody whom the stage names, of two people, over the content as it is', () => {
    const launch = ready()
    const of = (...approvals: Launch['approvals']): string[] =>
      red(asked({ launch: { ...launch, approvals } }))
    const [business, technology] = [approvedBy(launch, 'business'), approvedBy(launch, 'technology')]
    assert.deepEqual(of(business, technology), [])
    assert.deepEqual(of(business), ['approval'])
    assert.deepEqual(of(business, { ...technology, person: PEOPLE.business }), ['approval'])
    assert.deepEqual(of(business, { ...technology, stage: 1 }), ['approval'])
    assert.deepEqual(of(business, { ...technology, contentHash: 'other' }), ['approval'])
  })
})

describe('a waiver', () => {
  const withWaiver = (waiver: Waiver, own: Partial<GateQuestion>): Gate[] =>
    asked({ launch: { ...ready(), waivers: [waiver] }, ...own })

  test('passes over its gate, and is seen', () => {
    const gates = withWaiver(waiverOf('error_budget'), { budget: 'over' })
    const gate = gates.find(({ gate: name }) => name === 'error_budget')
    assert.equal(gate?.state, 'waived')
    assert.match(gate?.reason ?? '', /the month ends/)
    assert.equal(areOpen(gates, true), true)
  })

  test('holds for its gate, until it ends, and with both signatures', () => {
    const over = { budget: 'over' } as const
    const [first] = waiverOf('time').signatures
    assert.ok(first !== undefined)
    for (const waiver of [
      waiverOf('time'),
      waiverOf('error_budget', { expiresMicros: NOW }),
      waiverOf('error_budget', { signatures: [first] }),
      waiverOf('error_budget', { signatures: [first, { ...first, role: 'technology' }] }),
    ])
      assert.deepEqual(red(withWaiver(waiver, over)), ['error_budget', 'approval'])
  })

  test('passes over no guardrail, signature or approval', () => {
    const waivers = ['guardrails', 'approval', 'signatures'].map((gate) => waiverOf(gate as Waiver['gate']))
    const gates = asked({ launch: { ...ready(), waivers, signatures: [] }, watch: null })
    assert.deepEqual(red(gates), ['signatures', 'guardrails', 'matured', 'approval'])
  })
})

describe('signatures', () => {
  test('are of both roles, two people, the content as it is, and not expired', () => {
    const launch: Launch = { ...ready(), status: 'signed', startedMicros: null }
    const [business, technology] = launch.signatures
    assert.ok(business !== undefined && technology !== undefined)
    assert.equal(areSigned(launch, NOW), true)
    assert.equal(areSigned({ ...launch, signatures: [business] }, NOW), false)
    assert.equal(
      areSigned({ ...launch, signatures: [business, { ...technology, person: business.person }] }, NOW),
      false,
    )
    assert.equal(areSigned({ ...launch, contentHash: 'other' }, NOW), false)
    assert.equal(areSigned(launch, business.expiresMicros), false)
    // It was signed when it started.
    assert.equal(areSigned(ready(), business.expiresMicros), true)
  })

  test('are what a start takes, with a budget and cover', () => {
    const launch: Launch = { ...ready(), status: 'signed', startedMicros: null }
    const start = (own: Partial<GateQuestion>): string[] =>
      red(startGatesOf({ launch, nowMicros: NOW, budget: 'ok', coverOk: true, ...own }))
    assert.deepEqual(start({}), [])
    assert.deepEqual(start({ launch: { ...launch, signatures: [] } }), ['signatures'])
    assert.deepEqual(start({ budget: 'over', coverOk: false }), ['error_budget', 'cover'])
    assert.deepEqual(start({ launch: ready() }), ['state'])
  })

  test('cover is of 48 hours together', () => {
    const cover = { person: 'Ines', contact: '+420', hours: 24 }
    assert.equal(isCovered([cover]), false)
    assert.equal(isCovered([cover, cover]), true)
  })
})

describe('what the controller does', () => {
  const breach = (action: Verdict['action']): Verdict => ({
    guardrail: 'rate:failure_rate',
    tier: 'rate',
    metric: 'failure_rate',
    verdict: 'BREACH',
    action,
    value: 1,
    n: 1,
    bound: 1,
    evidence: 1,
    reason: '',
  })
  const found = { verdicts: [], gates: asked(), inFlight: 0, countedIn: 'running' } as const

  test('about a breach does not wait for anything', () => {
    for (const status of ['running', 'held', 'completed'] as const) {
      const launch = { status, waiting: null }
      const moved = nextMove(launch, { ...found, verdicts: [breach('hold'), breach('rollback')] })
      assert.equal(moved?.kind, 'roll_back', status)
    }
    assert.equal(
      nextMove({ status: 'running', waiting: null }, { ...found, verdicts: [breach('hold')] })?.kind,
      'hold',
    )
    assert.equal(nextMove({ status: 'held', waiting: null }, { ...found, verdicts: [breach('hold')] }), null)
  })

  test('about open gates is to ask, once', () => {
    const launch = { status: 'running', waiting: null } as const
    const waiting = { for: 'approval', sinceMicros: 0, reminders: 0 } as const
    assert.equal(nextMove(launch, found)?.kind, 'ask')
    assert.equal(nextMove({ ...launch, waiting }, found), null)
    assert.equal(
      nextMove({ ...launch, waiting }, { ...found, gates: asked({ budget: 'over' }) })?.kind,
      'ask_no_more',
    )
    assert.equal(nextMove(launch, { ...found, gates: asked({ watch: null }) }), null)
  })

  test('about a rollback is to end it once nothing is in flight, counted after the stop', () => {
    const launch = { status: 'rolling_back', waiting: null } as const
    const counted = { ...found, countedIn: 'rolling_back' } as const
    assert.equal(nextMove(launch, counted)?.kind, 'finish')
    assert.equal(nextMove(launch, { ...counted, inFlight: 1 }), null)
    assert.equal(nextMove(launch, { ...counted, inFlight: null }), null)
    assert.equal(nextMove(launch, { ...counted, countedIn: 'running' }), null)
  })
})
