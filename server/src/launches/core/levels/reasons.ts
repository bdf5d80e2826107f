import type { Reasons } from '../../../kit/index.ts'

/** Why a level of service is not set as it was asked, in order of precedence. */
export const LEVEL_REASONS = {
  service_level_person_required: {
    kind: 'forbidden',
    message:
      'A level of service is promised by people: setting it takes the key of a person of business or technology.',
  },
  service_level_threshold_needed: {
    kind: 'invalid',
    message: 'The level needs to know from when on something is too slow: send threshold_ms.',
    param: 'threshold_ms',
  },
  service_level_unmeasured: {
    kind: 'precondition',
    message:
      'A new level is only measured for its first 24 hours, so that its target comes from what was seen. Route it after that.',
    param: 'routed',
  },
} as const satisfies Reasons

export type LevelReason = keyof typeof LEVEL_REASONS
