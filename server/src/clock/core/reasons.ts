import type { Reasons } from '../../kit/index.ts'

/** Why something about a sandbox's clock is refused, in order of precedence. */
export const clockReasons = {
  test_clock_in_live: {
    kind: 'invalid',
    message: 'The live clock cannot be moved: test clocks are for sandboxes.',
  },
  test_clock_exists: {
    kind: 'precondition',
    message: 'The sandbox’s clock is in hand already: advance that test clock, or delete it first.',
  },
  test_clock_in_the_past: {
    kind: 'invalid',
    message: 'A clock is moved forward only: give a time that is not before what was recorded.',
    param: 'frozen_time',
  },
  test_clock_too_far: {
    kind: 'invalid',
    message: 'A clock is moved by two years at most in one step.',
    param: 'frozen_time',
  },
} as const satisfies Reasons

export type ClockReason = keyof typeof clockReasons

export const clockErrors = { 'Test clocks': clockReasons } satisfies Readonly<Record<string, Reasons>>
