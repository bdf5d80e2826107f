import type { Reasons } from '../../kit/index.ts'

/** Why a question about exposure is refused, in order of precedence. */
export const exposureReasons = {
  launch_not_live: {
    kind: 'not_found',
    message: 'No such launch is live: it has not started, or has ended.',
    param: 'launch',
  },
} as const satisfies Reasons

export const exposureErrors = { Exposure: exposureReasons } satisfies Readonly<Record<string, Reasons>>
