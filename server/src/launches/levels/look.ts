import type { Draft, RawRow, Read } from '../../database/index.ts'
import { recordEvent } from '../../events/index.ts'
import type { TenantId } from '../../kit/index.ts'
import type { Attempt } from '../controller/facts.ts'
import type { Tick } from '../controller/store.ts'
import {
  BUDGET_MINUTES,
  type BudgetState,
  budgetOf,
  budgetOfAll,
  judge,
  type Looked,
  lookAtWindows,
} from '../core/levels/levels.ts'
import { LEVELS_EVERY_MS } from '../limits.ts'
import type { DeliveryLag } from '../ports.ts'
import { type LevelRow, readSums, levels as records, slotCounts, slotOf, sumSlots } from './store.ts'
import { showAlarm } from './views.ts'

/** A level with what its windows and its budget say now. */
export type LookedLevel = {
  readonly level: LevelRow
  readonly windows: readonly Looked[]
  readonly budget: BudgetState
}

/** The levels of a tenant, as a tick knows them. */
export type Levels = {
  readonly rows: readonly LevelRow[]
  /** Null: it is not yet time to add up again. */
  readonly looked: readonly LookedLevel[] | null
  /** In this moment no delivery waits for longer than the level allows; null where nobody has looked. */
  readonly lagMs: number | null
  readonly nowSeconds: number
}

type Ground = {
  readonly tenant: TenantId
  readonly rows: readonly LevelRow[]
  readonly nowSeconds: number
}

export const readLevels = (raw: readonly RawRow[]): readonly LevelRow[] => raw.map(records.read)

/** What has been counted, added up to windows and budgets. */
export const lookAt = async (door: { readonly read: Read }, ground: Ground): Promise<LookedLevel[]> => {
  const { tenant, rows, nowSeconds } = ground
  const [counted = []] = await door.read(tenant, [sumSlots(tenant, nowSeconds)])
  const sums = readSums(counted)
  return rows.map((level) => ({
    level,
    windows: lookAtWindows(level, (minutes) => sums(level.name, minutes)),
    budget: budgetOf(level, sums(level.name, BUDGET_MINUTES)),
  }))
}

type LevelsDoor = {
  readonly read: Read
  readonly clock: { readonly now: () => number }
  readonly deliveryLag: DeliveryLag
}

export const lookAtLevels = async (door: LevelsDoor, tick: Tick, ground: Ground): Promise<Levels> => {
  const { tenant, rows, nowSeconds } = ground
  if (rows.length === 0) return { rows, looked: null, lagMs: null, nowSeconds }
  const isTime = door.clock.now() - tick.levelsAtMs >= LEVELS_EVERY_MS
  const hasWebhooks = rows.some(({ name }) => name === 'webhook_lag')
  return {
    rows,
    looked: isTime ? await lookAt(door, ground) : null,
    lagMs: hasWebhooks ? ((await door.deliveryLag(tenant)) ?? 0) : null,
    nowSeconds,
  }
}

const countAttempts = (draft: Draft, level: LevelRow, attempts: readonly Attempt[]): void => {
  for (const attempt of attempts) {
    const isGood = judge(level, attempt)
    if (isGood === null) continue
    const slot = slotOf(attempt.atSeconds)
    draft.append(slotCounts, { level: level.name, slot, good: isGood ? 1 : 0, bad: isGood ? 0 : 1 })
  }
}

const countLag = (draft: Draft, level: LevelRow, { lagMs, nowSeconds }: Levels): void => {
  if (lagMs === null || level.name !== 'webhook_lag') return
  const isGood = lagMs <= (level.thresholdMs ?? 0)
  draft.append(slotCounts, {
    level: level.name,
    slot: slotOf(nowSeconds),
    good: isGood ? 1 : 0,
    bad: isGood ? 0 : 1,
  })
}

const nameOf = (level: LevelRow, { severity, longMinutes }: Looked): string =>
  `${level.name} ${severity} ${longMinutes}`

/** An alarm is told when it goes on and when it goes off. One that is only measured wakes nobody. */
const tellAlarms = (draft: Draft, looked: readonly LookedLevel[], before: readonly string[]): string[] => {
  const firing: string[] = []
  for (const { level, windows, budget } of looked) {
    for (const window of windows) {
      const name = nameOf(level, window)
      if (!level.isRouted) continue
      const was = before.includes(name)
      if (window.isFiring) firing.push(name)
      if (window.isFiring === was) continue
      recordEvent(draft, {
        type: window.isFiring ? 'service_level.alarm_on' : 'service_level.alarm_off',
        object: showAlarm({ level, windows, budget }, window),
        request: null,
      })
    }
  }
  return firing
}

/** Counts what the page has brought, and says what has come to burn too fast. What the tick's row is to remember. */
export const tellLevels = (
  draft: Draft,
  tick: Tick,
  levels: Levels,
  attempts: readonly Attempt[],
): Pick<Tick, 'budget' | 'levelsAtMs' | 'firing'> => {
  for (const level of levels.rows) {
    countAttempts(draft, level, attempts)
    countLag(draft, level, levels)
  }
  const { looked } = levels
  if (looked === null)
    return {
      budget: levels.rows.length === 0 ? 'ok' : tick.budget,
      levelsAtMs: tick.levelsAtMs,
      firing: tick.firing,
    }
  return {
    budget: budgetOfAll(looked),
    levelsAtMs: draft.wallMs,
    firing: tellAlarms(draft, looked, tick.firing),
  }
}
