import { type Json, showId, type Uuid } from '../../kit/index.ts'
import type { Taken } from './caps.ts'
import { type Compiled, isAmountInScope, isInScope } from './compile.ts'
import { capReason, choose } from './decide.ts'
import { type Control, type FeatureSubject, FULL_EXPOSURE, type StampReason } from './model.ts'

/*
 * The question from outside the commit: it answers what an attempt with these facts would be told, and reserves nothing.
 */

export const LAUNCH_PREFIX = 'launch'

/** What is known of whom it is asked about; null is unknown, and passes no filter that looks at it. */
export type Question = {
  readonly unit: string | null
  readonly country: string | null
  readonly currency: string | null
  readonly amount: bigint | null
}

export type AskedReason = StampReason | 'filtered'

export type Answered = {
  readonly exposed: boolean
  readonly reason: AskedReason
  readonly bucket: number | null
}

const passes = (control: Control, { country, currency, amount }: Question): boolean => {
  const { amountFrom, amountTo } = control.filters
  if (!isInScope(control, { country: country ?? '', currency: currency ?? '' })) return false
  return amount === null ? amountFrom === null && amountTo === null : isAmountInScope(control, amount)
}

/** `taken` is null where nobody has looked at the counters: then only what they do not decide is said. */
export const ask = (one: Compiled, question: Question, taken: Taken | null): Answered => {
  const { control } = one
  const chosen = choose(one, question.unit)
  if (chosen.reason === 'stopped') return chosen
  const { bucket } = chosen
  if (!passes(control, question)) return { exposed: false, reason: 'filtered', bucket }
  if (chosen.reason !== 'named' && chosen.reason !== 'bucket') return chosen
  const { currency, amount } = question
  if (currency === null) return chosen
  const nothing: Taken = { day: 0, reservedToday: 0, reservedInStage: 0 }
  const held = capReason(control, { currency, amount: amount ?? 0n }, () => taken ?? nothing)
  return held === null ? chosen : { exposed: false, reason: held, bucket }
}

/** As OFREP's description names them. */
export type ResolutionReason = 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED'

export type Evaluation = {
  readonly key: string
  /** Undefined leaves the value to the caller's code: the launch names a variant that it does not have. */
  readonly value: Json | undefined
  readonly variant: string
  readonly reason: ResolutionReason
  readonly metadata: Readonly<Record<string, string | number | boolean>>
}

const resolutionOf = (reason: AskedReason, exposureBp: number): ResolutionReason => {
  if (reason === 'stopped') return 'DISABLED'
  if (reason === 'named' || reason === 'excluded') return 'TARGETING_MATCH'
  const isDrawn = reason === 'bucket' && exposureBp > 0 && exposureBp < FULL_EXPOSURE
  return isDrawn ? 'SPLIT' : 'STATIC'
}

export const shownLaunch = (launch: Uuid): string => showId(LAUNCH_PREFIX, launch)

/** What a caller's feature is: the launched variant for whoever is exposed, the other one for everybody else. */
export const evaluate = (
  one: Compiled & { readonly subject: FeatureSubject },
  question: Question,
): Evaluation => {
  const { subject, control } = one
  const { exposed, reason, bucket } = ask(one, question, null)
  const variant = exposed ? subject.on : subject.off
  return {
    key: subject.key,
    value: Object.hasOwn(subject.variants, variant) ? subject.variants[variant] : undefined,
    variant,
    reason: resolutionOf(reason, control.exposureBp),
    metadata: {
      launch: shownLaunch(control.launch),
      stage: control.stage,
      exposed,
      reason,
      exposure_bp: control.exposureBp,
      version: control.version,
      ...(bucket === null ? {} : { bucket }),
    },
  }
}
