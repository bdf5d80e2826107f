// What the calls about launches take. What has a good default may be left out; the answer shows it.

import type {
  LaunchBenefit,
  LaunchCaps,
  LaunchCover,
  LaunchFilters,
  LaunchForecast,
  LaunchGuardrail,
  LaunchRisk,
  LaunchStage,
  LaunchStatus,
  LaunchUnit,
  WaivableGate,
} from './launch-types.ts'
import type { Range } from './ledger-params.ts'
import type { PageParams } from './pages.ts'

type Without<T, Needed extends keyof T> = Pick<T, Needed> & Partial<Omit<T, Needed>>

export type RiskParams = Without<
  Omit<LaunchRisk, 'watched'>,
  'text' | 'probability' | 'impact_low' | 'impact_high'
>

export type StageParams = Without<Omit<LaunchStage, 'caps'>, 'exposure_bp'> & {
  readonly caps?: Partial<LaunchCaps> | null
}

export type SubjectParams = {
  readonly type: 'route' | 'feature'
  readonly rails?: readonly string[]
  readonly key?: string
  readonly variants?: Readonly<Record<string, unknown>>
  readonly on?: string
  readonly off?: string
}

type MoreParams = {
  readonly description?: string
  readonly owner?: string
  readonly unit?: LaunchUnit
  readonly filters?: Partial<LaunchFilters>
  readonly excluded_units?: readonly string[]
  readonly components?: readonly string[]
  readonly guardrails?: readonly LaunchGuardrail[]
  readonly alpha_bp?: number
  readonly slow_ms?: number
  readonly maturity_hours?: number
  readonly cover?: readonly LaunchCover[]
  readonly notify?: string | null
}

type NeededParams = {
  readonly name: string
  readonly currency: string
  readonly subject: SubjectParams
  readonly benefit: LaunchBenefit
  readonly forecast: Without<LaunchForecast, 'payments_per_day' | 'average_amount'>
  readonly stages: readonly StageParams[]
  readonly rollback_plan: string
}

export type LaunchParams = NeededParams & MoreParams
export type LaunchUpdateParams = Partial<NeededParams> &
  MoreParams & { readonly risks?: readonly RiskParams[] }

export type LaunchFilter = PageParams & { readonly created?: Range; readonly status?: LaunchStatus }

/** Groups of risks that are one: the first of each stays. */
export type OpenParams = { readonly merge?: readonly (readonly string[])[] }
export type SignParams = { readonly content_hash: string }
export type ApproveParams = SignParams & { readonly stage: number }
export type StartParams = { readonly start_at?: number }
export type ReasonParams = { readonly reason: string }
export type WaiverParams = {
  readonly gate: WaivableGate
  readonly reason: string
  readonly expires_at: number
}
