import type { Claim, Step, Unit } from '../database/index.ts'
import { keyReusedReply, type Replayed, type RequestContext } from '../http/index.ts'
import { assert, newUuid, type Reply, type Uuid } from '../kit/index.ts'
import { type Again, type Door, replyOf } from './submit.ts'

/**
 * A request that talks to the outside: a first unit that claims the key and commits a durable step, the call, and a last
 * unit that stores the outcome. Whoever finds the claim of a worker that is gone goes on from its step.
 */
export type Conversation<S extends Step, Result> = {
  /** Answers at once (a refusal, or nothing to ask outside), or commits a step, which its answer carries. */
  readonly open: (claim: Claim | null) => Unit<S | null>
  /**
   * The call, outside every transaction. `isResumed`: another worker may have made it before, so the outside is asked by
   * the step's own reference first and nothing is sent anew. Null: it cannot be finished now (the answer is unknown).
   */
  readonly outside: (step: S, isResumed: boolean) => Promise<Result>
  readonly finish: (claim: Claim | null, step: S, result: Result) => Unit<unknown>
}

const claimOf = (context: RequestContext, phase: 'open' | 'finish', worker: Uuid): Claim | null =>
  context.claim === null ? null : { ...context.claim, phase, worker }

export const converse = async <S extends Step, Result>(
  door: Door,
  context: RequestContext,
  conversation: Conversation<S, Result>,
  again: Again,
): Promise<Reply | Replayed> => {
  const worker = newUuid(door.clock.now())
  const opened = await door.commit.submit(conversation.open(claimOf(context, 'open', worker)))
  const early = await replyOf(context, opened, again)
  if (early !== null) return early
  const isResumed = opened.kind === 'resumed'
  const step =
    opened.kind === 'resumed' ? (opened.step as S) : opened.kind === 'decided' ? opened.answer : null
  assert(step !== null, 'the first unit of a conversation answers or leaves a step')
  const result = await conversation.outside(step, isResumed)
  const claim = claimOf(context, 'finish', worker)
  // The outside has done its part: it is recorded, whatever else has to wait.
  const outcome = await door.commit.submit({
    ...conversation.finish(claim, step, result),
    duringAdvance: true,
  })
  if (outcome.kind === 'key_reused') return keyReusedReply(context.claim?.key ?? '')
  const reply = await replyOf(context, outcome, again)
  assert(reply !== null, 'the last unit of a conversation renders its reply')
  return reply
}
