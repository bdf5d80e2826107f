import type { Reasons } from '../../kit/index.ts'

/** Why a table of rules is not taken, in order of precedence. The message names the rule. */
export const ROUTING_REASONS = {
  currency_unknown: {
    kind: 'invalid',
    param: 'currency',
    message: 'A currency is one of ISO 4217, three letters.',
  },
  routing_rail_unknown: {
    kind: 'invalid',
    param: 'rules',
    message: 'A rule names a rail that is not there. The message says which there are.',
  },
  routing_rail_repeated: {
    kind: 'invalid',
    param: 'rules',
    message: 'A rule names a rail twice: what a rail refused once it is not asked again.',
  },
  routing_amount_needs_currency: {
    kind: 'invalid',
    param: 'rules',
    message:
      'A rule with amounts names the one currency that they are in: 1000 is ten euros, and a thousand yen.',
  },
  routing_amounts_reversed: {
    kind: 'invalid',
    param: 'rules',
    message: 'A rule’s amount_from is at most its amount_to.',
  },
  routing_rule_unreachable: {
    kind: 'invalid',
    param: 'rules',
    message:
      'A rule is never reached, because an earlier one takes all that it is for. Put it before that one, or leave it out.',
  },
  routing_version_stale: {
    kind: 'invalid',
    param: 'if_version',
    message: 'The rules were changed by somebody else meanwhile: read them again, and change those.',
  },
} as const satisfies Reasons

export type RoutingReason = keyof typeof ROUTING_REASONS
