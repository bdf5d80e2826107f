import { type TSchema, Type } from 'typebox'
import { LAUNCH_STATUSES, WAIVABLE_GATES } from './core/model.ts'
import { riskFields } from './schemas.ts'
import type { ShownLaunch } from './views.ts'

/* What the routes of launches answer with. */

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const integer = (description = '') => Type.Integer({ description })
const string = (description = '') => Type.String({ minLength: 0, description })
const strings = (description = '') => Type.Array(Type.String({ minLength: 0 }), { description })
const choice = <const T extends readonly string[]>(values: T, description = '') =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description })

const role = () => choice(['business', 'technology'])

export const receiptObject = Type.Object(
  { position: integer('In the audit log.'), hash: string('Of that entry.') },
  { description: 'Keep it: it proves that the entry stands as it stood.' },
)

const signatureFields = {
  person: string('person_….'),
  name: string(),
  role: role(),
  signed_at: integer(),
  is_contributor: Type.Boolean({ description: 'Wrote the content or a part of it.' }),
  is_new_person: Type.Boolean({ description: 'The person’s record was younger than 24 hours.' }),
  receipt: receiptObject,
}

const signature = Type.Object({ ...signatureFields, content_hash: string(), expires_at: integer() })
const approval = Type.Object({ ...signatureFields, content_hash: string(), stage: integer() })

const waiver = Type.Object({
  id: string('waiver_….'),
  gate: choice(WAIVABLE_GATES),
  reason: string(),
  expires_at: integer(),
  in_force: Type.Boolean({ description: 'Signed by both roles, and not expired.' }),
  signatures: Type.Array(Type.Object(signatureFields)),
})

const tripwire = Type.Object({
  metric: string(),
  bound: integer(),
  action: choice(['rollback', 'hold']),
})

const risk = {
  text: riskFields.text,
  probability: riskFields.probability,
  impact_low: riskFields.impact_low,
  impact_high: riskFields.impact_high,
  owner: string(),
  mitigation: string(),
  tripwire: nullable(tripwire),
  watched: Type.Boolean({ description: 'false: UNWATCHED, its tripwire is not wired to a live metric.' }),
}

const stage = Type.Object({
  exposure_bp: integer(),
  named_units: strings(),
  min_matured_payments: integer(),
  min_hours: integer(),
  caps: Type.Object({
    per_payment: nullable(integer()),
    per_stage: nullable(integer()),
    per_day: nullable(integer()),
  }),
  required_signers: Type.Array(role()),
  forecast_payments_per_day: integer(),
})

const guardrail = Type.Object({
  tier: choice(['invariant', 'rate', 'promotion']),
  metric: string(),
  margin_bp: Type.Optional(integer()),
  baseline_bp: Type.Optional(integer()),
  action: Type.Optional(choice(['rollback', 'hold'])),
})

const subject = Type.Object({
  type: choice(['route', 'feature']),
  rails: Type.Optional(strings()),
  key: Type.Optional(string()),
  variants: Type.Optional(Type.Unsafe<unknown>({ type: 'object', additionalProperties: true })),
  on: Type.Optional(string()),
  off: Type.Optional(string()),
})

const content = {
  name: string(),
  description: string(),
  owner: string('person_…: who opens the pre-mortem and owns its incident.'),
  currency: string('Of all money in the record.'),
  subject,
  unit: choice(['customer', 'card', 'merchant', 'targeting_key']),
  filters: Type.Object({
    countries: strings(),
    currencies: strings(),
    amount_from: nullable(integer()),
    amount_to: nullable(integer()),
  }),
  excluded_units: strings(),
  benefit: Type.Object({
    low: integer(),
    high: integer(),
    per: choice(['month', 'year']),
    source: string(),
    as_of: integer(),
  }),
  forecast: Type.Object({
    payments_per_day: integer(),
    average_amount: integer(),
    peak_per_second: integer(),
  }),
  components: strings(),
  risks: Type.Array(Type.Object(risk), {
    description: 'Empty until the pre-mortem is opened. `watched` is not part of what is signed.',
  }),
  stages: Type.Array(stage),
  guardrails: Type.Array(guardrail),
  alpha_bp: integer(),
  slow_ms: integer(),
  maturity_hours: integer(),
  rollback_plan: string(),
  cover: Type.Array(Type.Object({ person: string(), contact: string(), hours: integer() })),
  notify: nullable(string()),
}

const tally = Type.Object(
  {
    attempts: integer('First attempts, each account counted once an hour.'),
    failed: integer(),
    declined: integer(),
    slow: integer(),
    succeeded: integer(),
    refunded: integer(),
    disputed: integer(),
    attempted_amount: integer('In minor units of currency.'),
    succeeded_amount: integer(),
    declined_amount: integer(),
    refunded_amount: integer(),
    disputed_amount: integer(),
    all_attempts: integer('Every first attempt.'),
    all_succeeded: integer(),
  },
  { description: 'Of one arm since the stage began.' },
)

export const verdictObject = Type.Object({
  guardrail: string(),
  tier: choice(['invariant', 'rate', 'promotion', 'tripwire']),
  metric: string(),
  verdict: choice(['OK', 'BREACH', 'INSUFFICIENT', 'INCONCLUSIVE']),
  action: choice(['rollback', 'hold', 'none']),
  value: nullable(Type.Number({ description: 'Basis points, count, or minor units, as the metric is.' })),
  n: integer('How many payments it is judged by.'),
  bound: nullable(Type.Number()),
  evidence: nullable(Type.Number({ description: 'Of the test; it stops at 1/alpha.' })),
  reason: string(),
})

const watch = Type.Object(
  {
    stage: integer(),
    ticked_at: integer(),
    matured: integer(),
    in_flight: integer(),
    no_unit: integer(),
    verdicts: Type.Array(verdictObject),
    exposed: tally,
    control: tally,
  },
  { description: 'What the controller found when it looked last.' },
)

const gate = Type.Object({
  gate: string(),
  state: choice(['green', 'red', 'waived']),
  reason: string(),
})

const launchSchema = Type.Object({
  id: string('launch_….'),
  object: Type.Literal('launch'),
  created: integer(),
  livemode: Type.Boolean(),
  status: choice(LAUNCH_STATUSES),
  stage: integer('Index of the stage that it is in, or will start with.'),
  exposure_bp: integer('Share of units that are exposed now, in basis points.'),
  ...content,
  content_hash: string('SHA-256 of the content’s canonical JSON (RFC 8785): what is signed.'),
  premortem: Type.Object({
    state: choice(['collecting', 'opened']),
    people: integer('How many people have written. What they wrote is hidden until it is opened.'),
  }),
  unwatched: integer('How many risks nobody watches.'),
  contributors: strings('Everybody who wrote a part of it.'),
  signatures: Type.Array(signature),
  approvals: Type.Array(approval),
  waivers: Type.Array(waiver),
  waiting: nullable(
    Type.Object({
      for: choice(['premortem', 'signatures', 'start', 'approval', 'resume', 'decision']),
      since: integer(),
      age_seconds: integer(),
      reminders: integer('How often it was told again.'),
    }),
  ),
  start_at: nullable(integer('When it is to be started by a person.')),
  started_at: nullable(integer()),
  stage_started_at: nullable(integer()),
  stopped: nullable(
    Type.Object({ by: string(), reason: string(), metric: nullable(string()), at: integer() }),
  ),
  incident: nullable(Type.Object({ name: string(), owner: string(), opened_at: integer() })),
  retries: integer('How often it was reopened after a rollback.'),
  salt: string('Of its buckets; fixed for its life.'),
  gates: nullable(
    Type.Array(gate, { description: 'What stands between it and its next step; of one launch only.' }),
  ),
  watch: nullable(watch),
  without_unit: nullable(
    Type.Object(
      { payments: integer('The newest of the platform.'), without: integer(), share_bp: integer() },
      {
        description:
          'Before a launch by customer starts: of the newest payments, those without a customer, which it would never expose.',
      },
    ),
  ),
  receipt: Type.Optional(receiptObject),
})

/** The schema is what is documented and checked; the type is the view’s own, whose lists nobody may change. */
export const launchObject = Type.Unsafe<ShownLaunch>(launchSchema)

export const writtenRiskObject = Type.Object({
  id: string('risk_….'),
  object: Type.Literal('launch_risk'),
  launch: string(),
  person: string(),
  name: string(),
  created: integer(),
  ...risk,
})
