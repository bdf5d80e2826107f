import type { Declare, Draft, Found } from '../database/index.ts'
import { assert, dayOf, type Uuid } from '../kit/index.ts'
import { release, reserve, type Taken, takenOn } from './core/caps.ts'
import { compile, counterKey, type Rules } from './core/compile.ts'
import { decideRoute } from './core/decide.ts'
import type { AttemptDecision, AttemptFacts, Control, Controls, Reservation } from './core/model.ts'
import { CONTROLS_MOST, UNITS_MOST } from './limits.ts'
import { CONTROLS_KEY, type Counter, controlsTable, countersTable, NO_CONTROLS } from './store.ts'

const compiled = new WeakMap<Controls, Rules>()

/** Compiled once for each row that was read or written, however many attempts are decided over it. */
export const rulesOf = (controls: Controls): Rules => {
  const known = compiled.get(controls)
  if (known !== undefined) return known
  const made = compile(controls)
  compiled.set(controls, made)
  return made
}

const days = new WeakMap<Draft, { readonly micros: bigint; readonly day: number }>()

/** The tenant's day, worked out once for a batch. */
const dayOfDraft = (draft: Draft): number => {
  const known = days.get(draft)
  if (known?.micros === draft.now) return known.day
  const day = dayOf(draft.now, draft.timeZone)
  days.set(draft, { micros: draft.now, day })
  return day
}

/** Round 1 of whoever decides an attempt, or changes a control. */
export const declareControls = (declare: Declare): void => declare(controlsTable, CONTROLS_KEY)

/** Round 2 of whoever decides an attempt: the counters of the capped controls. */
export const declareCounters = (declare: Declare, found: Found): void => {
  const controls = found(controlsTable, CONTROLS_KEY)
  if (controls === undefined) return
  for (const key of rulesOf(controls).counters) declare(countersTable, key)
}

/** For whoever gives back. */
export const declareReservation = (declare: Declare, reservation: Reservation | null): void => {
  if (reservation !== null) declare(countersTable, counterKey(reservation.launch, reservation.stage))
}

/** The controls as they stand under the head row's lock, with what units before this one have changed. */
export const readControls = (draft: Draft): Controls => draft.get(controlsTable, CONTROLS_KEY) ?? NO_CONTROLS

const takenIn = (draft: Draft, launch: Uuid, stage: number): Taken => {
  const day = dayOfDraft(draft)
  const row = draft.get(countersTable, counterKey(launch, stage))
  return row === undefined ? { day, reservedToday: 0, reservedInStage: 0 } : takenOn(row, day)
}

const putTaken = (draft: Draft, { launch, stage }: Pick<Counter, 'launch' | 'stage'>, taken: Taken): void =>
  draft.put(countersTable, counterKey(launch, stage), { launch, stage, ...taken })

/**
 * Decides which way an attempt goes, and reserves its full amount where it goes the launched way. Called in the unit that
 * makes the attempt: the reservation and the attempt are one commit.
 */
export const decideAttempt = (draft: Draft, facts: AttemptFacts): AttemptDecision => {
  const decision = decideRoute({
    rules: rulesOf(readControls(draft)),
    facts,
    day: () => dayOfDraft(draft),
    taken: ({ control }) => takenIn(draft, control.launch, control.stage),
  })
  const { reservation } = decision
  if (reservation !== null) {
    const { launch, stage, amount } = reservation
    putTaken(draft, reservation, reserve(takenIn(draft, launch, stage), amount))
  }
  return decision
}

/**
 * Gives back a part of what was reserved, or all: on decline, cancellation, expiry, and of what a capture leaves. Returns
 * what is still reserved, for the attempt to keep, so that nothing can be given back twice.
 */
export const giveBack = (draft: Draft, reservation: Reservation, amount: number): Reservation | null => {
  assert(
    Number.isSafeInteger(amount) && amount >= 0 && amount <= reservation.amount,
    'no more is given back than is still reserved',
  )
  if (amount === 0) return reservation
  const { launch, stage, day } = reservation
  putTaken(draft, reservation, release(takenIn(draft, launch, stage), day, amount))
  return amount === reservation.amount ? null : { ...reservation, amount: reservation.amount - amount }
}

const follow = (
  draft: Draft,
  change: (controls: readonly Control[], version: number) => readonly Control[],
) => {
  const { version, controls } = readControls(draft)
  const next: Controls = { version: version + 1, controls: change(controls, version + 1) }
  assert(next.controls.length <= CONTROLS_MOST, `a tenant has at most ${CONTROLS_MOST} controls`)
  draft.put(controlsTable, CONTROLS_KEY, next)
  return next.version
}

/** Sets a launch's control, in its place of precedence; a new one comes last. Returns the version that it now is of. */
export const putControl = (draft: Draft, control: Omit<Control, 'version'>): number =>
  follow(draft, (controls, version) => {
    const isBounded = control.named.length <= UNITS_MOST && control.excluded.length <= UNITS_MOST
    assert(isBounded, `a control names and excludes at most ${UNITS_MOST} units each`)
    const next: Control = { ...control, version }
    const isKnown = controls.some(({ launch }) => launch === control.launch)
    return isKnown
      ? controls.map((each) => (each.launch === control.launch ? next : each))
      : [...controls, next]
  })

/** Takes a launch's control away: its subject is the ordinary way now, or is gone. */
export const removeControl = (draft: Draft, launch: Uuid): number =>
  follow(draft, (controls) => controls.filter((each) => each.launch !== launch))
