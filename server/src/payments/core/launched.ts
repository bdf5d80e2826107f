import type { Uuid } from '../../kit/index.ts'
import { isOpen } from './machine.ts'
import type { Attempt, Stamp } from './model.ts'

/*
 * Which way an attempt goes, and what of it is remembered. What is decided stands on the attempt and is never decided
 * again: its charge, captures, refunds and disputes follow it.
 */

export const stampsOf = (row: { readonly stamps?: readonly Stamp[] }): readonly Stamp[] => row.stamps ?? []

/** The launch whose way it went; null for the ordinary way. */
export const exposedBy = (row: { readonly stamps?: readonly Stamp[] }): Uuid | null =>
  row.stamps?.find(({ exposed }) => exposed)?.launch ?? null

/** The launch, while the attempt may still end one way or the other. */
export const inFlight = (attempt: Pick<Attempt, 'stamps' | 'state'>): Uuid | null =>
  isOpen(attempt.state) || attempt.state === 'requires_action' ? exposedBy(attempt) : null

export type Way = { readonly rail: string; readonly routes: readonly string[]; readonly isLaunched: boolean }

/**
 * The rail that an attempt goes to, and those that are tried after it. Only rails that are there are chosen. What comes
 * after the first is never the launched way: a second attempt is a new one, which no cap counts and which a stop that came
 * meanwhile would have to reach.
 *
 * @param launched the rails of the launch that exposes it, or null
 * @param ordinary those of everybody else; the first is there
 */
export const chooseWay = (
  launched: readonly string[] | null,
  ordinary: readonly string[],
  isThere: (rail: string) => boolean,
): Way => {
  const wanted = launched?.find(isThere)
  const others = ordinary.filter(isThere)
  const [first = ''] = others
  const rail = wanted ?? first
  const routes = [...new Set(others)].filter((each) => each !== rail)
  return { rail, routes, isLaunched: wanted !== undefined }
}

/** What the second attempt of a payment is stamped with: it goes the ordinary way, and is in neither arm. */
export const asFallback = (stamps: readonly Stamp[]): readonly Stamp[] =>
  stamps.map((stamp) => ({ ...stamp, exposed: false, reason: 'fallback' }))

/** Where the launched rails are not there, nobody went their way. */
export const asStopped = (stamps: readonly Stamp[]): readonly Stamp[] =>
  stamps.map((stamp) => (stamp.exposed ? { ...stamp, exposed: false, reason: 'stopped' } : stamp))
