import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkContent } from './check.ts'
import { completeContent } from './complete.ts'
import { controlOf } from './control.ts'
import type { LaunchInput } from './input.ts'
import type { Launch, LaunchContent } from './model.ts'

const RAILS = { names: ['sandbox-card', 'sandbox-express'], ordinary: 'sandbox-card' }
const OWNER = 'person_00000000000000000000000000000001'
const CUSTOMER = 'cus_00000000000000000000000000000001'

const INPUT: LaunchInput = {
  name: 'Express',
  currency: 'EUR',
  subject: { type: 'route', rails: ['sandbox-express'] },
  benefit: { low: 1, high: 2, per: 'month', source: 'Offer', as_of: 1 },
  forecast: { payments_per_day: 1_000, average_amount: 2_000 },
  stages: [{ exposure_bp: 500 }, { exposure_bp: 10_000 }],
  rollback_plan: 'Call them.',
}

const FEATURE: LaunchInput = {
  ...INPUT,
  subject: { type: 'feature', key: 'new-checkout' },
}

const complete = (input: LaunchInput, before: LaunchContent | null = null): LaunchContent =>
  completeContent(input, before, OWNER)

describe('what a launch does not say', () => {
  test('gets a default that is shown in full', () => {
    const content = complete(INPUT)
    assert.equal(checkContent(content, RAILS), null)
    assert.equal(content.currency, 'eur')
    assert.equal(content.owner, OWNER)
    assert.equal(content.unit, 'customer')
    assert.deepEqual([content.alpha_bp, content.slow_ms, content.maturity_hours], [500, 3_000, 24])
    assert.deepEqual(
      content.guardrails.map(({ tier, metric }) => `${tier} ${metric}`),
      [
        'invariant books_balance',
        'invariant duplicate_debit',
        'invariant money_stuck',
        'invariant posting_missing',
        'rate failure_rate',
        'rate decline_rate',
        'promotion failure_rate',
        'promotion decline_rate',
      ],
    )
    assert.deepEqual(content.stages[0], {
      exposure_bp: 500,
      named_units: [],
      min_matured_payments: 100,
      min_hours: 24,
      caps: { per_payment: null, per_stage: null, per_day: null },
      required_signers: ['business', 'technology'],
      forecast_payments_per_day: 50,
    })
  })

  test('of a feature leaves out what only payments have', () => {
    const content = complete(FEATURE)
    assert.equal(checkContent(content, RAILS), null)
    assert.equal(content.unit, 'targeting_key')
    assert.deepEqual(content.subject, {
      type: 'feature',
      key: 'new-checkout',
      variants: { on: true, off: false },
      on: 'on',
      off: 'off',
    })
    assert.equal(content.stages[0]?.min_matured_payments, 0)
    assert.deepEqual(content.guardrails, [])
  })

  test('stays as it was in a change', () => {
    const before = complete(INPUT)
    assert.deepEqual(complete({}, before), before)
    assert.deepEqual(complete({ name: 'Other' }, before), { ...before, name: 'Other' })
  })

  test('never takes the invariants away', () => {
    const { guardrails } = complete({
      ...INPUT,
      guardrails: [{ tier: 'rate', metric: 'slow_rate', margin_bp: 100 }],
    })
    assert.equal(guardrails.length, 5)
    assert.deepEqual(guardrails[0], {
      tier: 'rate',
      metric: 'slow_rate',
      margin_bp: 100,
      baseline_bp: 500,
      action: 'rollback',
    })
  })
})

const WRONG: readonly (readonly [LaunchInput, string])[] = [
  [{ ...INPUT, name: ' ' }, 'name'],
  [{ ...INPUT, owner: 'Ada' }, 'owner'],
  [{ ...INPUT, owner: '00000000000000000000000000000001' }, 'owner'],
  [{ ...INPUT, currency: 'zzz' }, 'currency'],
  [{ ...INPUT, benefit: { low: 3, high: 2, per: 'month', source: 'x', as_of: 1 } }, 'benefit[low]'],
  [{ ...INPUT, rollback_plan: '' }, 'rollback_plan'],
  [{ ...INPUT, subject: { type: 'route', rails: [] } }, 'subject[rails]'],
  [{ ...INPUT, subject: { type: 'route', rails: ['nowhere'] } }, 'subject[rails]'],
  [{ ...INPUT, subject: { type: 'route', rails: ['sandbox-card'] } }, 'subject[rails]'],
  [{ ...INPUT, subject: { type: 'route', rails: ['sandbox-express', 'sandbox-express'] } }, 'subject[rails]'],
  [{ ...INPUT, unit: 'merchant' }, 'unit'],
  [{ ...INPUT, unit: 'targeting_key' }, 'unit'],
  [{ ...FEATURE, unit: 'customer' }, 'unit'],
  [{ ...FEATURE, subject: { type: 'feature', key: 'a b' } }, 'subject[key]'],
  [{ ...FEATURE, subject: { type: 'feature', key: 'a', variants: { off: 1 } } }, 'subject[on]'],
  [{ ...FEATURE, subject: { type: 'feature', key: 'a', variants: { on: 1 } } }, 'subject[off]'],
  [{ ...FEATURE, subject: { type: 'feature', key: 'a', on: 'on', off: 'on' } }, 'subject[on]'],
  [
    { ...FEATURE, subject: { type: 'feature', key: 'a', variants: { on: 1, off: 'x' } } },
    'subject[variants]',
  ],
  [{ ...FEATURE, filters: { countries: ['DE'] } }, 'filters'],
  [{ ...INPUT, filters: { countries: ['D1'] } }, 'filters[countries][0]'],
  [{ ...INPUT, filters: { currencies: ['zzz'] } }, 'filters[currencies][0]'],
  [{ ...INPUT, filters: { amount_from: 2, amount_to: 1 } }, 'filters[amount_from]'],
  [
    { ...INPUT, filters: { currencies: ['usd'] }, stages: [{ exposure_bp: 1, caps: { per_day: 1 } }] },
    'filters[currencies]',
  ],
  [{ ...INPUT, stages: [] }, 'stages'],
  [{ ...INPUT, stages: [{ exposure_bp: 0 }] }, 'stages[0][exposure_bp]'],
  [{ ...INPUT, stages: [{ exposure_bp: 5 }, { exposure_bp: 5 }] }, 'stages[1][exposure_bp]'],
  [{ ...INPUT, stages: [{ exposure_bp: 5, required_signers: [] }] }, 'stages[0][required_signers]'],
  [
    { ...INPUT, stages: [{ exposure_bp: 5, required_signers: ['business', 'business'] }] },
    'stages[0][required_signers]',
  ],
  [
    { ...INPUT, stages: [{ exposure_bp: 5, caps: { per_payment: 3, per_day: 2 } }] },
    'stages[0][caps][per_payment]',
  ],
  [{ ...INPUT, stages: [{ exposure_bp: 5, named_units: ['ada'] }] }, 'stages[0][named_units]'],
  [
    { ...INPUT, stages: [{ exposure_bp: 5, named_units: [CUSTOMER] }], excluded_units: [CUSTOMER] },
    'stages[0][named_units]',
  ],
  [{ ...INPUT, excluded_units: ['ada'] }, 'excluded_units'],
  [{ ...FEATURE, stages: [{ exposure_bp: 5, caps: { per_day: 2 } }] }, 'stages[0][caps]'],
  [{ ...FEATURE, stages: [{ exposure_bp: 5, min_matured_payments: 2 }] }, 'stages[0][min_matured_payments]'],
  [{ ...INPUT, forecast: { payments_per_day: 0, average_amount: 1 } }, 'forecast[payments_per_day]'],
  [{ ...INPUT, guardrails: [{ tier: 'rate', metric: 'mood' }] }, 'guardrails[0][metric]'],
  [{ ...INPUT, guardrails: [{ tier: 'invariant', metric: 'failure_rate' }] }, 'guardrails[0][metric]'],
  [{ ...INPUT, guardrails: [{ tier: 'promotion', metric: 'failure_rate' }] }, 'guardrails[0][margin_bp]'],
  [
    {
      ...INPUT,
      guardrails: [{ tier: 'rate', metric: 'failure_rate', margin_bp: 5_000, baseline_bp: 5_000 }],
    },
    'guardrails[0][margin_bp]',
  ],
  [
    {
      ...INPUT,
      guardrails: [
        { tier: 'promotion', metric: 'failure_rate', margin_bp: 5 },
        { tier: 'promotion', metric: 'failure_rate', margin_bp: 6 },
      ],
    },
    'guardrails[1]',
  ],
  [
    { ...FEATURE, guardrails: [{ tier: 'rate', metric: 'failure_rate', margin_bp: 5 }] },
    'guardrails[0][tier]',
  ],
  [{ ...FEATURE, guardrails: [{ tier: 'invariant', metric: 'books_balance' }] }, 'guardrails[0][tier]'],
  [{ ...INPUT, notify: 'https://example.com' }, 'notify'],
]

const TRIPWIRES: readonly (readonly [string, number, boolean])[] = [
  ['failure_rate', 0, false],
  ['failure_rate', 10_001, false],
  ['failure_rate', 300, true],
  ['books_balance', 1, false],
  ['books_balance', 0, true],
  ['declined_amount', 0, false],
  ['declined_amount', 1, true],
  ['complaints on the phone', 7, true],
]

describe('a content that does not fit', () => {
  test('is refused with the field that does not', () => {
    for (const [input, param] of WRONG)
      assert.equal(checkContent(complete(input), RAILS)?.param, param, JSON.stringify(input))
  })

  test('is refused for a tripwire whose bound its metric cannot have', () => {
    for (const [metric, bound, fits] of TRIPWIRES) {
      const tripwire = { metric, bound, action: 'hold' as const }
      const risk = { text: 'x', probability: 5, impact_low: 1, impact_high: 2, tripwire }
      const found = checkContent(complete({ ...INPUT, risks: [risk] }), RAILS)
      assert.equal(found?.param ?? null, fits ? null : 'risks[0][tripwire][bound]', `${metric} ${bound}`)
    }
  })

  test('is refused for a tripwire of payments on a feature, whose callers pay nothing', () => {
    const tripwire = { metric: 'failure_rate', bound: 5, action: 'hold' as const }
    const risk = { text: 'x', probability: 5, impact_low: 1, impact_high: 2, tripwire }
    const found = checkContent(complete({ ...FEATURE, risks: [risk] }), RAILS)
    assert.equal(found?.param, 'risks[0][tripwire][metric]')
  })

  test('is refused for a range that is none', () => {
    const risk = { text: 'x', probability: 5, impact_low: 3, impact_high: 2 }
    assert.equal(checkContent(complete({ ...INPUT, risks: [risk] }), RAILS)?.param, 'risks[0][impact_low]')
  })
})

const launchIn = (status: Launch['status'], stage: number, input: LaunchInput): Launch =>
  ({ id: 'x', salt: 's', status, stage, content: complete(input) }) as unknown as Launch

describe('the control of a launch', () => {
  const OTHER = 'cus_00000000000000000000000000000002'
  const staged: LaunchInput = {
    ...INPUT,
    stages: [
      { exposure_bp: 0, named_units: [CUSTOMER] },
      { exposure_bp: 500, named_units: [OTHER], caps: { per_stage: 10, per_day: 5 } },
    ],
  }

  test('is what its stage says, and no more; nobody who was named leaves', () => {
    const first = controlOf(launchIn('running', 0, staged))
    assert.deepEqual([first.exposureBp, first.named, first.caps], [0, [CUSTOMER], null])
    const second = controlOf(launchIn('held', 1, staged))
    assert.deepEqual([second.exposureBp, second.named], [500, [CUSTOMER, OTHER]])
    assert.deepEqual(second.caps, { currency: 'EUR', perPayment: null, perStage: 10, perDay: 5 })
  })

  test('of a completed launch has no cap of a stage any more, and the ceiling of the last', () => {
    const control = controlOf(launchIn('completed', 1, staged))
    assert.equal(control.exposureBp, 500)
    assert.deepEqual(control.caps, { currency: 'EUR', perPayment: null, perStage: null, perDay: 5 })
  })

  test('of one that is rolled back exposes nobody, whoever is named', () => {
    const control = controlOf(launchIn('rolling_back', 1, staged))
    assert.deepEqual([control.exposureBp, control.named, control.isStopped], [0, [], true])
  })
})
