import { secondsOf, showId } from '../../kit/index.ts'
import type { BudgetState, Counted, Looked } from '../core/levels/levels.ts'
import type { LevelRow } from './store.ts'

export const LEVEL_PREFIX = 'sl'

const HUNDREDTHS = 100
const MOST = 1_000_000_000

/** How many times too fast, in hundredths: integers only. */
const hundredths = (burn: number | null): number | null =>
  burn === null ? null : Math.min(MOST, Math.round(burn * HUNDREDTHS))

const showWindow = (window: Looked) => ({
  severity: window.severity,
  long_minutes: window.longMinutes,
  short_minutes: window.shortMinutes,
  burn_hundredths: Math.round(window.burn * HUNDREDTHS),
  long: counted(window.long),
  short: counted(window.short),
  long_burn_hundredths: hundredths(window.longBurn),
  short_burn_hundredths: hundredths(window.shortBurn),
  firing: window.isFiring,
})

const counted = ({ good, bad }: Counted) => ({ good, bad })

type Shown = {
  readonly level: LevelRow
  readonly windows: readonly Looked[]
  readonly budget: BudgetState
}

/** What people have set. */
export const showSetting = (level: LevelRow) => ({
  id: showId(LEVEL_PREFIX, level.id),
  object: 'service_level' as const,
  created: secondsOf(level.createdMicros),
  name: level.name,
  target_bp: level.targetBp,
  threshold_ms: level.thresholdMs,
  routed: level.isRouted,
})

export const showLevel = ({ level, windows, budget }: Shown) => ({
  ...showSetting(level),
  windows: windows.map(showWindow),
  budget: { state: budget.state, left_bp: budget.leftBp },
})

/** A level with the one window that its alarm is about. */
export const showAlarm = (shown: Shown, window: Looked) => ({
  ...showLevel(shown),
  alarm: showWindow(window),
})
