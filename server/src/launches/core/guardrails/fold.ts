import type { Uuid } from '../../../kit/index.ts'
import { COHORTS_MOST, RECENT_SLOTS } from '../../limits.ts'
import type { Launch, Tally } from '../model.ts'
import {
  type Aged,
  type Arm,
  type Cohort,
  type Counts,
  NO_AGED,
  NO_COUNTS,
  type Slot,
  type WatchRow,
} from './book.ts'
import type { AttemptFact, Fact, ReturnFact, StampFact } from './facts.ts'
import { OpenSeen } from './seen.ts'

type Open<T> = { -readonly [Key in keyof T]: T[Key] }
type OpenCohort = { hour: number; stage: number; attempts: number; exposed: Open<Aged>; control: Open<Aged> }

const SECONDS_PER_HOUR = 3_600
const SECONDS_PER_SLOT = 300

/** How many hours one cohort is of: fine enough for the maturity that the launch names. */
export const cohortHours = (maturityHours: number): number =>
  Math.max(1, Math.ceil(maturityHours / COHORTS_MOST))

/** Only a randomised or named exposure, and only the control that the bucket decided, are compared. */
const armOf = ({ exposed, reason }: StampFact): Arm | null =>
  exposed ? 'exposed' : reason === 'bucket' ? 'control' : null

/** A watch, opened to take in a page of events. */
export class Folding {
  readonly #watch: WatchRow
  readonly #launch: Launch
  readonly #inStage: Record<Arm, Open<Tally>>
  readonly #inAll: Record<Arm, Open<Tally>>
  readonly #counts: Record<Arm, Open<Counts>>
  readonly #seen: Record<Arm, OpenSeen>
  readonly #cohorts: OpenCohort[]
  readonly #recent: Open<Slot>[]
  #noUnit: number
  #matured: number

  /** @param watch of the launch's stage and run */
  constructor(watch: WatchRow, launch: Launch) {
    const { inStage, inAll, book } = watch
    this.#watch = watch
    this.#launch = launch
    this.#inStage = { exposed: { ...inStage.exposed }, control: { ...inStage.control } }
    this.#inAll = { exposed: { ...inAll.exposed }, control: { ...inAll.control } }
    this.#counts = { exposed: { ...book.counts.exposed }, control: { ...book.counts.control } }
    this.#seen = { exposed: new OpenSeen(book.seen.exposed), control: new OpenSeen(book.seen.control) }
    this.#cohorts = book.cohorts.map((each) => ({
      ...each,
      exposed: { ...each.exposed },
      control: { ...each.control },
    }))
    this.#recent = book.recent.map((each) => ({ ...each }))
    this.#noUnit = watch.noUnit
    this.#matured = watch.matured
  }

  take(fact: Fact, stamp: StampFact): void {
    if (stamp.reason === 'no_unit' && fact.kind === 'attempt') this.#noUnit++
    const arm = armOf(stamp)
    if (arm === null) return
    const tallies = [this.#inAll[arm]]
    if (stamp.stage === this.#watch.stage) tallies.push(this.#inStage[arm])
    if (fact.kind === 'attempt') this.#attempt(fact, { arm, stage: stamp.stage, tallies })
    else this.#return(fact, { arm, stage: stamp.stage, tallies })
  }

  #attempt(fact: AttemptFact, { arm, stage, tallies }: Place): void {
    const isSlow = fact.latencyMs !== null && fact.latencyMs > this.#launch.content.slow_ms
    const hour = Math.floor(fact.atSeconds / SECONDS_PER_HOUR)
    const isOwn = fact.currency === this.#launch.content.currency
    for (const tally of tallies) addMoney(tally, fact, isOwn)
    const hasSucceeded = fact.outcome === 'succeeded'
    if (hasSucceeded && this.#seen[arm].isFirst(hour, `s ${fact.account}`))
      this.#cohort(fact.madeSeconds, stage)[arm].n++
    // One account's payments hang together, so an hour of them is one piece of evidence.
    if (!this.#seen[arm].isFirst(hour, `a ${fact.account}`)) return
    for (const tally of tallies) addAttempt(tally, fact.outcome, isSlow)
    addCounts(this.#counts[arm], fact.outcome, isSlow)
    if (arm === 'control') addCounts(this.#slot(fact.atSeconds), fact.outcome, isSlow)
    else this.#mature(fact.madeSeconds, stage)
  }

  #mature(madeSeconds: number, stage: number): void {
    if (this.#launch.content.maturity_hours > 0) this.#cohort(madeSeconds, stage).attempts++
    else if (stage === this.#watch.stage) this.#matured++
  }

  #return(fact: ReturnFact, { arm, stage, tallies }: Place): void {
    const isRefund = fact.kind === 'refund'
    if (fact.currency === this.#launch.content.currency) {
      for (const tally of tallies)
        if (isRefund) tally.refundedAmount += fact.amount
        else tally.disputedAmount += fact.amount
    }
    if (!fact.isFirst || fact.madeSeconds === null) return
    const hour = Math.floor(fact.atSeconds / SECONDS_PER_HOUR)
    const from = this.#cohortHour(fact.madeSeconds)
    if (!this.#seen[arm].isFirst(hour, `${fact.kind} ${from} ${fact.account}`)) return
    for (const tally of tallies)
      if (isRefund) tally.refunded++
      else tally.disputed++
    const cohort = this.#cohorts.find((each) => each.hour === from && each.stage === stage)
    if (cohort === undefined) return
    if (isRefund) cohort[arm].refunded++
    else cohort[arm].disputed++
  }

  #cohortHour(madeSeconds: number): number {
    const width = cohortHours(this.#launch.content.maturity_hours)
    return Math.floor(madeSeconds / SECONDS_PER_HOUR / width) * width
  }

  #cohort(madeSeconds: number, stage: number): OpenCohort {
    const hour = this.#cohortHour(madeSeconds)
    const found = this.#cohorts.find((each) => each.hour === hour && each.stage === stage)
    if (found !== undefined) return found
    const made: OpenCohort = { hour, stage, attempts: 0, exposed: { ...NO_AGED }, control: { ...NO_AGED } }
    this.#cohorts.push(made)
    return made
  }

  #slot(atSeconds: number): Open<Slot> {
    const slot = Math.floor(atSeconds / SECONDS_PER_SLOT)
    const found = this.#recent.find((each) => each.slot === slot)
    if (found !== undefined) return found
    const made = { slot, ...NO_COUNTS }
    this.#recent.push(made)
    return made
  }

  /** What has matured by now leaves its cohorts; the slots of long ago are forgotten. */
  close(nowSeconds: number): Folded {
    const { book } = this.#watch
    const { maturity_hours: maturity } = this.#launch.content
    const width = cohortHours(maturity)
    const isOld = ({ hour }: Cohort): boolean => (hour + width + maturity) * SECONDS_PER_HOUR <= nowSeconds
    const old = this.#cohorts.filter(isOld)
    const matured = old.reduce(
      (sum, each) => sum + (each.stage === this.#watch.stage ? each.attempts : 0),
      this.#matured,
    )
    const agedNow = { exposed: sumAged(old, 'exposed'), control: sumAged(old, 'control') }
    const since = Math.floor(nowSeconds / SECONDS_PER_SLOT) - RECENT_SLOTS
    const watch: WatchRow = {
      ...this.#watch,
      inStage: this.#inStage,
      inAll: this.#inAll,
      noUnit: this.#noUnit,
      matured,
      book: {
        ...book,
        counts: this.#counts,
        aged: {
          exposed: addAged(book.aged.exposed, agedNow.exposed),
          control: addAged(book.aged.control, agedNow.control),
        },
        cohorts: this.#cohorts.filter((each) => !isOld(each)),
        recent: this.#recent.filter(({ slot }) => slot > since),
        seen: { exposed: this.#seen.exposed.close(), control: this.#seen.control.close() },
      },
    }
    return { watch, counted: minus(this.#counts.exposed, book.counts.exposed), aged: agedNow.exposed }
  }
}

type Place = { readonly arm: Arm; readonly stage: number; readonly tallies: readonly Open<Tally>[] }

/** The watch, and what was new in the exposed: the increments of the tests. */
export type Folded = { readonly watch: WatchRow; readonly counted: Counts; readonly aged: Aged }

const addMoney = (tally: Open<Tally>, { amount, outcome }: AttemptFact, isOwn: boolean): void => {
  tally.allAttempts++
  if (outcome === 'succeeded') tally.allSucceeded++
  if (!isOwn) return
  tally.attemptedAmount += amount
  if (outcome === 'succeeded') tally.succeededAmount += amount
  if (outcome === 'declined') tally.declinedAmount += amount
}

const addAttempt = (tally: Open<Tally>, outcome: AttemptFact['outcome'], isSlow: boolean): void => {
  tally.attempts++
  if (outcome === 'succeeded') tally.succeeded++
  else tally.failed++
  if (outcome === 'declined') tally.declined++
  if (isSlow) tally.slow++
}

const addCounts = (counts: Open<Counts>, outcome: AttemptFact['outcome'], isSlow: boolean): void => {
  counts.n++
  if (outcome !== 'succeeded') counts.failed++
  if (outcome === 'declined') counts.declined++
  if (isSlow) counts.slow++
}

const addAged = (one: Aged, other: Aged): Aged => ({
  n: one.n + other.n,
  refunded: one.refunded + other.refunded,
  disputed: one.disputed + other.disputed,
})

/** A payment comes back once at most, however its account's payments were counted. */
const sumAged = (cohorts: readonly Cohort[], arm: Arm): Aged =>
  cohorts.reduce<Aged>((sum, each) => {
    const { n, refunded, disputed } = each[arm]
    return addAged(sum, { n, refunded: Math.min(n, refunded), disputed: Math.min(n, disputed) })
  }, NO_AGED)

const minus = (after: Counts, before: Counts): Counts => ({
  n: after.n - before.n,
  failed: after.failed - before.failed,
  declined: after.declined - before.declined,
  slow: after.slow - before.slow,
})

/** Takes in the facts that are stamped with the launch, once, and lets mature what is old enough. */
export const foldFacts = (
  watch: WatchRow,
  launch: Launch,
  facts: readonly { readonly fact: Fact; readonly stamp: StampFact }[],
  nowSeconds: number,
): Folded => {
  const folding = new Folding(watch, launch)
  for (const { fact, stamp } of facts) folding.take(fact, stamp)
  return folding.close(nowSeconds)
}

/** The facts of a page by launch: most are stamped with few. */
export const byLaunch = (
  facts: readonly Fact[],
): ReadonlyMap<Uuid, readonly { readonly fact: Fact; readonly stamp: StampFact }[]> =>
  Map.groupBy(
    facts.flatMap((fact) => fact.stamps.map((stamp) => ({ fact, stamp }))),
    ({ stamp }) => stamp.launch,
  )
