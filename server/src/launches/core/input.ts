import type { Json } from '../../kit/index.ts'
import type { Cover, Risk, SignerRole, StageCaps, Tripwire, WaivableGate } from './model.ts'

/*
 * What people send of a launch: everything that has a good default may be left out. complete.ts fills it in, check.ts says
 * what is wrong with it.
 */

type Loose<T> = { readonly [Name in keyof T]?: T[Name] | undefined }

export type SubjectInput = {
  readonly type: 'route' | 'feature'
  readonly rails?: readonly string[] | undefined
  readonly key?: string | undefined
  readonly variants?: Readonly<Record<string, Json>> | undefined
  readonly on?: string | undefined
  readonly off?: string | undefined
}

export type StageInput = {
  readonly exposure_bp: number
  readonly named_units?: readonly string[] | undefined
  readonly min_matured_payments?: number | undefined
  readonly min_hours?: number | undefined
  readonly caps?: Loose<StageCaps> | null | undefined
  readonly required_signers?: readonly SignerRole[] | undefined
  readonly forecast_payments_per_day?: number | undefined
}

export type GuardrailInput = {
  readonly tier: 'invariant' | 'rate' | 'promotion'
  readonly metric: string
  readonly margin_bp?: number | undefined
  readonly baseline_bp?: number | undefined
  readonly action?: 'rollback' | 'hold' | undefined
}

export type RiskInput = Omit<Risk, 'mitigation' | 'tripwire' | 'owner'> & {
  readonly owner?: string | undefined
  readonly mitigation?: string | undefined
  readonly tripwire?: Tripwire | null | undefined
}

export type LaunchInput = {
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly owner?: string | undefined
  readonly currency?: string | undefined
  readonly subject?: SubjectInput | undefined
  readonly unit?: 'customer' | 'card' | 'merchant' | 'targeting_key' | undefined
  readonly filters?:
    | {
        readonly countries?: readonly string[] | undefined
        readonly currencies?: readonly string[] | undefined
        readonly amount_from?: number | null | undefined
        readonly amount_to?: number | null | undefined
      }
    | undefined
  readonly excluded_units?: readonly string[] | undefined
  readonly benefit?:
    | {
        readonly low: number
        readonly high: number
        readonly per: 'month' | 'year'
        readonly source: string
        readonly as_of: number
      }
    | undefined
  readonly forecast?:
    | {
        readonly payments_per_day: number
        readonly average_amount: number
        readonly peak_per_second?: number | undefined
      }
    | undefined
  readonly components?: readonly string[] | undefined
  readonly risks?: readonly RiskInput[] | undefined
  readonly stages?: readonly StageInput[] | undefined
  readonly guardrails?: readonly GuardrailInput[] | undefined
  readonly alpha_bp?: number | undefined
  readonly slow_ms?: number | undefined
  readonly maturity_hours?: number | undefined
  readonly rollback_plan?: string | undefined
  readonly cover?: readonly Cover[] | undefined
  /** Empty or null: whoever listens. */
  readonly notify?: string | null | undefined
}

export type WaiverInput = {
  readonly gate: WaivableGate
  readonly reason: string
  readonly expires_at: number
}
