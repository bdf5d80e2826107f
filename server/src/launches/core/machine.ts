import type { LaunchStatus } from './model.ts'

/*
 * What may happen to a launch in which state; the table of states stands in model.ts. Whatever is not here is refused with
 * launch_unexpected_state, and the launch is in the error.
 */

type Rule = {
  readonly from: readonly LaunchStatus[]
  /** Null: the state stays. */
  readonly to: LaunchStatus | null
  /** What somebody tried to do, for the refusal: a launch that is running cannot … */
  readonly words: string
}

const LIVE = ['running', 'held'] as const
const WRITABLE = ['draft', 'signed', 'armed'] as const

export const MOVES = {
  edit: { from: WRITABLE, to: 'draft', words: 'be changed' },
  write_risk: { from: ['draft'], to: null, words: 'take a risk of the pre-mortem' },
  open_premortem: { from: ['draft'], to: null, words: 'have its pre-mortem opened' },
  sign: { from: ['draft'], to: null, words: 'be signed' },
  complete_signatures: { from: ['draft'], to: 'signed', words: 'be signed' },
  lapse: { from: ['signed', 'armed'], to: 'draft', words: 'lose its signatures' },
  waive: { from: [...WRITABLE, ...LIVE], to: null, words: 'have a gate waived' },
  arm: { from: ['signed', 'armed'], to: 'armed', words: 'be given a moment to start' },
  start: { from: ['signed', 'armed'], to: 'running', words: 'be started' },
  hold: { from: ['running'], to: 'held', words: 'be held' },
  resume: { from: ['held'], to: 'running', words: 'be resumed' },
  approve: { from: ['running'], to: null, words: 'be approved' },
  advance: { from: ['running'], to: 'running', words: 'go to its next stage' },
  complete: { from: ['running'], to: 'completed', words: 'be completed' },
  roll_back: {
    from: ['armed', ...LIVE, 'completed'],
    to: 'rolling_back',
    words: 'be rolled back',
  },
  finish_rollback: { from: ['rolling_back'], to: 'rolled_back', words: 'end its rollback' },
  abandon: { from: [...WRITABLE, 'rolled_back'], to: 'abandoned', words: 'be abandoned' },
  reopen: { from: ['rolled_back', 'abandoned'], to: 'draft', words: 'be reopened' },
} as const satisfies Readonly<Record<string, Rule>>

export type MoveName = keyof typeof MOVES

/** What a launch can still be done to: for refusals and for who draws buttons. */
export const movesFrom = (status: LaunchStatus): MoveName[] =>
  (Object.keys(MOVES) as MoveName[]).filter((name) => mayMove(status, name))

export const mayMove = (status: LaunchStatus, move: MoveName): boolean =>
  (MOVES[move].from as readonly LaunchStatus[]).includes(status)

/** The state after the move; null where the state does not allow it. */
export const nextStatus = (status: LaunchStatus, move: MoveName): LaunchStatus | null =>
  mayMove(status, move) ? (MOVES[move].to ?? status) : null

/** Why not, in a sentence. */
export const whyNot = (status: LaunchStatus, move: MoveName): string =>
  `A launch that is ${status} cannot ${MOVES[move].words}: it must be ${MOVES[move].from.join(' or ')}.`
