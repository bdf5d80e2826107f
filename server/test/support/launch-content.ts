import type { Guardrail, LaunchContent, Risk, Stage } from '../../src/launches/core/model.ts'

const HOUR_OF_DAY = 24

export const stageOf = (own: Partial<Stage> = {}): Stage => ({
  exposure_bp: 500,
  named_units: [],
  min_matured_payments: 300,
  min_hours: 3 * HOUR_OF_DAY,
  caps: { per_payment: null, per_stage: null, per_day: 500_000_00 },
  required_signers: ['business', 'technology'],
  forecast_payments_per_day: 100,
  ...own,
})

export const riskOf = (own: Partial<Risk> = {}): Risk => ({
  text: 'The new rail declines cards that the old one takes',
  probability: 20,
  impact_low: 20_000_00,
  impact_high: 90_000_00,
  owner: 'Ines Moreau',
  mitigation: 'Retry on the old rail by hand',
  tripwire: { metric: 'decline_rate', bound: 800, action: 'rollback' },
  ...own,
})

export const FAILURES: Guardrail & { readonly tier: 'rate' } = {
  tier: 'rate',
  metric: 'failure_rate',
  margin_bp: 0,
  baseline_bp: 300,
  action: 'rollback',
}

export const contentOf = (own: Partial<LaunchContent> = {}): LaunchContent => ({
  name: 'Express acquiring for cards in euro',
  description: 'Card payments in euro go over the express rail, which settles a day earlier and costs less.',
  owner: 'person_00000000000000000000000000000001',
  currency: 'eur',
  subject: { type: 'route', rails: ['sandbox-express', 'sandbox-card'] },
  unit: 'customer',
  filters: { countries: [], currencies: ['eur'], amount_from: null, amount_to: null },
  excluded_units: [],
  benefit: {
    low: 900_000_00,
    high: 1_600_000_00,
    per: 'year',
    source: 'Finance, model of 12 November',
    as_of: 1_794_441_600,
  },
  forecast: { payments_per_day: 2_000, average_amount: 48_00, peak_per_second: 12 },
  components: ['payments', 'rails'],
  risks: [riskOf()],
  stages: [
    stageOf(),
    stageOf({ exposure_bp: 2_500, forecast_payments_per_day: 500, min_matured_payments: 1_500 }),
    stageOf({ exposure_bp: 10_000, forecast_payments_per_day: 2_000, min_matured_payments: 6_000 }),
  ],
  guardrails: [{ tier: 'invariant', metric: 'books_balance' }, FAILURES],
  alpha_bp: 500,
  slow_ms: 3_000,
  maturity_hours: 24,
  rollback_plan: 'Exposure to zero; payments in flight finish on the rail where they began.',
  cover: [{ person: 'Ines Moreau', contact: '+420 600 000 000', hours: 48 }],
  notify: null,
  ...own,
})
