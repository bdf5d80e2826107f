import { type TProperties, type TSchema, Type } from 'typebox'
import {
  AMOUNT_MOST,
  COMPONENTS_MOST,
  COUNTRIES_MOST,
  COVER_MOST,
  FORECAST_MOST,
  GUARDRAILS_MOST,
  LINE_LENGTH,
  MATURITY_HOURS_MOST,
  NAME_LENGTH,
  RAILS_MOST,
  RISKS_MOST,
  SLOW_MS_MOST,
  STAGE_HOURS_MOST,
  STAGES_MOST,
  TEXT_LENGTH,
  UNITS_MOST,
  VARIANTS_MOST,
} from './limits.ts'

/* What requests about launches may say. The objects that they answer with stand in objects.ts. */

const { Optional: optional } = Type

const choice = <const T extends readonly string[]>(values: T, description = '') =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description })

const text = (maxLength: number, description: string) => Type.String({ maxLength, description })
const emptyable = (maxLength: number, description: string) =>
  Type.String({ minLength: 0, maxLength, description })
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const integer = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description })
const amount = (description: string) => integer(1, AMOUNT_MOST, description)
const list = <T extends TSchema>(item: T, maxItems: number, description: string) =>
  Type.Array(item, { maxItems, description })

const FULL_BP = 10_000
const MOMENT_MOST = 253_402_300_799
const VARIANT_KEYS_MOST = 50

const moment = (description: string) => integer(0, MOMENT_MOST, description)

const scalar = () =>
  Type.Union([Type.Boolean(), Type.Integer(), Type.String({ minLength: 0, maxLength: LINE_LENGTH })])

const variant = () =>
  Type.Union([
    Type.Boolean(),
    Type.Integer(),
    Type.String({ minLength: 0, maxLength: LINE_LENGTH }),
    Type.Record(Type.String(), scalar(), { maxProperties: VARIANT_KEYS_MOST }),
  ])

const subject = () =>
  Type.Object(
    {
      type: choice(['route', 'feature'], 'A way for payments to go, or a named feature of your own product.'),
      rails: optional(
        list(
          text(NAME_LENGTH, ''),
          RAILS_MOST,
          'Of a route: the rails that exposed payments take, in order.',
        ),
      ),
      key: optional(text(NAME_LENGTH, 'Of a feature: the name that your software asks for.')),
      variants: optional(
        Type.Record(Type.String(), variant(), {
          maxProperties: VARIANTS_MOST,
          propertyNames: { maxLength: NAME_LENGTH },
          description: 'Of a feature: what it can answer, by name. Without it on (true) and off (false).',
        }),
      ),
      on: optional(text(NAME_LENGTH, 'The variant of who is exposed. Without it on.')),
      off: optional(text(NAME_LENGTH, 'The variant of everybody else. Without it off.')),
    },
    { description: 'What is launched.' },
  )

const filters = () =>
  Type.Object(
    {
      countries: optional(
        list(
          Type.String({ minLength: 2, maxLength: 2 }),
          COUNTRIES_MOST,
          'Of the card, ISO 3166-1, such as DE.',
        ),
      ),
      currencies: optional(
        list(Type.String({ minLength: 3, maxLength: 3 }), COUNTRIES_MOST, 'Of the payment, such as eur.'),
      ),
      amount_from: optional(nullable(amount('In minor units of the payment’s currency, inclusive.'))),
      amount_to: optional(nullable(amount('In minor units of the payment’s currency, inclusive.'))),
    },
    { description: 'Payments that do not fit are not part of the launch. Empty: all.' },
  )

const benefit = () =>
  Type.Object(
    {
      low: integer(0, AMOUNT_MOST, 'What it brings at least, in minor units of currency.'),
      high: integer(0, AMOUNT_MOST, 'What it brings at most.'),
      per: choice(['month', 'year']),
      source: text(LINE_LENGTH, 'Where the range comes from.'),
      as_of: moment('When it was estimated, in unix seconds.'),
    },
    { description: 'What the launch may bring.' },
  )

const forecast = () =>
  Type.Object(
    {
      payments_per_day: integer(0, FORECAST_MOST, 'Of the whole platform, before the launch.'),
      average_amount: integer(0, AMOUNT_MOST, 'Of a payment, in minor units of currency.'),
      peak_per_second: optional(
        integer(
          0,
          FORECAST_MOST,
          'Payments in the busiest second. Without it five times the average second.',
        ),
      ),
    },
    { description: 'The volume that the launch meets.' },
  )

export const tripwire = () =>
  Type.Object(
    {
      metric: text(
        LINE_LENGTH,
        'A live metric (failure_rate, decline_rate, slow_rate, refund_rate, dispute_rate, books_balance, duplicate_debit, money_stuck, posting_missing, declined_amount, refunded_amount, disputed_amount); anything else is watched by nobody.',
      ),
      bound: integer(
        0,
        AMOUNT_MOST,
        'Basis points of a rate, minor units of an amount, 0 of an invariant. Reached or passed, it acts.',
      ),
      action: choice(['rollback', 'hold']),
    },
    { description: 'What happens by itself when the risk comes true. Without it the risk is unwatched.' },
  )

export const riskFields = {
  text: text(TEXT_LENGTH, 'The failure, as if it had happened.'),
  probability: integer(1, 99, 'That it happens at least once within the launch’s horizon, in percent.'),
  impact_low: amount('Of a 90 % range of what one occurrence costs, in minor units of currency.'),
  impact_high: amount('The other end of the range.'),
  owner: optional(
    text(NAME_LENGTH, 'person_… or a name. Without it the writer, or the owner of the launch.'),
  ),
  mitigation: optional(emptyable(TEXT_LENGTH, 'What is done against it.')),
  tripwire: optional(nullable(tripwire())),
}

const caps = () =>
  Type.Object(
    {
      per_payment: optional(nullable(amount('A larger payment goes the ordinary way.'))),
      per_stage: optional(nullable(amount('What the stage may expose in all.'))),
      per_day: optional(nullable(amount('What a day of the tenant’s time zone may expose.'))),
    },
    { description: 'Caps in minor units of currency. A payment in another currency is then not exposed.' },
  )

const role = () => choice(['business', 'technology'])

const stage = () =>
  Type.Object({
    exposure_bp: integer(0, FULL_BP, 'Share of units in basis points: 500 is 5 %. 0 only with named_units.'),
    named_units: optional(
      list(
        text(LINE_LENGTH, ''),
        UNITS_MOST,
        'Units that are exposed whatever their bucket, from this stage on.',
      ),
    ),
    min_matured_payments: optional(
      integer(
        0,
        FORECAST_MOST,
        'How many payments must be old enough before the stage may end. Without it 100.',
      ),
    ),
    min_hours: optional(integer(0, STAGE_HOURS_MOST, 'How long the stage lasts at least. Without it 24.')),
    caps: optional(nullable(caps())),
    required_signers: optional(
      list(role(), 2, 'Whose approval ends the stage. Without it business and technology.'),
    ),
    forecast_payments_per_day: optional(
      integer(0, FORECAST_MOST, 'Expected to be exposed. Without it the exposure’s share of the forecast.'),
    ),
  })

const guardrail = () =>
  Type.Object({
    tier: choice(
      ['invariant', 'rate', 'promotion'],
      'Zero tolerance; a rate against the control at each tick; not worse than the control before a stage ends.',
    ),
    metric: text(NAME_LENGTH, 'What it watches.'),
    margin_bp: optional(integer(0, FULL_BP, 'What it may be worse by than the control, in basis points.')),
    baseline_bp: optional(
      integer(0, FULL_BP, 'Of a rate: what is taken for the control where there is too little of it.'),
    ),
    action: optional(choice(['rollback', 'hold'], 'Of a rate. Without it rollback.')),
  })

const cover = () =>
  Type.Object({
    person: text(NAME_LENGTH, 'person_… or a name.'),
    contact: text(LINE_LENGTH, 'How to reach them.'),
    hours: integer(1, 24 * 7, 'For how many of the first hours.'),
  })

const more = {
  description: optional(emptyable(TEXT_LENGTH, 'What it is, for those who decide.')),
  unit: optional(
    choice(
      ['customer', 'card', 'merchant', 'targeting_key'],
      'What is exposed or not: customer (of a route, without it), card, or targeting_key (of a feature).',
    ),
  ),
  filters: optional(filters()),
  excluded_units: optional(list(text(LINE_LENGTH, ''), UNITS_MOST, 'Units that are never exposed.')),
  components: optional(list(text(LINE_LENGTH, ''), COMPONENTS_MOST, 'What of your systems it touches.')),
  guardrails: optional(
    list(
      guardrail(),
      GUARDRAILS_MOST,
      'Of a route: the four invariants are always among them; without it also failure_rate and decline_rate, watched and before each approval. Payments say nothing of a feature, so it takes none.',
    ),
  ),
  alpha_bp: optional(
    integer(1, 5_000, 'Share of false alarms over all rates together, in basis points. Without it 500.'),
  ),
  slow_ms: optional(
    integer(1, SLOW_MS_MOST, 'A payment that takes longer counts for slow_rate. Without it 3000.'),
  ),
  maturity_hours: optional(
    integer(
      0,
      MATURITY_HOURS_MOST,
      'How old a payment is before its outcome counts as known. Without it 24.',
    ),
  ),
  cover: optional(list(cover(), COVER_MOST, 'Who is there for the first 48 hours.')),
  notify: optional(
    nullable(emptyable(NAME_LENGTH, 'we_…: the webhook endpoint that is told what waits for a decision.')),
  ),
}

const needed = {
  name: text(NAME_LENGTH, 'What is launched, in a few words.'),
  currency: text(3, 'Of all money in the record, ISO 4217.'),
  subject: subject(),
  benefit: benefit(),
  forecast: forecast(),
  stages: list(stage(), STAGES_MOST, 'In order, with rising exposure.'),
  rollback_plan: text(TEXT_LENGTH, 'What people do after exposure is back at zero.'),
}

const owner = optional(
  text(NAME_LENGTH, 'person_…: who answers for it and opens the pre-mortem. Without it the person who asks.'),
)

export const launchParameters = Type.Object({ ...needed, ...more, owner })

const eachOptional = <P extends TProperties>(properties: P) => Type.Partial(Type.Object(properties))

export const launchUpdateParameters = Type.Object({
  ...eachOptional(needed).properties,
  ...more,
  owner,
  risks: optional(
    list(
      Type.Object(riskFields),
      RISKS_MOST,
      'All risks, those that stay included. Once the pre-mortem has been opened.',
    ),
  ),
})

const reason = () => text(LINE_LENGTH, 'Why, for the record.')
const hash = () =>
  Type.String({
    pattern: '^[0-9a-f]{64}$',
    description: 'content_hash of the launch as it was read: what was read is what is signed.',
    'x-form': 'the content_hash of the launch, 64 hexadecimal digits',
  })

export const riskParameters = Type.Object(riskFields)

export const openParameters = Type.Object({
  merge: optional(
    list(
      Type.Array(text(NAME_LENGTH, ''), { minItems: 2, maxItems: RISKS_MOST }),
      RISKS_MOST,
      'Groups of risk_… that are one and the same: the first of each group stays.',
    ),
  ),
})

export const signParameters = Type.Object({ content_hash: hash() })

export const approveParameters = Type.Object({
  stage: integer(0, STAGES_MOST, 'The index of the stage that is approved.'),
  content_hash: hash(),
})

export const startParameters = Type.Object({
  start_at: optional(
    moment('Fixes the moment instead: the launch is armed, and then waits for the person who starts it.'),
  ),
})

export const reasonParameters = Type.Object({ reason: reason() })
export const optionalReasonParameters = Type.Object({ reason: optional(reason()) })

export const waiverParameters = Type.Object({
  gate: choice(['promotion', 'matured', 'time', 'error_budget', 'cover'], 'What is passed over.'),
  reason: reason(),
  expires_at: moment('Until when, at most 30 days ahead, in unix seconds.'),
})

export const launchParams = Type.Object({ id: Type.String({ description: 'launch_….' }) })
export const waiverParams = Type.Object({
  id: Type.String({ description: 'launch_….' }),
  waiver: Type.String({ description: 'waiver_….' }),
})
