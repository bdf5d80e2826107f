import { type Actor, actorOf, type Receipt } from '../audit/index.ts'
import type { Draft } from '../database/index.ts'
import type { EventRequest } from '../events/index.ts'
import { missingReply, type Person, type RequestContext, refusalReply } from '../http/index.ts'
import { type Reply, showId, type Uuid } from '../kit/index.ts'
import { livemodeOf } from '../requests/index.ts'
import { type MoveName, mayMove, whyNot } from './core/machine.ts'
import type { Gate, Launch } from './core/model.ts'
import { LAUNCH_REASONS, type LaunchCode } from './core/reasons.ts'
import { type RightName, whyForbidden } from './core/who.ts'
import { type Cause, readLaunch } from './move.ts'
import { LAUNCH_PREFIX, type Live, showLaunch } from './views.ts'

/** Who asks, for the unit that decides. */
export type Asking = {
  readonly actor: Actor
  /** Null where a program's key asks. */
  readonly person: Person | null
  readonly request: EventRequest
  readonly livemode: boolean
}

export const askingOf = (context: RequestContext): Asking => ({
  actor: actorOf(context),
  person: context.person,
  request: { id: context.requestId, idempotencyKey: context.claim?.key ?? null },
  livemode: livemodeOf(context),
})

export const causeOf = ({ actor, request }: Asking, reason: string | null = null): Cause => ({
  actor,
  reason,
  request,
})

type More = {
  readonly message?: string
  readonly param?: string
  /** Stands in the error as it is. */
  readonly launch?: { readonly row: Launch; readonly draft: Draft }
  readonly gates?: readonly Gate[]
}

export const refuse = (code: LaunchCode, { message, param, launch, gates }: More = {}): Reply => {
  const reason = LAUNCH_REASONS[code]
  const named = param ?? ('param' in reason ? reason.param : undefined)
  return refusalReply({
    kind: reason.kind,
    code,
    message: message ?? reason.message,
    ...(named === undefined ? {} : { param: named }),
    extra: {
      ...(gates === undefined ? {} : { gates }),
      ...(launch === undefined ? {} : { launch: showLaunch(launch.row, Number(launch.draft.now)) }),
    },
  })
}

export const refuseForbidden = (right: RightName, { person }: Asking): Reply | null => {
  const code = whyForbidden(right, person?.role ?? null)
  if (code === null) return null
  return code === 'person_required'
    ? refuse(code)
    : refuse(code, { message: `${LAUNCH_REASONS[code].message} ${person?.name} is ${person?.role}.` })
}

export const missingLaunch = (id: Uuid): Reply => missingReply('launch', showId(LAUNCH_PREFIX, id))

export const isReply = (value: object): value is Reply => 'body' in value && 'status' in value

type Wanted = { readonly right: RightName; readonly move: MoveName }

/** What everything done to a launch asks first, in this order: is it there, may this one do it, does its state allow it. */
export const launchFor = (
  draft: Draft,
  id: Uuid,
  asking: Asking,
  { right, move }: Wanted,
): Launch | Reply => {
  const launch = readLaunch(draft, id)
  if (launch === null) return missingLaunch(id)
  const forbidden = refuseForbidden(right, asking)
  if (forbidden !== null) return forbidden
  if (mayMove(launch.status, move)) return launch
  return refuse('launch_unexpected_state', {
    message: whyNot(launch.status, move),
    launch: { row: launch, draft },
  })
}

/** The launch as it is now, with the receipt of the act. */
export const launchReply = (
  draft: Draft,
  launch: Launch,
  receipt: Receipt | null = null,
  live: Live | null = null,
): Reply => {
  const shown = showLaunch(launch, Number(draft.now), live)
  return {
    status: 200,
    body: JSON.stringify(receipt === null ? shown : { ...shown, receipt }),
    objectId: shown.id,
    code: null,
  }
}
