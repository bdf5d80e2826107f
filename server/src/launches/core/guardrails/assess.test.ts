import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { riskOf } from '../../../../test/support/launch-content.ts'
import {
  attempt,
  attempts,
  freshWatch,
  HOUR,
  look,
  runningLaunch,
  START,
  stampOf,
} from '../../../../test/support/launch-watch.ts'
import type { Guardrail, Launch, Verdict } from '../model.ts'
import type { Assessed } from './assess.ts'

const rate = (own: Partial<Extract<Guardrail, { tier: 'rate' }>> = {}): Guardrail => ({
  tier: 'rate',
  metric: 'failure_rate',
  margin_bp: 100,
  baseline_bp: 300,
  action: 'rollback',
  ...own,
})

const launchWith = (...guardrails: Guardrail[]): Launch => runningLaunch({}, { guardrails })

const of = ({ watch }: Assessed, guardrail: string): Verdict => {
  const found = watch.verdicts.find((each) => each.guardrail === guardrail)
  assert.ok(found !== undefined, `${guardrail} has a verdict`)
  return found
}

const kinds = ({ watch }: Assessed): string[] => watch.verdicts.map(({ verdict }) => verdict)

describe('without data', () => {
  test('no guardrail is green, of whatever tier', () => {
    const risks = [
      riskOf({ tripwire: { metric: 'decline_rate', bound: 800, action: 'hold' } }),
      riskOf({ tripwire: { metric: 'refunded_amount', bound: 1_000, action: 'rollback' } }),
      riskOf({ tripwire: { metric: 'how people feel', bound: 0, action: 'hold' } }),
    ]
    const guardrails = [rate(), { tier: 'promotion', metric: 'failure_rate', margin_bp: 100 } as const]
    const found = look(freshWatch(runningLaunch()), runningLaunch({}, { guardrails, risks }), [])
    assert.deepEqual(new Set(kinds(found)), new Set(['INSUFFICIENT']))
    assert.equal(found.watch.verdicts.length, 4 + 1 + 2 + 1)
  })

  test('a handful is none', () => {
    const launch = launchWith(rate())
    const found = look(freshWatch(launch), launch, attempts('exposed', 19, 0))
    assert.equal(of(found, 'rate:failure_rate').verdict, 'INSUFFICIENT')
    const more = look(found.watch, launch, attempts('exposed', 1, 0))
    assert.equal(of(more, 'rate:failure_rate').verdict, 'OK')
  })

  test('a new stage has to bring its own', () => {
    const launch = launchWith(rate())
    const first = look(freshWatch(launch), launch, attempts('exposed', 40, 1))
    assert.equal(of(first, 'rate:failure_rate').verdict, 'OK')
    const next = look(first.watch, { ...launch, stage: 1 }, [])
    assert.equal(of(next, 'rate:failure_rate').verdict, 'INSUFFICIENT')
    assert.equal(next.watch.inStage.exposed.attempts, 0)
    assert.equal(next.watch.inAll.exposed.attempts, 40)
  })

  test('money that could not be looked at does not hold', () => {
    const launch = launchWith(rate())
    const found = look(freshWatch(launch), launch, attempts('exposed', 40, 1), { findings: null })
    assert.equal(of(found, 'invariant:duplicate_debit').verdict, 'INSUFFICIENT')
  })
})

describe('invariants', () => {
  test('break at the first event, with an example', () => {
    const launch = launchWith(rate())
    const findings = [
      { metric: 'duplicate_debit', count: 1, example: 'ch_1', text: 'It was taken twice' } as const,
    ]
    const found = look(freshWatch(launch), launch, attempts('exposed', 1, 0), { findings })
    const verdict = of(found, 'invariant:duplicate_debit')
    assert.equal(verdict.verdict, 'BREACH')
    assert.equal(verdict.action, 'rollback')
    assert.match(verdict.reason, /taken twice \(ch_1\)/)
    assert.equal(found.news.length, 1)
    assert.equal(of(found, 'invariant:books_balance').verdict, 'OK')
  })
})

describe('a rate', () => {
  test('breaks by evidence, and stays broken', () => {
    const launch = launchWith(rate())
    const found = look(freshWatch(launch), launch, [
      ...attempts('control', 400, 12),
      ...attempts('exposed', 12, 8),
    ])
    const verdict = of(found, 'rate:failure_rate')
    assert.equal(verdict.verdict, 'BREACH')
    assert.ok((verdict.evidence ?? 0) > 20)
    const later = look(found.watch, launch, attempts('exposed', 400, 0))
    assert.equal(of(later, 'rate:failure_rate').verdict, 'BREACH')
    assert.deepEqual(later.news, [])
  })

  test('is looked at in every state alike', () => {
    for (const status of ['running', 'held', 'rolling_back', 'completed'] as const) {
      const launch = { ...launchWith(rate()), status }
      const found = look(freshWatch(launch), launch, attempts('exposed', 12, 8))
      assert.equal(of(found, 'rate:failure_rate').verdict, 'BREACH', status)
    }
  })

  test('is the same whether it is taken in at once or page by page', () => {
    const launch = launchWith(rate())
    const facts = [...attempts('control', 300, 9), ...attempts('exposed', 90, 5)]
    const atOnce = look(freshWatch(launch), launch, facts)
    const pages = [facts.slice(0, 300), facts.slice(300)].reduce(
      (watch, page) => look(watch, launch, page).watch,
      freshWatch(launch),
    )
    assert.deepEqual(pages.inStage, atOnce.watch.inStage)
    assert.deepEqual(pages.book.evidence, atOnce.watch.book.evidence)
  })

  test('alpha is shared out: the more guardrails, the more evidence each of them needs', () => {
    const facts = [...attempts('control', 400, 12), ...attempts('exposed', 25, 8)]
    const alone = launchWith(rate({ margin_bp: 0 }))
    const one = look(freshWatch(alone), alone, facts)
    assert.equal(of(one, 'rate:failure_rate').verdict, 'BREACH')
    const metrics = ['decline_rate', 'slow_rate', 'refund_rate', 'dispute_rate'] as const
    const five = launchWith(
      rate({ margin_bp: 0 }),
      ...metrics.map((metric) => rate({ metric, margin_bp: 0 })),
    )
    const among = look(freshWatch(five), five, facts)
    assert.equal(of(among, 'rate:failure_rate').verdict, 'OK')
  })

  test('counts an account once an hour in each arm, whatever it does', () => {
    const launch = launchWith(rate())
    const same = (atSeconds: number, outcome: 'succeeded' | 'failed') => ({
      fact: attempt({ account: 'cus_1', atSeconds, outcome }),
      stamp: stampOf('exposed'),
    })
    const found = look(freshWatch(launch), launch, [
      same(START + 1, 'succeeded'),
      ...Array.from({ length: 30 }, (_, index) => same(START + 2 + index, 'failed')),
      same(START + HOUR, 'failed'),
    ])
    assert.deepEqual([found.watch.inStage.exposed.attempts, found.watch.inStage.exposed.failed], [2, 1])
    assert.equal(found.watch.inStage.exposed.allAttempts, 32)
  })

  test('compares only with the control of the buckets', () => {
    const launch = launchWith(rate())
    const others = ['excluded', 'no_unit', 'currency', 'cap', 'other_launch', 'stopped', 'fallback']
    const facts = others.map((reason) => ({ fact: attempt({ outcome: 'failed' }), stamp: stampOf(reason) }))
    const { watch } = look(freshWatch(launch), launch, facts)
    assert.deepEqual([watch.inAll.control.allAttempts, watch.inAll.exposed.allAttempts], [0, 0])
    assert.equal(watch.noUnit, 1)
  })

  test('begins anew once a person has resumed the launch', () => {
    const running = launchWith(rate({ action: 'hold' }))
    const broken = look(freshWatch(running), running, attempts('exposed', 12, 8))
    const held = look(broken.watch, { ...running, status: 'held' }, [])
    assert.equal(of(held, 'rate:failure_rate').verdict, 'BREACH')
    const resumed = look(held.watch, running, attempts('exposed', 30, 1))
    assert.equal(of(resumed, 'rate:failure_rate').verdict, 'OK')
  })

  test('begins anew with a new start', () => {
    const launch = launchWith(rate())
    const broken = look(freshWatch(launch), launch, attempts('exposed', 12, 8))
    const again = { ...launch, startedMicros: (START + 5 * HOUR) * 1_000_000 }
    const found = look(broken.watch, again, [], { atSeconds: START + 5 * HOUR })
    assert.equal(of(found, 'rate:failure_rate').verdict, 'INSUFFICIENT')
    assert.equal(found.watch.inAll.exposed.attempts, 12)
  })
})

describe('what comes back', () => {
  const back = (kind: 'refund' | 'dispute', account: string, atSeconds: number) => ({
    fact: {
      kind,
      stamps: [],
      atSeconds,
      madeSeconds: START + HOUR / 2,
      account,
      isFirst: true,
      amount: 400,
      currency: 'eur',
    },
    stamp: stampOf('exposed'),
  })

  test('counts for the rate when its payments have matured, and for the sums at once', () => {
    const launch = launchWith(rate({ metric: 'refund_rate' }))
    const paid = Array.from({ length: 40 }, (_, index) => ({
      fact: attempt({ account: `cus_${index}` }),
      stamp: stampOf('exposed'),
    }))
    const first = look(freshWatch(launch), launch, paid)
    const returned = Array.from({ length: 20 }, (_, index) =>
      back('refund', `cus_${index}`, START + 2 * HOUR),
    )
    const early = look(first.watch, launch, returned, { atSeconds: START + 2 * HOUR })
    assert.equal(of(early, 'rate:refund_rate').n, 0)
    assert.equal(early.watch.inAll.exposed.refundedAmount, 8_000)
    const late = look(early.watch, launch, [], { atSeconds: START + 25 * HOUR })
    assert.equal(of(late, 'rate:refund_rate').verdict, 'BREACH')
    assert.equal(of(late, 'rate:refund_rate').value, 5_000)
    assert.equal(late.watch.matured, 40)
  })

  test('counts once for each account and cohort', () => {
    const launch = launchWith(rate({ metric: 'dispute_rate' }))
    const paid = [{ fact: attempt({ account: 'cus_1' }), stamp: stampOf('exposed') }]
    const first = look(freshWatch(launch), launch, paid)
    const twice = [back('dispute', 'cus_1', START + HOUR), back('dispute', 'cus_1', START + HOUR + 1)]
    const { watch } = look(first.watch, launch, twice)
    assert.deepEqual([watch.inAll.exposed.disputed, watch.inAll.exposed.disputedAmount], [1, 800])
  })
})

describe('tripwires', () => {
  test('of money act when their sum is reached', () => {
    const tripwire = { metric: 'declined_amount', bound: 3_000, action: 'hold' } as const
    const launch = runningLaunch({}, { guardrails: [], risks: [riskOf({ tripwire })] })
    const declined = attempts('exposed', 2, 0, { outcome: 'declined' })
    const below = look(freshWatch(launch), launch, declined)
    assert.equal(of(below, 'tripwire:1:declined_amount').verdict, 'OK')
    const reached = look(below.watch, launch, attempts('exposed', 1, 0, { outcome: 'declined' }))
    assert.equal(of(reached, 'tripwire:1:declined_amount').verdict, 'BREACH')
    assert.equal(of(reached, 'tripwire:1:declined_amount').action, 'hold')
  })

  test('of a rate need evidence against their bound, whatever the control does', () => {
    const tripwire = { metric: 'failure_rate', bound: 1_000, action: 'rollback' } as const
    const launch = runningLaunch({}, { guardrails: [], risks: [riskOf({ tripwire })] })
    const one = look(freshWatch(launch), launch, attempts('exposed', 1, 1))
    assert.notEqual(of(one, 'tripwire:1:failure_rate').verdict, 'BREACH')
    const many = look(one.watch, launch, attempts('exposed', 20, 12))
    assert.equal(of(many, 'tripwire:1:failure_rate').verdict, 'BREACH')
  })
})

describe('promotion', () => {
  const promoted = { tier: 'promotion', metric: 'failure_rate', margin_bp: 200 } as const

  test('needs to be shown: inconclusive is not green', () => {
    const launch = launchWith(promoted)
    const few = look(freshWatch(launch), launch, [
      ...attempts('control', 300, 9),
      ...attempts('exposed', 300, 9),
    ])
    assert.equal(of(few, 'promotion:failure_rate').verdict, 'INCONCLUSIVE')
    const many = look(few.watch, launch, [
      ...attempts('control', 4_000, 120),
      ...attempts('exposed', 4_000, 120),
    ])
    assert.equal(of(many, 'promotion:failure_rate').verdict, 'OK')
  })
})

describe('a look', () => {
  test('that did not ask about the money keeps what the last one found, and makes nothing green', () => {
    const launch = launchWith(rate())
    const unasked = look(freshWatch(launch), launch, [], { findings: 'unasked' })
    assert.equal(of(unasked, 'invariant:money_stuck').verdict, 'INSUFFICIENT')
    const failed = look(freshWatch(launch), launch, attempts('exposed', 30, 0), { findings: null })
    const later = look(failed.watch, launch, [], { findings: 'unasked' })
    assert.equal(of(later, 'invariant:money_stuck').verdict, 'INSUFFICIENT')
    const sound = look(later.watch, launch, [])
    const kept = look(sound.watch, launch, [], { findings: 'unasked' })
    assert.equal(of(kept, 'invariant:money_stuck').verdict, 'OK')
    assert.deepEqual([sound.isIdle, kept.isIdle], [false, true])
  })

  test('says whether anything has changed', () => {
    const launch = launchWith(rate())
    const first = look(freshWatch(launch), launch, attempts('exposed', 3, 0))
    assert.equal(first.hasChanged, true)
    assert.equal(look(first.watch, launch, []).hasChanged, false)
    assert.equal(look(first.watch, launch, attempts('control', 1, 0)).watch.inAll.control.attempts, 1)
  })
})
