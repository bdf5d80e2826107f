import type { Reasons } from '../kit/index.ts'

/** Why an answer to a dispute is refused, in order of precedence. */
export const DISPUTE_REASONS = {
  evidence_too_large: {
    kind: 'invalid',
    param: 'evidence',
    message: 'All evidence together has at most 150,000 characters.',
  },
  metadata_too_many_keys: {
    kind: 'invalid',
    param: 'metadata',
    message: 'An object has at most 50 keys of metadata, those that it had before included.',
  },
  dispute_unexpected_state: {
    kind: 'precondition',
    message: 'The dispute’s status does not allow this: its evidence was submitted already, or it is over.',
  },
  dispute_evidence_missing: {
    kind: 'precondition',
    param: 'evidence',
    message: 'There is no evidence that could be submitted.',
  },
  dispute_desk_missing: {
    kind: 'precondition',
    message: 'The rail of this payment takes no answers to disputes here. Answer it where the rail says.',
  },
} as const satisfies Reasons
