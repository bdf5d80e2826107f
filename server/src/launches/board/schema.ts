import { type TSchema, Type } from 'typebox'
import type { BoardFigures } from './figures.ts'

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const choice = (values: readonly string[], description = '') =>
  Type.Unsafe<string>({ type: 'string', enum: [...values], description })
const amount = (description = '') => Type.Integer({ description })
const moment = (description = 'Unix seconds.') => Type.Integer({ description })
const text = (description = '') => Type.String({ description })

const loss = {
  mean: amount('On average over all histories.'),
  p50: amount('Half of all histories cost more.'),
  p90: amount('One of ten costs more.'),
  p95: amount('One of twenty costs more.'),
}

const risk = Type.Object({
  text: text(),
  owner: text(),
  mitigation: text(),
  probability: Type.Integer({ description: 'Percent.' }),
  impact_low: amount(),
  impact_high: amount(),
  watched: Type.Boolean({ description: 'Its tripwire is wired to a live metric.' }),
  tripwire: nullable(
    Type.Object({ metric: text(), bound: Type.Integer(), action: choice(['rollback', 'hold']) }),
  ),
  price: Type.Object(loss),
})

const stage = Type.Object({
  stage: Type.Integer(),
  progress: choice(['done', 'current', 'ahead']),
  exposure_bp: Type.Integer(),
  named_units: Type.Integer({ description: 'How many are named.' }),
  payments_per_day: Type.Integer(),
  min_matured_payments: Type.Integer(),
  min_hours: Type.Integer(),
  cap_per_payment: nullable(amount()),
  cap_per_stage: nullable(amount()),
  cap_per_day: nullable(amount()),
  required_signers: Type.Array(choice(['business', 'technology'])),
  share_bp: Type.Integer({ description: 'What it puts at stake of all that can be.' }),
  benefit_per_day_low: amount(),
  benefit_per_day_high: amount(),
  forgone_per_day_low: amount('Of the benefit, what each day at this exposure leaves behind.'),
  forgone_per_day_high: amount(),
  risk_per_day: amount('Its part of the expected loss, by exposure and length, per day.'),
  expected_loss: amount(),
  ends_p50: nullable(moment()),
  ends_p85: nullable(moment()),
})

const signature = Type.Object({
  role: choice(['business', 'technology']),
  state: choice(['valid', 'expired', 'void', 'missing']),
  signed: nullable(
    Type.Object({
      person: text(),
      name: text(),
      at: moment(),
      expires_at: moment(),
      is_new_person: Type.Boolean({ description: 'Made a person less than 24 hours before.' }),
      is_contributor: Type.Boolean(),
      position: Type.Integer({ description: 'Of its entry in the audit log.' }),
      hash: text(),
    }),
  ),
})

const waiver = Type.Object({
  id: text(),
  gate: text(),
  reason: text(),
  state: choice(['in_force', 'unsigned']),
  expires_at: moment(),
  signatures: Type.Array(Type.Object({ name: text(), role: text(), is_new_person: Type.Boolean() })),
})

const arm = Type.Object({
  payments: Type.Integer(),
  succeeded: Type.Integer(),
  amount: amount(),
  succeeded_amount: amount(),
  declined_amount: amount(),
  refunded_amount: amount(),
  disputed_amount: amount(),
})

const story = Type.Object({
  exposed: arm,
  control: arm,
  affected_payments: Type.Integer({ description: 'GET /v1/charges with launch lists them.' }),
  in_flight: Type.Integer(),
  no_unit: Type.Integer({ description: 'Payments without the unit that the launch tells apart.' }),
  stopped: nullable(Type.Object({ at: moment(), by: text(), reason: text(), metric: nullable(text()) })),
  events: Type.Array(Type.Object({ at: moment(), text: text() })),
})

const dates = Type.Object({
  assumes: choice(['it_starts_now', 'it_starts_as_armed', 'it_goes_on', 'it_is_resumed_now']),
  from: moment(),
  p50: nullable(moment('When the last stage is over in half of all histories; null where it never is.')),
  p85: nullable(moment('In 85 of a hundred.')),
  draws: Type.Integer(),
  assumptions: Type.Array(text()),
})

const capacity = Type.Object({
  forecast_peak_per_second: Type.Integer(),
  held_per_second: nullable(
    Type.Integer({ description: 'The highest rate of payments that the benchmark held here.' }),
  ),
  measured_at: nullable(moment()),
  headroom_bp: nullable(Type.Integer({ description: 'What the peak leaves of it; below 0: not enough.' })),
})

const waiting = Type.Object({
  per_day_low: amount('Benefit forgone by each day without the launch.'),
  per_day_high: amount(),
  risk_per_day: amount('Expected loss for each day of the launch.'),
  horizon_hours: Type.Integer({ description: 'How long the stages take as planned.' }),
  assumptions: Type.Array(text()),
})

const board = Type.Object({
  object: Type.Literal('launch.board'),
  launch: text('launch_….'),
  livemode: Type.Boolean(),
  name: text(),
  description: text(),
  status: text(),
  owner: text(),
  owner_name: nullable(text()),
  generated_at: moment(),
  time_zone: text(),
  currency: text(),
  currency_exponent: Type.Integer({ description: 'Decimals of its minor unit.' }),
  content_hash: text('SHA-256 of the content that the page was made from.'),
  ask: Type.Object({ decision: text(), text: text() }),
  benefit: Type.Object({
    low: amount(),
    high: amount(),
    per: choice(['month', 'year']),
    source: text(),
    as_of: moment(),
  }),
  expected_loss: Type.Object({
    ...loss,
    any_bp: Type.Integer({ description: 'That anything happens at all, in basis points.' }),
    draws: Type.Integer(),
    curve: Type.Array(Type.Object({ chance_bp: Type.Integer(), loss: amount() }), {
      description: 'With this chance the risks cost more than that.',
    }),
  }),
  waiting,
  risks: Type.Array(risk, { description: 'The dearest first.' }),
  unwatched: Type.Integer(),
  stages: Type.Array(stage),
  dates: nullable(dates),
  detection: Type.Object({
    stage: Type.Integer(),
    payments_per_day: Type.Integer(),
    payments_planned: Type.Integer(),
    sentences: Type.Array(text()),
  }),
  budget: Type.Object({
    state: choice(['ok', 'over', 'unknown']),
    levels: Type.Array(Type.Object({ name: text(), spent_bp: nullable(Type.Integer()) })),
  }),
  capacity,
  signatures: Type.Array(signature),
  waivers: Type.Array(waiver),
  rollback_plan: text(),
  story,
  audit: Type.Object({ position: Type.Integer(), hash: text() }),
  html: text('The page itself: one sheet, A4 or letter, without scripts and without anything from outside.'),
})

export type Board = BoardFigures & { readonly html: string }

/** The schema is what is documented and checked; the type is the figures’ own. */
export const boardObject = Type.Unsafe<Board>(board)
