import { Type } from 'typebox'
import { showDay } from '../kit/index.ts'
import { type Answered, type AskedReason, shownLaunch } from './core/ask.ts'
import { type Taken, takenOn } from './core/caps.ts'
import type { Control, Controls } from './core/model.ts'
import type { Counter } from './store.ts'

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })

const REASONS = [
  'named',
  'bucket',
  'excluded',
  'no_unit',
  'filtered',
  'currency',
  'cap',
  'other_launch',
  'stopped',
  'fallback',
] as const satisfies readonly AskedReason[]

export const exposureObject = Type.Object({
  object: Type.Literal('exposure'),
  launch: Type.String(),
  stage: Type.Integer({ description: 'Of the launch, from 0.' }),
  unit: nullable(Type.String(), 'As it was compared: a customer by its id.'),
  exposed: Type.Boolean({ description: 'Whether it goes the launched way.' }),
  reason: Type.Enum([...REASONS], {
    description:
      'Why. named and bucket decide; bucket without exposure is the control. Excluded, no_unit (nobody to tell apart), filtered (the launch does not look at such payments), currency (the caps are in another), cap (above one of the caps) and stopped are never exposed.',
  }),
  bucket: nullable(Type.Integer(), 'Of the unit, 0 to 9,999; it is exposed when this is below exposure_bp.'),
  exposure_bp: Type.Integer({ description: 'Of the launch now, in basis points.' }),
  version: Type.Integer({ description: 'Of the controls, when this launch’s was changed last.' }),
})

export const showExposure = (control: Control, unit: string | null, answered: Answered) => ({
  object: 'exposure' as const,
  launch: shownLaunch(control.launch),
  stage: control.stage,
  unit,
  ...answered,
  exposure_bp: control.exposureBp,
  version: control.version,
})

const capsObject = Type.Object({
  currency: Type.String(),
  per_payment: nullable(Type.Integer(), 'The largest payment, in minor units (ISO 4217).'),
  per_stage: nullable(Type.Integer(), 'All of the stage together.'),
  per_day: nullable(Type.Integer(), 'All of a day of the tenant’s time zone.'),
  reserved_in_stage: Type.Integer({
    description: 'What attempts of this stage have taken and not given back.',
  }),
  reserved_today: Type.Integer({ description: 'The same of today.' }),
  day: Type.String({ description: 'Today in the tenant’s time zone.' }),
})

const filtersObject = Type.Object({
  countries: Type.Array(Type.String()),
  currencies: Type.Array(Type.String()),
  amount_from: nullable(Type.Integer(), 'The least amount; null for any.'),
  amount_to: nullable(Type.Integer(), 'The largest amount; null for any.'),
})

const controlObject = Type.Object({
  object: Type.Literal('exposure.control'),
  launch: Type.String(),
  kind: Type.Enum(['route', 'feature']),
  rails: nullable(Type.Array(Type.String()), 'Where an exposed attempt goes; null for a feature.'),
  feature: nullable(Type.String(), 'The key of the feature; null for a route.'),
  unit: Type.Enum(['customer', 'card', 'merchant', 'targeting_key']),
  exposure_bp: Type.Integer(),
  stage: Type.Integer(),
  stopped: Type.Boolean({ description: 'Nobody is exposed, named units included.' }),
  named_units: Type.Integer({ description: 'How many are exposed by name.' }),
  excluded_units: Type.Integer({ description: 'How many never are.' }),
  filters: filtersObject,
  caps: nullable(capsObject, 'Null: no cap.'),
  version: Type.Integer({ description: 'Of the controls, when this one was changed last.' }),
})

export const controlsObject = Type.Object({
  object: Type.Literal('exposure.controls'),
  version: Type.Integer({ description: 'Rises by one with each change of any control; 0 before the first.' }),
  controls: Type.Array(controlObject, {
    description: 'In order of precedence: the first route that exposes an attempt has it.',
  }),
})

const showCaps = ({ caps }: Control, taken: Taken) =>
  caps === null
    ? null
    : {
        currency: caps.currency.toLowerCase(),
        per_payment: caps.perPayment,
        per_stage: caps.perStage,
        per_day: caps.perDay,
        reserved_in_stage: taken.reservedInStage,
        reserved_today: taken.reservedToday,
        day: showDay(taken.day),
      }

const showControl = (control: Control, taken: Taken) => {
  const { subject, filters } = control
  return {
    object: 'exposure.control' as const,
    launch: shownLaunch(control.launch),
    kind: subject.kind,
    rails: subject.kind === 'route' ? [...subject.rails] : null,
    feature: subject.kind === 'feature' ? subject.key : null,
    unit: control.unit,
    exposure_bp: control.exposureBp,
    stage: control.stage,
    stopped: control.isStopped,
    named_units: control.named.length,
    excluded_units: control.excluded.length,
    filters: {
      countries: [...filters.countries],
      currencies: filters.currencies.map((currency) => currency.toLowerCase()),
      amount_from: filters.amountFrom,
      amount_to: filters.amountTo,
    },
    caps: showCaps(control, taken),
    version: control.version,
  }
}

/** What a control's stage has taken as of this day. */
export const takenBy = (counters: readonly Counter[], { launch, stage }: Control, day: number): Taken => {
  const row = counters.find((each) => each.launch === launch && each.stage === stage)
  return row === undefined ? { day, reservedToday: 0, reservedInStage: 0 } : takenOn(row, day)
}

export const showControls = ({ version, controls }: Controls, counters: readonly Counter[], day: number) => ({
  object: 'exposure.controls' as const,
  version,
  controls: controls.map((control) => showControl(control, takenBy(counters, control, day))),
})
