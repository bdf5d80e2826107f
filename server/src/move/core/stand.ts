import type { Marker } from './marker.ts'

/** What is found in the target before anything is done there. */
export type TargetStand =
  /** Nothing of ours. */
  | { readonly kind: 'empty' }
  /** Schemas that would be in the way, whoever made them. */
  | { readonly kind: 'taken'; readonly schemas: readonly string[] }
  /** A move was begun there. */
  | { readonly kind: 'begun'; readonly id: string; readonly isPrepared: boolean }

export type Step =
  | { readonly kind: 'begin' }
  | { readonly kind: 'resume' }
  /** All is there and proven; only the notes of the move are left to be taken away. */
  | { readonly kind: 'tidy' }
  /** Nothing is left to do. */
  | { readonly kind: 'done' }
  | { readonly kind: 'refuse'; readonly why: Refusal }

/** In the order in which they are looked for. */
export type Refusal = 'moved_elsewhere' | 'moving_elsewhere' | 'another_move' | 'taken'

/**
 * What a move does, by what the source says of itself and what lies in the target:
 *
 *   source    target empty           target taken      begun by this move   begun by another
 *   –         begin                  refuse            –                    refuse
 *   moving    begin, if it is the    refuse            resume               refuse
 *             same address
 *   moved     refuse                 done, if it is    tidy                 refuse
 *                                    the same address
 */
export const nextStep = (marker: Marker | null, target: TargetStand, to: string): Step => {
  const refuse = (why: Refusal): Step => ({ kind: 'refuse', why })
  const isThere = marker?.to === to
  if (target.kind === 'begun') {
    if (marker?.id !== target.id) return refuse('another_move')
    return marker.state === 'moved' ? { kind: 'tidy' } : { kind: 'resume' }
  }
  if (marker === null) return target.kind === 'taken' ? refuse('taken') : { kind: 'begin' }
  if (marker.state === 'moved')
    return isThere && target.kind === 'taken' ? { kind: 'done' } : refuse('moved_elsewhere')
  if (!isThere) return refuse('moving_elsewhere')
  return target.kind === 'taken' ? refuse('taken') : { kind: 'begin' }
}
