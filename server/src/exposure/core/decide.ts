import { assert } from '../../kit/index.ts'
import { bucketOf } from './bucket.ts'
import { fits, isAbovePayment, type Taken } from './caps.ts'
import { type Compiled, isAmountInScope, type Rules, unitOfCustomer } from './compile.ts'
import type { AttemptDecision, AttemptFacts, Control, Reservation, Stamp, StampReason } from './model.ts'

/** Why, as far as unit and bucket say; caps and other launches come after it. */
export type Chosen = {
  readonly exposed: boolean
  readonly reason: 'stopped' | 'no_unit' | 'excluded' | 'named' | 'bucket'
  readonly bucket: number | null
}

/**
 * The one place that says whether a unit is exposed. In order: a stop is above everything, without a unit nobody is
 * exposed (never by chance), excluded beats named, named beats the bucket.
 */
export const choose = ({ control, named, excluded }: Compiled, unit: string | null): Chosen => {
  const bucket = unit === null ? null : bucketOf(control.salt, unit)
  if (control.isStopped) return { exposed: false, reason: 'stopped', bucket }
  if (unit === null || bucket === null) return { exposed: false, reason: 'no_unit', bucket }
  if (excluded.has(unit)) return { exposed: false, reason: 'excluded', bucket }
  if (named.has(unit)) return { exposed: true, reason: 'named', bucket }
  return { exposed: bucket < control.exposureBp, reason: 'bucket', bucket }
}

export const stampOf = (
  { launch, stage, exposureBp, version }: Control,
  { exposed, reason, bucket }: { exposed: boolean; reason: StampReason; bucket: number | null },
): Stamp => ({ launch, stage, exposed, reason, exposureBp, version, bucket })

export const unitOf = (
  { unit }: Control,
  facts: Pick<AttemptFacts, 'customer' | 'cardFingerprint' | 'merchant'>,
) => {
  switch (unit) {
    case 'customer':
      return facts.customer === null ? null : unitOfCustomer(facts.customer)
    case 'card':
      return facts.cardFingerprint === '' ? null : facts.cardFingerprint
    case 'merchant':
      return facts.merchant
    case 'targeting_key':
      return null
  }
}

type CapFacts = { readonly currency: string; readonly amount: bigint }

/**
 * What the caps say, of exposed and control alike: were only the exposed asked, the control would be full of payments
 * that the launched way never takes (the large ones, those in other currencies), and the two could not be compared.
 */
export const capReason = (
  { caps }: Control,
  { currency, amount }: CapFacts,
  taken: () => Taken,
): 'currency' | 'cap' | null => {
  if (caps === null) return null
  if (caps.currency !== currency) return 'currency'
  // Counters are looked at last: most attempts need none.
  return isAbovePayment(caps, amount) || !fits(caps, taken(), amount) ? 'cap' : null
}

export type Deciding = {
  readonly rules: Rules
  readonly facts: AttemptFacts
  readonly day: () => number
  /** What a capped control's stage has taken, as of today. */
  readonly taken: (of: Compiled) => Taken
}

const NOTHING: AttemptDecision = { stamps: [], rails: null, reservation: null }

/** With a unit that may be exposed: caps, then whether an earlier launch has the attempt already. */
const settle = (one: Compiled, chosen: Chosen, isTaken: boolean, { facts, taken }: Deciding): Stamp => {
  const { control } = one
  const { reason, bucket } = chosen
  if (reason !== 'named' && reason !== 'bucket') return stampOf(control, chosen)
  const held = capReason(control, facts, () => taken(one))
  if (held !== null) return stampOf(control, { exposed: false, reason: held, bucket })
  // In neither arm: what another launch's route does to the attempt must not count as this one's control.
  if (isTaken) return stampOf(control, { exposed: false, reason: 'other_launch', bucket })
  return stampOf(control, chosen)
}

const reservationOf = ({ control }: Compiled, { facts, day }: Deciding): Reservation | null => {
  if (control.caps === null) return null
  return { launch: control.launch, stage: control.stage, day: day(), amount: Number(facts.amount) }
}

/**
 * Which way an attempt goes. The first launch, in order of precedence, that exposes it has it; every launch whose filters
 * match says why or why not. Reserves nothing itself: what the decision says is to be reserved in the same commit.
 */
export const decideRoute = (deciding: Deciding): AttemptDecision => {
  const { rules, facts } = deciding
  assert(/^[A-Z]{3}$/.test(facts.currency), 'an attempt’s currency is three capitals')
  const routes = rules.routesFor(facts.currency, facts.country)
  if (routes.length === 0) return NOTHING
  const stamps: Stamp[] = []
  let winner: Compiled | null = null
  for (const one of routes) {
    const { control } = one
    if (!isAmountInScope(control, facts.amount)) continue
    const stamp = settle(one, choose(one, unitOf(control, facts)), winner !== null, deciding)
    stamps.push(stamp)
    if (stamp.exposed) winner = one
  }
  if (stamps.length === 0) return NOTHING
  const subject = winner?.control.subject
  return {
    stamps,
    rails: subject?.kind === 'route' ? subject.rails : null,
    reservation: winner === null ? null : reservationOf(winner, deciding),
  }
}
