import { randomBytes } from 'node:crypto'
import { declareAudit } from '../../audit/index.ts'
import { defineRoute, missingNamedReply, type RequestContext, type Route } from '../../http/index.ts'
import { newUuid, parseId, type Reply, type Uuid } from '../../kit/index.ts'
import { readable, readNamedId, replyUnit, submitForReply } from '../../requests/index.ts'
import { askingOf } from '../asking.ts'
import type { LaunchInput } from '../core/input.ts'
import { LAUNCH_REASONS } from '../core/reasons.ts'
import type { LaunchesDoor } from '../door.ts'
import { declareLaunch } from '../move.ts'
import { launchObject, writtenRiskObject } from '../objects.ts'
import { openInDraft, writeRiskInDraft } from '../premortem.ts'
import {
  launchParameters,
  launchParams,
  launchUpdateParameters,
  openParameters,
  riskParameters,
} from '../schemas.ts'
import { RISK_PREFIX } from '../views.ts'
import { createInDraft, declareNotify, editInDraft } from '../write.ts'
import { act } from './ask.ts'
import { againOf } from './read.ts'

const SALT_BYTES = 16

/** The owner is somebody who is there: he opens the pre-mortem, and its incident is his. */
const refuseOwner = async (
  door: LaunchesDoor,
  { tenant, person }: RequestContext,
  owner: string | undefined,
): Promise<Reply | null> => {
  if (owner === undefined || owner === person?.id) return null
  const id = owner.startsWith('person_') ? parseId('person', owner) : null
  // What is no id of a person at all is named by the check of the content.
  if (id === null || (await door.findPerson(tenant, id)) !== null) return null
  return missingNamedReply('person', owner, 'owner')
}

const create = (door: LaunchesDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/launches',
    operation: 'createLaunch',
    summary: 'Propose a launch',
    description:
      'A draft: what is launched, what it may bring, in which stages and with which guardrails. What is left out gets a good default, which the answer shows. Nothing is exposed before two people have signed it and one has started it.',
    permission: 'launches.write',
    idempotency: 'stored',
    body: launchParameters,
    answer: launchObject,
    errors: LAUNCH_REASONS,
    examples: {
      body: {
        name: 'Express acquirer',
        currency: 'eur',
        subject: { type: 'route', rails: ['sandbox-express'] },
        benefit: { low: 800_000, high: 1_600_000, per: 'month', source: 'Offer', as_of: 1_795_000_000 },
        forecast: { payments_per_day: 4_000, average_amount: 2_200 },
        stages: [{ exposure_bp: 500 }, { exposure_bp: 2_500 }, { exposure_bp: 10_000 }],
        rollback_plan: 'Tell the acquirer; settle what is in flight by hand within a day.',
      },
    },
    handle: (context, { body }) =>
      readable(async () => {
        const input = body as LaunchInput
        const missing = await refuseOwner(door, context, input.owner)
        if (missing !== null) return missing
        const id = newUuid(door.clock.now())
        const creating = {
          id,
          input,
          rails: door.railsOf(context.mode),
          salt: randomBytes(SALT_BYTES).toString('hex'),
        }
        const asking = askingOf(context)
        const unit = replyUnit(
          context,
          'launches.create',
          [
            (declare) => {
              declareLaunch(declare, id)
              declareAudit(declare)
              declareNotify(declare, input.notify)
            },
          ],
          (draft) => createInDraft(draft, creating, asking),
        )
        return submitForReply(door, context, unit, againOf(door, context))
      }),
  })

const update = (door: LaunchesDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/launches/:id',
    operation: 'updateLaunch',
    summary: 'Change a launch',
    description:
      'What is not sent stays; a nested value is replaced whole. Any change voids both signatures and all approvals, and makes the launch a draft with another content_hash. A launch that has started is not changed: roll it back and reopen it.',
    permission: 'launches.write',
    idempotency: 'stored',
    params: launchParams,
    body: launchUpdateParameters,
    answer: launchObject,
    errors: LAUNCH_REASONS,
    handle: (context, { params: { id }, body }) =>
      readable(async () => {
        const input = body as LaunchInput
        const missing = await refuseOwner(door, context, input.owner)
        if (missing !== null) return missing
        const rails = door.railsOf(context.mode)
        return act(door, context, {
          id,
          name: 'launches.update',
          declare: (declare) => declareNotify(declare, input.notify),
          decide: (draft, launch, asking) => editInDraft(draft, { id: launch, input, rails }, asking),
        })
      }),
  })

const writeRisk = (door: LaunchesDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/launches/:id/risks',
    operation: 'writeLaunchRisk',
    summary: 'Write a risk for the pre-mortem',
    description:
      'Imagine that it has failed, and write how: alone, before anybody else’s fears are heard. Hidden from everybody else until the owner opens the pre-mortem; others see only how many people have written.',
    permission: 'launches.write',
    idempotency: 'stored',
    params: launchParams,
    body: riskParameters,
    answer: writtenRiskObject,
    errors: LAUNCH_REASONS,
    handle: (context, { params: { id }, body }) => {
      const risk = newUuid(door.clock.now())
      return act(door, context, {
        id,
        name: 'launches.risks.write',
        decide: (draft, launch, asking) => writeRiskInDraft(draft, { id: launch, risk, input: body }, asking),
      })
    },
  })

const readMerge = (groups: readonly (readonly string[])[] = []): { readonly ids: readonly Uuid[] }[] =>
  groups.map((group) => ({ ids: group.map((text) => readNamedId('risk', RISK_PREFIX, text, 'merge')) }))

const open = (door: LaunchesDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/launches/:id/premortem/open',
    operation: 'openLaunchPremortem',
    summary: 'Open the pre-mortem',
    description:
      'By the launch’s owner, once: what everybody wrote becomes risks of the content, those that are one merged. The content_hash is another from then on.',
    permission: 'launches.write',
    idempotency: 'stored',
    params: launchParams,
    body: openParameters,
    answer: launchObject,
    errors: LAUNCH_REASONS,
    handle: (context, { params: { id }, body }) =>
      readable(() => {
        const merge = readMerge(body.merge)
        return act(door, context, {
          id,
          name: 'launches.premortem.open',
          decide: (draft, launch, asking) => openInDraft(draft, { id: launch, merge }, asking),
        })
      }),
  })

export const writingRoutes = (door: LaunchesDoor): Route[] => [
  create(door),
  update(door),
  writeRisk(door),
  open(door),
]
