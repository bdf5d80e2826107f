/*
 * Service levels: what is promised of payments and webhooks, and how fast the rest of the promise is being used up. The
 * windows are those of the SRE workbook (table 5-8): a long one that says it matters, and a short one, a twelfth of it,
 * that says it still goes on. Both must exceed.
 */

export const LEVELS = ['payment_success', 'payment_latency', 'webhook_lag'] as const
export type LevelName = (typeof LEVELS)[number]

export type Level = {
  readonly name: LevelName
  /** Share of good ones, in basis points. */
  readonly targetBp: number
  /** What counts as slow, or as late; null where there is nothing of that kind. */
  readonly thresholdMs: number | null
  /** Until then it is only measured: its alarms wake nobody, and its budget holds no launch. */
  readonly isRouted: boolean
}

export type Window = {
  readonly severity: 'page' | 'ticket'
  readonly longMinutes: number
  readonly shortMinutes: number
  /** How many times faster than the budget allows. */
  readonly burn: number
}

export const WINDOWS: readonly Window[] = [
  { severity: 'page', longMinutes: 60, shortMinutes: 5, burn: 14.4 },
  { severity: 'page', longMinutes: 360, shortMinutes: 30, burn: 6 },
  { severity: 'ticket', longMinutes: 1_440, shortMinutes: 120, burn: 3 },
  { severity: 'ticket', longMinutes: 4_320, shortMinutes: 360, burn: 1 },
]

/** At 20 payments an hour one failure burns a budget of 0.1 % fifty times too fast: fewer bad ones than this wake nobody. */
export const BAD_LEAST = 10

export const SLOT_MINUTES = 5
export const BUDGET_MINUTES = 30 * 1_440

export type Counted = { readonly good: number; readonly bad: number }

const WHOLE_BP = 10_000

/** The share of bad ones that the target allows. */
const allowed = ({ targetBp }: Level): number => (WHOLE_BP - targetBp) / WHOLE_BP

/** How many times faster than allowed; null where nothing was counted. */
export const burnOf = (level: Level, { good, bad }: Counted): number | null => {
  const all = good + bad
  if (all === 0) return null
  const rate = bad / all
  // A target of 100 % allows nothing, so the first bad one burns without bound.
  if (allowed(level) === 0) return bad === 0 ? 0 : Number.MAX_SAFE_INTEGER
  return rate / allowed(level)
}

export type Looked = Window & {
  readonly long: Counted
  readonly short: Counted
  readonly longBurn: number | null
  readonly shortBurn: number | null
  readonly isFiring: boolean
}

/** @param countOf what was counted in so many minutes up to now */
export const lookAtWindows = (level: Level, countOf: (minutes: number) => Counted): Looked[] =>
  WINDOWS.map((window) => {
    const long = countOf(window.longMinutes)
    const short = countOf(window.shortMinutes)
    const [longBurn, shortBurn] = [burnOf(level, long), burnOf(level, short)]
    const exceeds = (burn: number | null): boolean => burn !== null && burn > window.burn
    const isFiring = exceeds(longBurn) && exceeds(shortBurn) && long.bad >= BAD_LEAST
    return { ...window, long, short, longBurn, shortBurn, isFiring }
  })

export type BudgetState = {
  readonly state: 'ok' | 'over' | 'unknown'
  /** Of 30 days, in basis points; below 0 is over. Null where nothing was counted. */
  readonly leftBp: number | null
}

/** What is left of the budget of 30 days. Fewer bad ones than wake anybody are not over it either. */
export const budgetOf = (level: Level, counted: Counted): BudgetState => {
  const burn = burnOf(level, counted)
  if (burn === null) return { state: 'unknown', leftBp: null }
  const leftBp = Math.max(-1_000_000, Math.round((1 - burn) * WHOLE_BP))
  return { state: burn > 1 && counted.bad >= BAD_LEAST ? 'over' : 'ok', leftBp }
}

/** Of all levels together: only routed ones count. Where nothing is promised, nothing is over. */
export const budgetOfAll = (
  levels: readonly { readonly level: Level; readonly budget: BudgetState }[],
): BudgetState['state'] => {
  const states = levels.filter(({ level }) => level.isRouted).map(({ budget }) => budget.state)
  if (states.includes('over')) return 'over'
  return states.includes('unknown') ? 'unknown' : 'ok'
}

export type Seen = {
  readonly outcome: 'succeeded' | 'declined' | 'failed'
  readonly isCustomers: boolean
  readonly latencyMs: number | null
}

/** Whether an attempt was a good one; null where the level does not count it. */
export const judge = (level: Level, attempt: Seen): boolean | null => {
  switch (level.name) {
    case 'payment_success':
      return attempt.isCustomers ? null : attempt.outcome === 'succeeded'
    case 'payment_latency':
      return attempt.latencyMs === null ? null : attempt.latencyMs <= (level.thresholdMs ?? 0)
    case 'webhook_lag':
      return null
  }
}
