// What InnovateTech's two leads propose: a second acquirer that costs less and answers faster.

import type { Json } from './world.ts'

/** Payments in cents, shares in hundredths of a percent. */
export type Plan = {
  readonly name: string
  readonly stages: readonly {
    readonly exposureBp: number
    readonly matured: number
    readonly hours: number
  }[]
  readonly guardrails: readonly Json[]
  /** Nobody will notice by itself what has no tripwire. */
  readonly hasTripwires: boolean
}

const EXPRESS = ['sandbox-express']

const INVARIANTS = ['books_balance', 'duplicate_debit', 'money_stuck', 'posting_missing'].map((metric) => ({
  tier: 'invariant',
  metric,
}))

/** Five of a hundred customers, then a quarter, then all of them; the rail must not decline more than the one of today. */
export const PHASED: Plan = {
  name: 'Express acquirer',
  stages: [
    { exposureBp: 500, matured: 20, hours: 1 },
    { exposureBp: 2_500, matured: 100, hours: 24 },
    { exposureBp: 10_000, matured: 500, hours: 72 },
  ],
  guardrails: [
    ...INVARIANTS,
    { tier: 'rate', metric: 'decline_rate', margin_bp: 300, baseline_bp: 300, action: 'rollback' },
    { tier: 'rate', metric: 'failure_rate', margin_bp: 200, baseline_bp: 100, action: 'rollback' },
    { tier: 'promotion', metric: 'decline_rate', margin_bp: 2_000 },
  ],
  hasTripwires: true,
}

/** The same for a shop of some hundred payments a day, where five of a hundred would be too few to say anything. */
export const PHASED_SMALL: Plan = {
  ...PHASED,
  stages: [
    { exposureBp: 1_000, matured: 40, hours: 24 },
    { exposureBp: 3_000, matured: 100, hours: 24 },
    { exposureBp: 10_000, matured: 500, hours: 72 },
  ],
}

/** For the board's date: everybody in the first week, and only what can break the books is watched. */
export const AGGRESSIVE: Plan = {
  name: 'Express acquirer, for the board date',
  stages: [{ exposureBp: 10_000, matured: 500, hours: 24 }],
  guardrails: INVARIANTS,
  hasTripwires: false,
}

const DAY_S = 86_400

export const contentOf = (plan: Plan, owner: string, second: string): Json => ({
  name: plan.name,
  description:
    'Card payments in euro go to a second acquirer, which costs 0.4 % less and answers in half the time.',
  owner,
  currency: 'eur',
  subject: { type: 'route', rails: EXPRESS },
  unit: 'customer',
  filters: { currencies: ['eur'] },
  benefit: {
    low: 800_000,
    high: 1_600_000,
    per: 'month',
    source: 'Offer of the acquirer, applied to the volume of the last three months',
    as_of: Math.floor(Date.now() / 1_000) - 7 * DAY_S,
  },
  forecast: { payments_per_day: 4_000, average_amount: 2_200, peak_per_second: 3 },
  components: ['routing', 'card payments', 'settlement'],
  stages: plan.stages.map(({ exposureBp, matured, hours }) => ({
    exposure_bp: exposureBp,
    min_matured_payments: matured,
    min_hours: hours,
    caps: { per_payment: 50_000, per_stage: null, per_day: 20_000_000 },
    required_signers: ['business', 'technology'],
    forecast_payments_per_day: Math.round((4_000 * exposureBp) / 10_000),
  })),
  guardrails: plan.guardrails,
  maturity_hours: 1,
  rollback_plan:
    'Exposure to zero: new payments go to the acquirer of today, those in flight finish where they began.',
  cover: [
    { person: second, contact: '+31 20 555 0101', hours: 24 },
    { person: owner, contact: '+31 20 555 0102', hours: 24 },
  ],
})

/** What each of them wrote down alone, before either saw the other's. */
const RISKS: Readonly<Record<'business' | 'technology', readonly Json[]>> = {
  business: [
    {
      text: 'The new acquirer declines cards that the old one takes, and customers leave for good',
      probability: 25,
      impact_low: 500_000,
      impact_high: 6_000_000,
      owner: 'Beatrix Bright',
      mitigation: 'Five of a hundred customers first',
      tripwire: { metric: 'decline_rate', bound: 1_500, action: 'rollback' },
    },
    {
      text: 'The acquirer raises its price after the first quarter',
      probability: 20,
      impact_low: 200_000,
      impact_high: 900_000,
      owner: 'Beatrix Bright',
      mitigation: 'A clause in the contract',
      tripwire: null,
    },
  ],
  technology: [
    {
      text: 'Answers get lost, and nobody knows for hours whether a customer was charged',
      probability: 15,
      impact_low: 300_000,
      impact_high: 2_000_000,
      owner: 'Tadeo Tide',
      mitigation: 'Every order is asked about again by its reference',
      tripwire: { metric: 'money_stuck', bound: 0, action: 'rollback' },
    },
  ],
}

/** The risks of one person as the plan has them: for the board's date nobody had the time to wire a tripwire. */
export const risksOf = (plan: Plan, who: 'business' | 'technology'): readonly Json[] =>
  RISKS[who].map((risk) => (plan.hasTripwires ? risk : { ...risk, tripwire: null }))
