import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../test/properties/size.ts'
import { caps, control, facts, launchId, rules } from '../../../test/support/exposure-samples.ts'
import type { Taken } from './caps.ts'
import { type Compiled, unitOfCustomer } from './compile.ts'
import { decideRoute } from './decide.ts'
import type { AttemptFacts, Control } from './model.ts'

const NONE: Taken = { day: 7, reservedToday: 0, reservedInStage: 0 }

const decide = (
  controls: readonly Control[],
  of: AttemptFacts = facts(),
  taken: (one: Compiled) => Taken = () => NONE,
) => decideRoute({ rules: rules(...controls), facts: of, day: () => 7, taken })

const reasonsOf = (...asked: Parameters<typeof decide>): readonly string[] =>
  decide(...asked).stamps.map(({ exposed, reason }) => `${exposed ? 'exposed' : 'not'} ${reason}`)

const CUSTOMER = unitOfCustomer(launchId(1_000))
const full = (change: Partial<Control> = {}): Control => control({ exposureBp: 10_000, ...change })

describe('why an attempt is exposed, or not', () => {
  const table: readonly [string, Partial<Control>, Partial<AttemptFacts>, string][] = [
    ['its bucket is below the exposure', { exposureBp: 10_000 }, {}, 'exposed bucket'],
    ['its bucket is not', { exposureBp: 0 }, {}, 'not bucket'],
    ['it is named', { exposureBp: 0, named: [CUSTOMER] }, {}, 'exposed named'],
    ['it is named as a bare UUID', { exposureBp: 0, named: [launchId(1_000)] }, {}, 'exposed named'],
    ['it is excluded', { exposureBp: 10_000, excluded: [CUSTOMER] }, {}, 'not excluded'],
    ['excluded beats named', { named: [CUSTOMER], excluded: [CUSTOMER] }, {}, 'not excluded'],
    ['it has no unit', { exposureBp: 10_000 }, { customer: null }, 'not no_unit'],
    ['a stop beats a name', { isStopped: true, named: [CUSTOMER] }, {}, 'not stopped'],
    ['a stop beats a missing unit', { isStopped: true }, { customer: null }, 'not stopped'],
    [
      'another currency than the caps',
      { exposureBp: 10_000, caps: caps({ currency: 'USD' }) },
      {},
      'not currency',
    ],
    ['above the cap per payment', { exposureBp: 10_000, caps: caps({ perPayment: 999 }) }, {}, 'not cap'],
    [
      'a name is under the caps as well',
      { named: [CUSTOMER], caps: caps({ perPayment: 999 }) },
      {},
      'not cap',
    ],
    [
      'the control is under the caps as well',
      { exposureBp: 0, caps: caps({ perPayment: 999 }) },
      {},
      'not cap',
    ],
    ['a card', { unit: 'card', exposureBp: 0, named: ['fingerprint'] }, {}, 'exposed named'],
    ['no merchant', { unit: 'merchant', exposureBp: 10_000 }, {}, 'not no_unit'],
  ]
  for (const [name, change, of, expected] of table) {
    test(name, () => assert.deepEqual(reasonsOf([control(change)], facts(of)), [expected]))
  }

  test('the stamp says by which exposure, stage and version, and in which bucket', () => {
    const [stamp] = decide([full({ stage: 2, version: 9 })]).stamps
    assert.ok(stamp)
    const { bucket, ...rest } = stamp
    assert.deepEqual(rest, {
      launch: launchId(1),
      stage: 2,
      exposed: true,
      reason: 'bucket',
      exposureBp: 10_000,
      version: 9,
    })
    assert.ok(bucket !== null && bucket >= 0 && bucket < 10_000)
  })

  test('only launches whose filters match say anything', () => {
    const filtered = (filters: Partial<Control['filters']>): Control =>
      full({ filters: { countries: [], currencies: [], amountFrom: null, amountTo: null, ...filters } })
    assert.equal(decide([filtered({ countries: ['DE', 'FR'], currencies: ['EUR'] })]).stamps.length, 1)
    assert.equal(decide([filtered({ amountFrom: 1_000, amountTo: 1_000 })]).stamps.length, 1)
    for (const none of [
      { countries: ['FR'] },
      { currencies: ['USD'] },
      { amountFrom: 1_001 },
      { amountTo: 999 },
    ])
      assert.deepEqual(decide([filtered(none)]), { stamps: [], rails: null, reservation: null })
  })

  test('a feature never touches a payment', () => {
    const variants = { on: true, off: false }
    const feature = full({ subject: { kind: 'feature', key: 'f', variants, on: 'on', off: 'off' } })
    assert.deepEqual(decide([feature]).stamps, [])
  })
})

describe('several launches', () => {
  const second = (change: Partial<Control> = {}): Control =>
    full({ launch: launchId(2), salt: 'salt-2', subject: { kind: 'route', rails: ['other'] }, ...change })

  test('the first that exposes has the attempt, and later ones count it in neither arm', () => {
    const both = decide([full(), second()])
    assert.deepEqual(both.rails, ['new-rail'])
    assert.deepEqual(reasonsOf([full(), second()]), ['exposed bucket', 'not other_launch'])
    assert.deepEqual(reasonsOf([full(), second({ exposureBp: 0 })]), ['exposed bucket', 'not other_launch'])
    assert.deepEqual(reasonsOf([control({ exposureBp: 0 }), second()]), ['not bucket', 'exposed bucket'])
    assert.deepEqual(decide([full({ isStopped: true }), second()]).rails, ['other'])
  })

  test('only the one that has it reserves, and the full amount', () => {
    const capped = { caps: caps({ perDay: 1_000 }) }
    const decision = decide([full(capped), second(capped)])
    assert.deepEqual(decision.reservation, { launch: launchId(1), stage: 0, day: 7, amount: 1_000 })
    const taken = ({ control: { launch } }: Compiled): Taken =>
      launch === launchId(1) ? { ...NONE, reservedToday: 1, reservedInStage: 1 } : NONE
    const next = decide([full(capped), second(capped)], facts(), taken)
    assert.deepEqual(
      next.stamps.map(({ reason }) => reason),
      ['cap', 'bucket'],
    )
    assert.equal(next.reservation?.launch, launchId(2))
  })

  test('what one decides does not depend on how many others are live, nor on what was asked before', () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      control({
        launch: launchId(index + 1),
        salt: `salt-${index}`,
        exposureBp: 0,
        filters: {
          countries: index % 3 === 0 ? ['FR'] : [],
          currencies: index % 2 === 0 ? ['EUR'] : ['USD'],
          amountFrom: null,
          amountTo: null,
        },
      }),
    )
    const together = rules(...many)
    const country = fc.constantFrom('DE', 'FR', '')
    const currency = fc.constantFrom('EUR', 'USD', 'CZK')
    const fact = fc.record({ country, currency, customer: fc.nat(500).map(launchId) })
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 5 }), (asked) => {
        for (const each of asked) {
          const of = facts(each)
          const all = decideRoute({ rules: together, facts: of, day: () => 7, taken: () => NONE }).stamps
          assert.deepEqual(
            all,
            many.flatMap((one) => decide([one], of).stamps),
          )
        }
      }),
      runs({ ci: 30, full: 2_000, seed: 13_004 }),
    )
  })
})
