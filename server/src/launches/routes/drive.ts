import { defineRoute, type Route } from '../../http/index.ts'
import type { LaunchesDoor } from '../door.ts'
import {
  abandonLaunch,
  holdLaunch,
  reopenLaunch,
  resumeLaunch,
  rollBackLaunch,
  startLaunch,
} from '../drive.ts'
import { optionalReasonParameters, reasonParameters, startParameters } from '../schemas.ts'
import { ACT, act } from './ask.ts'

const start = (door: LaunchesDoor): Route =>
  defineRoute({
    ...ACT,
    path: '/v1/launches/:id/start',
    operation: 'startLaunch',
    summary: 'Start a launch',
    description:
      'By a person of business or technology: the first stage is exposed with this commit. With start_at the launch is armed instead, and when the moment comes it waits for the person who starts it; nothing is raised by itself.',
    body: startParameters,
    handle: (context, { params: { id }, body }) =>
      act(door, context, {
        id,
        name: 'launches.start',
        decide: (draft, launch, asking) =>
          startLaunch(draft, { id: launch, startAt: body.start_at ?? null }, asking),
      }),
  })

const hold = (door: LaunchesDoor): Route =>
  defineRoute({
    ...ACT,
    path: '/v1/launches/:id/hold',
    operation: 'holdLaunch',
    summary: 'Hold a launch where it is',
    description:
      'Exposure stays and goes no further until a person resumes it. Guardrails go on being watched. Approvals of the stage are void.',
    body: reasonParameters,
    handle: (context, { params: { id }, body }) =>
      act(door, context, {
        id,
        name: 'launches.hold',
        decide: (draft, launch, asking) => holdLaunch(draft, { id: launch, reason: body.reason }, asking),
      }),
  })

const rollBack = (door: LaunchesDoor): Route =>
  defineRoute({
    ...ACT,
    path: '/v1/launches/:id/rollback',
    operation: 'rollBackLaunch',
    summary: 'Roll a launch back',
    description:
      'Exposure is zero with this commit, in every process: after the answer no new payment goes the launched way. What is in flight finishes where it began. One person, an operator or a program’s key is enough; it needs no approval and no metrics, and opens an incident.',
    body: reasonParameters,
    handle: (context, { params: { id }, body }) =>
      act(door, context, {
        id,
        name: 'launches.rollback',
        decide: (draft, launch, asking) => rollBackLaunch(draft, { id: launch, reason: body.reason }, asking),
      }),
  })

type Plain = {
  readonly verb: 'resume' | 'abandon' | 'reopen'
  readonly operation: string
  readonly summary: string
  readonly description: string
  readonly decide: typeof resumeLaunch
}

const plain = (door: LaunchesDoor, { verb, decide, ...words }: Plain): Route =>
  defineRoute({
    ...ACT,
    ...words,
    path: `/v1/launches/:id/${verb}`,
    body: optionalReasonParameters,
    handle: (context, { params: { id }, body }) =>
      act(door, context, {
        id,
        name: `launches.${verb}`,
        decide: (draft, launch, asking) => decide(draft, { id: launch, reason: body.reason ?? null }, asking),
      }),
  })

const PLAIN: readonly Plain[] = [
  {
    verb: 'resume',
    operation: 'resumeLaunch',
    summary: 'Resume a launch that was held',
    description: 'By a person of business or technology. Its stage is then approved anew.',
    decide: resumeLaunch,
  },
  {
    verb: 'abandon',
    operation: 'abandonLaunch',
    summary: 'Abandon a launch',
    description: 'One that is not live: what was written stays, and it can be reopened.',
    decide: abandonLaunch,
  },
  {
    verb: 'reopen',
    operation: 'reopenLaunch',
    summary: 'Reopen a launch',
    description:
      'One that was rolled back or abandoned is a draft again: with the same salt, so that the same units come first, and without signatures, approvals and waivers.',
    decide: reopenLaunch,
  },
]

export const drivingRoutes = (door: LaunchesDoor): Route[] => [
  start(door),
  hold(door),
  rollBack(door),
  ...PLAIN.map((each) => plain(door, each)),
]
