import { defineRoute, type Route } from '../../http/index.ts'
import { newUuid, showId } from '../../kit/index.ts'
import { approveInDraft } from '../approve.ts'
import type { LaunchesDoor } from '../door.ts'
import { approveParameters, signParameters, waiverParameters, waiverParams } from '../schemas.ts'
import { signInDraft } from '../sign.ts'
import { signWaiverInDraft, waiveInDraft } from '../waive.ts'
import { ACT, act } from './ask.ts'

const sign = (door: LaunchesDoor): Route =>
  defineRoute({
    ...ACT,
    path: '/v1/launches/:id/sign',
    operation: 'signLaunch',
    summary: 'Sign a launch',
    description:
      'By a person of business or technology, over the content_hash that was read. It takes two different people, one of each role; signatures end after 30 days. The receipt is the place of the signature in the audit log.',
    body: signParameters,
    handle: (context, { params: { id }, body }) =>
      act(door, context, {
        id,
        name: 'launches.sign',
        decide: (draft, launch, asking) =>
          signInDraft(draft, { id: launch, contentHash: body.content_hash }, asking),
      }),
  })

const approve = (door: LaunchesDoor): Route =>
  defineRoute({
    ...ACT,
    path: '/v1/launches/:id/approve',
    operation: 'approveLaunch',
    summary: 'Approve the end of a stage',
    description:
      'By a person of a role that the stage asks for, once all other gates are green: approval is always the last. The last one that is required takes the launch to its next stage, or completes it, in the same commit.',
    body: approveParameters,
    handle: (context, { params: { id }, body }) =>
      act(door, context, {
        id,
        name: 'launches.approve',
        decide: (draft, launch, asking) =>
          approveInDraft(draft, { id: launch, stage: body.stage, contentHash: body.content_hash }, asking),
      }),
  })

const waive = (door: LaunchesDoor): Route =>
  defineRoute({
    ...ACT,
    path: '/v1/launches/:id/waivers',
    operation: 'waiveLaunchGate',
    summary: 'Ask for a gate to be waived',
    description:
      'Signed by whoever asks; in force once the other role has signed it as well, and shown until it ends. Guardrails, signatures and approvals cannot be waived.',
    body: waiverParameters,
    handle: (context, { params: { id }, body }) => {
      const waiver = showId('waiver', newUuid(door.clock.now()))
      return act(door, context, {
        id,
        name: 'launches.waivers.ask',
        decide: (draft, launch, asking) => waiveInDraft(draft, { id: launch, waiver, input: body }, asking),
      })
    },
  })

const signWaiver = (door: LaunchesDoor): Route =>
  defineRoute({
    ...ACT,
    path: '/v1/launches/:id/waivers/:waiver/sign',
    operation: 'signLaunchWaiver',
    summary: 'Sign a waiver',
    description: 'By a person of the role that has not signed it yet.',
    params: waiverParams,
    handle: (context, { params: { id, waiver } }) =>
      act(door, context, {
        id,
        name: 'launches.waivers.sign',
        decide: (draft, launch, asking) => signWaiverInDraft(draft, { id: launch, waiver }, asking),
      }),
  })

export const decidingRoutes = (door: LaunchesDoor): Route[] => [
  sign(door),
  approve(door),
  waive(door),
  signWaiver(door),
]
