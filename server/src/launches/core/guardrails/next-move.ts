import { areOpen } from '../gates.ts'
import type { Gate, Launch, LaunchStatus, Verdict } from '../model.ts'

/**
 * What the controller does about a launch, by what it found. No move raises exposure: what raises is a person's request.
 *
 * | state | found | move |
 * |---|---|---|
 * | running, held, completed | a breach that rolls back | roll_back |
 * | running | a breach that holds | hold |
 * | running | every gate open but the approval | ask |
 * | running, asked | a gate has closed again | ask_no_more |
 * | rolling_back | nothing is in flight, counted after the stop | finish |
 */
export type NextMove =
  | { readonly kind: 'roll_back' | 'hold'; readonly verdict: Verdict }
  | { readonly kind: 'finish' | 'ask' | 'ask_no_more' }

export type Found = {
  readonly verdicts: readonly Verdict[]
  readonly gates: readonly Gate[]
  /** Null where it could not be counted. */
  readonly inFlight: number | null
  /** The launch's state before they were counted; what is counted before a stop may miss one that was made before it too. */
  readonly countedIn: LaunchStatus | null
}

const stop = (launch: Pick<Launch, 'status'>, verdicts: readonly Verdict[]): NextMove | null => {
  const breaches = verdicts.filter(({ verdict }) => verdict === 'BREACH')
  const { status } = launch
  const rollback = breaches.find(({ action }) => action === 'rollback')
  const canRollBack = status === 'running' || status === 'held' || status === 'completed'
  if (rollback !== undefined && canRollBack) return { kind: 'roll_back', verdict: rollback }
  const hold = breaches.find(({ action }) => action === 'hold')
  return hold !== undefined && status === 'running' ? { kind: 'hold', verdict: hold } : null
}

export const nextMove = (launch: Pick<Launch, 'status' | 'waiting'>, found: Found): NextMove | null => {
  const stopped = stop(launch, found.verdicts)
  if (stopped !== null) return stopped
  if (launch.status === 'rolling_back')
    return found.countedIn === 'rolling_back' && found.inFlight === 0 ? { kind: 'finish' } : null
  if (launch.status !== 'running') return null
  const isReady = areOpen(found.gates, true) && !areOpen(found.gates)
  const isAsked = launch.waiting?.for === 'approval'
  if (isReady) return isAsked ? null : { kind: 'ask' }
  return isAsked ? { kind: 'ask_no_more' } : null
}
