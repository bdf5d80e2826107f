import type { Draft } from '../database/index.ts'
import type { Person } from '../http/index.ts'
import type { Reply, Uuid } from '../kit/index.ts'
import { type Asking, causeOf, isReply, launchFor, launchReply, refuse } from './asking.ts'
import { areOpen, missingApprovals } from './core/gates.ts'
import type { Approval, Launch } from './core/model.ts'
import { gatesNow, liveNow } from './gates-now.ts'
import { actOnLaunch, advanceInDraft, readLaunch } from './move.ts'
import { signerOf, signerRoleOf } from './sign.ts'

export type Approving = { readonly id: Uuid; readonly stage: number; readonly contentHash: string }

const refuseApproval = (draft: Draft, launch: Launch, approving: Approving, person: Person): Reply | null => {
  const row = { launch: { row: launch, draft } }
  if (approving.contentHash !== launch.contentHash) return refuse('launch_content_changed', row)
  if (approving.stage !== launch.stage)
    return refuse('launch_stage_changed', {
      message: `The launch is in stage ${launch.stage}, not ${approving.stage}. Read it again.`,
      ...row,
    })
  const given = launch.approvals.filter(({ stage }) => stage === launch.stage)
  const taken = given.find((each) => each.person === person.id || each.role === person.role)
  if (taken !== undefined)
    return refuse('launch_already_signed', {
      message: `${taken.name} has approved this stage as ${taken.role} already.`,
      ...row,
    })
  const missing = missingApprovals(launch)
  if (!missing.some((role) => role === person.role))
    return refuse('launch_approval_not_required', {
      message: `The stage waits for ${missing.join(' and ') || 'nobody'}, not for ${person.role}.`,
      ...row,
    })
  return null
}

/**
 * A person's approval of a stage's end, always the last gate: all others are green or waived under the head row's lock, in
 * the very unit that raises exposure. The last one that the stage asks for moves the launch on; two at once move it once,
 * because the second finds another stage.
 */
export const approveInDraft = (draft: Draft, approving: Approving, asking: Asking): Reply => {
  const launch = launchFor(draft, approving.id, asking, { right: 'approve', move: 'approve' })
  if (isReply(launch)) return launch
  const { person } = asking
  const role = person === null ? null : signerRoleOf(person)
  if (person === null || role === null) return refuse('person_required')
  const refused = refuseApproval(draft, launch, approving, person)
  if (refused !== null) return refused
  const gates = gatesNow(draft, launch)
  if (!areOpen(gates, true)) {
    const red = gates.filter(({ gate, state }) => state === 'red' && gate !== 'approval')
    return refuse('launch_gates_red', {
      message: `The stage cannot end yet. ${red.map(({ reason }) => reason).join(' ')}`,
      gates,
      launch: { row: launch, draft },
    })
  }
  const signer = signerOf(draft, person, role, launch.contributors)
  const approved = (receipt: { readonly position: number; readonly hash: string }): Launch => {
    const { contentHash, stage } = launch
    const approval: Approval = { ...signer, contentHash, stage, ...receipt }
    return { ...launch, approvals: [...launch.approvals, approval] }
  }
  const cause = causeOf(asking)
  const receipt = actOnLaunch(draft, launch, approved({ position: 0, hash: '' }), cause, {
    action: 'launch.stage_approved',
    anchor: true,
    placing: approved,
  })
  const written = readLaunch(draft, launch.id) ?? launch
  const after = missingApprovals(written).length === 0 ? advanceInDraft(draft, written, cause) : written
  return launchReply(draft, after, receipt, liveNow(draft, after))
}
