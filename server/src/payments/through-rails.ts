import type { TenantId } from '../kit/index.ts'
import type { Authorised, Rail } from '../rails/index.ts'
import { findRecord } from '../requests/index.ts'
import { askRail } from './ask-rail.ts'
import type { Attempt } from './core/model.ts'
import { type PaymentsDoor, railNamed } from './door.ts'
import { fallBack, goesOn } from './fall-back.ts'
import { ANSWER_BUDGET_MS, NEXT_RAIL_BUDGET_MS } from './limits.ts'
import { attempts } from './store/tables.ts'
import type { World } from './world.ts'

/** The attempt that a payment has come to, and what its rail says. */
export type Answered = { readonly attempt: Attempt; readonly answer: Authorised }

/** `isResumed`: somebody may have sent the order before. */
export type Ask = (rail: Rail, attempt: Attempt, isResumed: boolean) => Promise<Authorised>

/** As long as a request may wait, over all rails; but each gets a little. */
export const patiently = ({ clock }: Pick<PaymentsDoor, 'clock'>, tenant: TenantId): Ask => {
  const untilMs = clock.now() + ANSWER_BUDGET_MS
  return (rail, attempt, isResumed) => {
    const budgetMs = Math.max(untilMs - clock.now(), NEXT_RAIL_BUDGET_MS)
    return askRail(rail, tenant, attempt, { isResumed, nowMs: clock.now, budgetMs })
  }
}

/** Asks the rail of an attempt, and those after it while they refuse before the issuer. Each has fewer to go on to. */
export const askThrough = async (
  door: PaymentsDoor,
  world: World,
  { attempt, isResumed }: { readonly attempt: Attempt; readonly isResumed: boolean },
  ask: Ask,
): Promise<Answered> => {
  const answer = await ask(railNamed(door.rails, attempt.rail), attempt, isResumed)
  if (!goesOn(attempt, answer)) return { attempt, answer }
  const next = await fallBack(door, world, attempt, answer)
  if (next === null) return { attempt, answer }
  return await askThrough(door, world, { attempt: next.attempt, isResumed: !next.isNew }, ask)
}

/** Where a payment has come to since its attempt was opened: whoever goes on from there asks the last rail. */
export const newestOf = async (door: PaymentsDoor, tenant: TenantId, attempt: Attempt): Promise<Attempt> => {
  const { fellBackTo } = attempt
  if (fellBackTo === undefined || fellBackTo === null) return attempt
  const next = await findRecord(door, { tenant }, attempts, fellBackTo)
  return next === null ? attempt : await newestOf(door, tenant, next)
}
