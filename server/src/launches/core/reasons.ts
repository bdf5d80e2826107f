import type { Reasons } from '../../kit/index.ts'

/** Why a launch does not do what it was asked, in order of precedence. */
export const LAUNCH_REASONS = {
  person_required: {
    kind: 'forbidden',
    message:
      'Signing, approving, starting, resuming and the pre-mortem take a person’s own key. A program’s key may draft, change, hold and roll back.',
  },
  launch_role_wrong: {
    kind: 'forbidden',
    message:
      'The person’s role may not do this: business and technology decide, operators hold and roll back.',
  },
  launch_owner_required: {
    kind: 'forbidden',
    message: 'Only the launch’s owner opens its pre-mortem.',
  },
  launch_unexpected_state: {
    kind: 'precondition',
    message: 'The launch’s state does not allow this; the error shows the launch.',
  },
  launch_premortem_collecting: {
    kind: 'precondition',
    message:
      'The pre-mortem is still being collected: let people write alone, then its owner opens it. Signatures and risks as content come after that.',
  },
  launch_premortem_opened: {
    kind: 'precondition',
    message: 'The pre-mortem has been opened: further risks are changes of the launch’s content.',
  },
  launch_premortem_empty: {
    kind: 'precondition',
    message: 'Nobody has written a risk yet, so there is nothing to open.',
  },
  launch_invalid: {
    kind: 'invalid',
    message: 'Something in the launch does not fit; the error names the field and what to do.',
  },
  launch_too_many: {
    kind: 'invalid',
    message: 'The launch has as many of these as it takes.',
  },
  launch_content_changed: {
    kind: 'precondition',
    param: 'content_hash',
    message: 'The launch is not what was read: its content_hash is another. Read it again.',
  },
  launch_stage_changed: {
    kind: 'precondition',
    param: 'stage',
    message: 'The launch is in another stage than the one that is approved. Read it again.',
  },
  launch_already_signed: {
    kind: 'precondition',
    message: 'The person or the role has signed already: it takes two different people, one for each role.',
  },
  launch_approval_not_required: {
    kind: 'precondition',
    message: 'The stage does not ask for the approval of this role.',
  },
  launch_gates_red: {
    kind: 'precondition',
    message: 'A gate is red; the error shows all of them with their reasons.',
  },
  launch_feature_taken: {
    kind: 'precondition',
    message: 'Another launch of the same feature is live. End that one first.',
  },
  launch_controls_full: {
    kind: 'precondition',
    message: 'As many launches are live as there may be. End or roll back one of them first.',
  },
} as const satisfies Reasons

export type LaunchCode = keyof typeof LAUNCH_REASONS
