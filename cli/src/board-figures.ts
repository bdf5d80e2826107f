import { type ApiOptions, asProblem, clientFor } from './api.ts'
import type { Context } from './context.ts'
import { CURVE_CELLS } from './limits.ts'

/** What the commands use of a launch's board page. */
export type BoardRisk = {
  readonly text: string
  readonly owner: string
  readonly probability: number
  readonly impact_low: number
  readonly impact_high: number
  readonly watched: boolean
  readonly tripwire: { readonly metric: string; readonly bound: number; readonly action: string } | null
  readonly price: { readonly mean: number; readonly p95: number }
}

export type BoardStage = {
  readonly progress: 'done' | 'current' | 'ahead'
  readonly exposure_bp: number
  readonly named_units: number
  readonly benefit_per_day_low: number
  readonly benefit_per_day_high: number
  readonly risk_per_day: number
  readonly ends_p50: number | null
  readonly ends_p85: number | null
}

type Arm = {
  readonly payments: number
  readonly amount: number
  readonly succeeded_amount: number
  readonly declined_amount: number
  readonly refunded_amount: number
  readonly disputed_amount: number
}

export type Board = {
  readonly launch: string
  readonly name: string
  readonly status: string
  readonly currency: string
  readonly currency_exponent: number
  readonly generated_at: number
  readonly ask: { readonly text: string }
  readonly benefit: { readonly low: number; readonly high: number; readonly per: string }
  readonly expected_loss: {
    readonly mean: number
    readonly p50: number
    readonly p95: number
    readonly any_bp: number
    readonly draws: number
    readonly curve: readonly { readonly chance_bp: number; readonly loss: number }[]
  }
  readonly waiting: {
    readonly per_day_low: number
    readonly per_day_high: number
    readonly risk_per_day: number
    readonly assumptions: readonly string[]
  }
  readonly risks: readonly BoardRisk[]
  readonly unwatched: number
  readonly stages: readonly BoardStage[]
  readonly detection: { readonly sentences: readonly string[] }
  readonly signatures: readonly {
    readonly role: string
    readonly state: string
    readonly signed: { readonly name: string; readonly is_new_person: boolean } | null
  }[]
  readonly waivers: readonly { readonly gate: string; readonly reason: string }[]
  readonly story: {
    readonly exposed: Arm
    readonly control: Arm
    readonly affected_payments: number
    readonly in_flight: number
    readonly stopped: { readonly by: string; readonly reason: string } | null
  }
  readonly audit: { readonly position: number; readonly hash: string }
  readonly html: string
}

export type BoardOptions = ApiOptions & { readonly json?: true }

export const findBoard = async (context: Context, launch: string, options: ApiOptions): Promise<Board> => {
  const path = `/v1/launches/${encodeURIComponent(launch)}/board`
  try {
    return (await clientFor(context, options, path).request('GET', path)) as Board
  } catch (error) {
    throw asProblem(error)
  }
}

type Money = Pick<Board, 'currency' | 'currency_exponent'>

const SIGNIFICANT = 3
const SMALL = 10

/** 93,700: three digits, as nobody knows an estimate better. */
export const figure = (minor: number, { currency_exponent: exponent }: Money): string => {
  const units = minor / 10 ** exponent
  return units < SMALL
    ? units.toFixed(units === 0 ? 0 : exponent)
    : units.toLocaleString('en-US', {
        maximumSignificantDigits: SIGNIFICANT,
        maximumFractionDigits: 0,
        roundingPriority: 'lessPrecision',
      })
}

/** EUR 2,470 to 4,380 */
export const range = (low: number, high: number, money: Money): string => {
  const [from, to] = [figure(low, money), figure(high, money)]
  return `${money.currency.toUpperCase()} ${from === to ? from : `${from} to ${to}`}`
}

/** 88,729.14: what moved, to the last cent. */
export const exact = (minor: number, { currency_exponent: exponent }: Money): string => {
  const digits = String(minor).padStart(exponent + 1, '0')
  const units = digits.slice(0, digits.length - exponent).replace(/\B(?=(?:\d{3})+$)/g, ',')
  return exponent === 0 ? units : `${units}.${digits.slice(-exponent)}`
}

/** 5 %, 0.25 % */
export const share = (bp: number): string => `${(bp / 100).toFixed(2).replace(/\.?0+$/, '')} %`

/** Eighths of a cell, so that a short bar differs from none. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const

/** A bar as long as its part of the whole. */
export const bar = (part: number, whole: number, cells: number = CURVE_CELLS): string => {
  const eighths = whole <= 0 ? 0 : Math.round((Math.max(0, part) / whole) * cells * EIGHTHS.length)
  return '█'.repeat(Math.floor(eighths / EIGHTHS.length)) + (EIGHTHS[eighths % EIGHTHS.length] ?? '')
}
