import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import type { TenantId } from '../../kit/index.ts'
import type { Authorise, Succeeded } from '../port/index.ts'
import { cardOfKey, testPaymentMethod } from './cards.ts'
import { type AuthoriseFacts, decideAuthorise } from './decide-authorise.ts'
import { QUIET } from './knobs.ts'
import { namesOver } from './names.ts'
import { tokenise } from './tokenise.ts'

const tenant = 1 as TenantId
const names = namesOver(createSecretKey(Buffer.alloc(32)), '')(tenant, 'reference')
const FACTS: AuthoriseFacts = {
  knobs: QUIET,
  names,
  authentication: null,
  isSetUp: false,
  wasLost: false,
  isKnown: false,
}
const take = tokenise({
  clock: { now: () => Date.UTC(2026, 1) },
  fingerprintKey: createSecretKey(Buffer.alloc(32)),
})

const tokenOf = (name: string): string => {
  const entered = testPaymentMethod(`pm_card_${name}`)
  assert.ok(entered !== null, name)
  const made = take(entered)
  assert.ok(made.kind === 'tokenised')
  return made.token
}

const order = (name: string, changed: Partial<Authorise> = {}): Authorise => ({
  tenant,
  reference: 'reference',
  token: tokenOf(name),
  amount: 1_999n,
  currency: 'EUR',
  capture: 'automatic',
  offSession: false,
  authentication: null,
  threeDSecure: 'automatic',
  statementDescriptor: null,
  isVerification: false,
  ...changed,
})

const OFF = { offSession: true } as const
const SAVE = { isVerification: true, amount: 0n } as const
const ASK = { threeDSecure: 'any' } as const
const DONE = { authentication: 'succeeded' } as const
const FAILED = { authentication: 'failed' } as const

type Row = readonly [
  name: string,
  expected: string,
  changed?: Partial<Authorise>,
  facts?: Partial<AuthoriseFacts>,
]

/** `kind` of the outcome, and its decline code or what 3D Secure came to. */
const ROWS: readonly Row[] = [
  ['visa', 'succeeded'],
  ['visa', 'succeeded attempt_acknowledged', ASK],
  ['amex', 'succeeded', ASK],
  ['visa_chargeDeclined', 'declined generic_decline'],
  ['visa_chargeDeclined', 'declined generic_decline', SAVE],
  ['visa_chargeDeclinedInsufficientFunds', 'declined insufficient_funds'],
  ['visa_chargeDeclinedLostCard', 'declined lost_card'],
  ['visa_chargeDeclinedStolenCard', 'declined stolen_card'],
  ['chargeDeclinedExpiredCard', 'declined expired_card'],
  ['chargeDeclinedIncorrectCvc', 'declined incorrect_cvc'],
  ['chargeDeclinedProcessingError', 'declined processing_error'],
  ['visa_chargeDeclinedVelocityLimitExceeded', 'declined card_velocity_exceeded'],
  ['chargeCustomerFail', 'succeeded', SAVE],
  ['chargeCustomerFail', 'declined generic_decline'],
  ['radarBlock', 'declined fraudulent'],
  ['riskLevelHighest', 'declined fraudulent'],
  ['threeDSecure2Required', 'requires_action'],
  ['threeDSecure2Required', 'requires_action', SAVE],
  ['threeDSecure2Required', 'succeeded authenticated', {}, DONE],
  ['threeDSecure2Required', 'declined null', {}, FAILED],
  ['threeDSecure2Required', 'declined authentication_required', OFF],
  ['authenticationRequired', 'declined authentication_required', OFF, { isSetUp: true }],
  ['authenticationRequiredOnSetup', 'requires_action'],
  ['authenticationRequiredOnSetup', 'declined authentication_required', OFF],
  ['authenticationRequiredOnSetup', 'succeeded', OFF, { isSetUp: true }],
  ['authenticationRequiredSetupForOffSession', 'requires_action'],
  ['authenticationRequiredSetupForOffSession', 'succeeded', OFF],
  ['authenticationRequiredChargeDeclinedInsufficientFunds', 'requires_action'],
  ['authenticationRequiredChargeDeclinedInsufficientFunds', 'declined insufficient_funds', OFF],
  ['authenticationRequiredChargeDeclinedInsufficientFunds', 'declined insufficient_funds', {}, DONE],
  ['threeDSecureRequiredChargeDeclined', 'requires_action'],
  ['threeDSecureRequiredChargeDeclined', 'declined generic_decline', {}, DONE],
  ['threeDSecureRequiredProcessingError', 'declined authentication_not_handled'],
  ['threeDSecureOptional', 'succeeded'],
  ['threeDSecureOptional', 'requires_action', ASK],
  ['threeDSecureOptionalProcessingError', 'succeeded'],
  ['threeDSecureOptionalProcessingError', 'declined authentication_not_handled', ASK],
  ['toldTwice', 'pending'],
]

for (const [name, expected, changed = {}, facts = {}] of ROWS) {
  const how = JSON.stringify({ ...changed, ...facts }, (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  test(`${name} ${how}: ${expected}`, () => {
    const { outcome } = decideAuthorise(order(name, changed), { ...FACTS, ...facts })
    const [kind, detail] = expected.split(' ')
    assert.equal(outcome.kind, kind)
    if (outcome.kind === 'declined') assert.equal(String(outcome.declineCode), detail)
    if (outcome.kind === 'succeeded') assert.equal(outcome.threeDSecure ?? undefined, detail)
  })
}

const succeeds = (name: string, changed: Partial<Authorise> = {}): Succeeded => {
  const { outcome } = decideAuthorise(order(name, changed), FACTS)
  assert.ok(outcome.kind === 'succeeded', name)
  return outcome
}

test('checks, risk and availability are as the card says', () => {
  assert.deepEqual(succeeds('visa').checks, { cvc: 'pass', addressLine1: 'pass', postalCode: 'pass' })
  assert.equal(succeeds('cvcCheckFail').checks?.cvc, 'fail')
  assert.equal(succeeds('avsZipFail').checks?.postalCode, 'fail')
  assert.equal(succeeds('avsLine1Fail').checks?.addressLine1, 'fail')
  assert.deepEqual(succeeds('avsUnchecked').checks, {
    cvc: 'pass',
    addressLine1: 'unavailable',
    postalCode: 'unavailable',
  })
  assert.equal(succeeds('riskLevelElevated').risk.level, 'elevated')
  assert.equal(succeeds('bypassPending').availableAtOnce, true)
  assert.equal(succeeds('visa').availableAtOnce, false)
})

test('without a CVC nothing is wrong with it', () => {
  const card = cardOfKey('incorrect_cvc')
  assert.ok(card !== null)
  const made = take({ number: card.number, expMonth: 1, expYear: 2030, cvc: null })
  assert.ok(made.kind === 'tokenised')
  assert.equal(succeeds('visa', { token: made.token }).checks?.cvc, null)
})

test('amounts choose what happens only where the knob says so', () => {
  const of = (amount: bigint, isOn: boolean) =>
    decideAuthorise(order('visa', { amount }), { ...FACTS, knobs: { ...QUIET, amount_outcomes: isOn } })
  assert.equal(of(9_105n, false).outcome.kind, 'succeeded')
  const { outcome } = of(29_105n, true)
  assert.ok(outcome.kind === 'declined' && outcome.declineCode === 'do_not_honor')
  assert.equal(of(9_168n, true).answer, 'done')
  assert.equal(of(9_169n, true).answer, 'never_arrived')
  assert.equal(of(9_000n, true).answer, 'given')
})

test('shares are kept over many references, and the same order has the same fate', () => {
  const over = namesOver(createSecretKey(Buffer.alloc(32, 1)), '')
  const knobs = { ...QUIET, unknown_rate: 200, decline_rate: 300 }
  const all = Array.from({ length: 2_000 }, (_, index) => {
    const facts = { ...FACTS, knobs, names: over(tenant, `order ${index}`) }
    const decided = decideAuthorise(order('visa'), facts)
    assert.deepEqual(decideAuthorise(order('visa', { token: tokenOf('visa') }), facts), decided)
    return decided
  })
  const shareOf = (is: (one: (typeof all)[number]) => boolean): number => all.filter(is).length / all.length
  assert.ok(Math.abs(shareOf(({ outcome }) => outcome.kind === 'declined') - 0.3) < 0.05)
  assert.ok(Math.abs(shareOf(({ answer }) => answer === 'done') - 0.1) < 0.03)
  assert.ok(Math.abs(shareOf(({ answer }) => answer === 'never_arrived') - 0.1) < 0.03)
})

test('an order that was lost once arrives', () => {
  assert.equal(decideAuthorise(order('orderLost'), FACTS).answer, 'never_arrived')
  assert.equal(decideAuthorise(order('orderLost'), { ...FACTS, wasLost: true }).answer, 'given')
})

test('a token of another rail is declined', () => {
  const { outcome } = decideAuthorise(order('visa', { token: 'tok_elsewhere' }), FACTS)
  assert.ok(outcome.kind === 'declined' && outcome.declineCode === 'invalid_account')
})

const share = (chance: number) => ({ ...names, chance })

test('a rail refuses the share of orders that its knob says, before the issuer is asked, and says so', () => {
  const knobs = { ...QUIET, refuse_rate: 250 }
  let refused = 0
  for (let i = 0; i < 4_000; i++) {
    const own = namesOver(createSecretKey(Buffer.alloc(32)), '')(tenant, `reference ${i}`)
    const { outcome } = decideAuthorise(order('visa'), { ...FACTS, knobs, names: own })
    if (outcome.kind === 'declined' && outcome.beforeIssuer === true) refused++
    else assert.equal(outcome.kind, 'succeeded')
  }
  assert.ok(Math.abs(refused - 1_000) < 110, `${refused} of 4,000`)
})

test('nothing else has the mark: not an issuer’s decline, nor a payment that the risk rules blocked', () => {
  for (const name of ['visa_chargeDeclined', 'visa_chargeDeclinedInsufficientFunds', 'radarBlock']) {
    const { outcome } = decideAuthorise(order(name), FACTS)
    assert.ok(outcome.kind === 'declined' && outcome.beforeIssuer === undefined, name)
  }
  const knobs = { ...QUIET, decline_rate: 1_000 }
  const { outcome } = decideAuthorise(order('visa'), { ...FACTS, knobs, names: share(0.5) })
  assert.ok(outcome.kind === 'declined' && outcome.beforeIssuer === undefined)
})

test('an order that came before, one with its authentication, and a card that is only saved are not refused so', () => {
  const facts = { ...FACTS, knobs: { ...QUIET, refuse_rate: 1_000 } }
  assert.equal(decideAuthorise(order('visa'), facts).outcome.kind, 'declined')
  assert.equal(decideAuthorise(order('visa'), { ...facts, isKnown: true }).outcome.kind, 'succeeded')
  const authenticated = order('visa', { authentication: 'sbx3ds_1_0' })
  assert.equal(decideAuthorise(authenticated, facts).outcome.kind, 'succeeded')
  const saved = order('visa', { isVerification: true, amount: 0n })
  assert.equal(decideAuthorise(saved, facts).outcome.kind, 'succeeded')
})
