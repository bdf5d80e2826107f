import { compile } from '../../src/exposure/core/compile.ts'
import type { AttemptFacts, Caps, Control } from '../../src/exposure/core/model.ts'
import type { Uuid } from '../../src/kit/index.ts'

/** Controls and attempts as tests of exposure need them: one of each kind, with what the test changes. */

export const launchId = (number: number): Uuid =>
  `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}` as Uuid

export const control = (change: Partial<Control> = {}): Control => ({
  launch: launchId(1),
  subject: { kind: 'route', rails: ['new-rail'] },
  unit: 'customer',
  salt: 'salt-1',
  exposureBp: 5_000,
  named: [],
  excluded: [],
  filters: { countries: [], currencies: [], amountFrom: null, amountTo: null },
  caps: null,
  stage: 0,
  isStopped: false,
  version: 1,
  ...change,
})

export const caps = (change: Partial<Caps> = {}): Caps => ({
  currency: 'EUR',
  perPayment: null,
  perStage: null,
  perDay: null,
  ...change,
})

export const facts = (change: Partial<AttemptFacts> = {}): AttemptFacts => ({
  customer: launchId(1_000),
  cardFingerprint: 'fingerprint',
  merchant: null,
  country: 'DE',
  currency: 'EUR',
  amount: 1_000n,
  ...change,
})

export const rules = (...controls: readonly Control[]) => compile({ version: 1, controls })
