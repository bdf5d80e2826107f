import type { Commit, Claim as CommitClaim, Outcome, Read, Unit } from '../database/index.ts'
import { keyReusedReply, type Replayed, type RequestContext } from '../http/index.ts'
import { assert, type Reply, type TenantId, type WallClock } from '../kit/index.ts'

/** What a capability's routes stand on. */
export type Door = { readonly commit: Commit; readonly read: Read; readonly clock: WallClock }

export const livemodeOf = (context: Pick<RequestContext, 'mode'>): boolean => context.mode === 'live'

/** What every unit is told about the request that it comes from. */
export type UnitRequest = {
  readonly tenant: TenantId
  readonly bytes: number
  readonly deadlineMs: number
  readonly claim: CommitClaim | null
}

/** For a request of one unit: the claim and the outcome are one commit. */
export const unitRequest = (context: RequestContext): UnitRequest => ({
  tenant: context.tenant,
  bytes: context.bodyBytes,
  deadlineMs: context.deadlineMs,
  claim: context.claim === null ? null : { ...context.claim, phase: 'whole', worker: null },
})

const FORGOTTEN = 'The answer that was given under this key is no longer kept.'

/** The object as it is now, for a key whose stored answer is older than it is kept. */
export type Again = (objectId: string) => Promise<Reply | null>

/** Opens a stored answer that was sealed because it holds a secret. */
export type OpenSealed = (sealed: string) => Promise<string>

/** The reply that a unit rendered, or the one that was stored under the same key before; null where it is to be resumed. */
export const replyOf = async (
  context: RequestContext,
  outcome: Outcome<unknown>,
  again: Again,
  openSealed?: OpenSealed,
): Promise<Reply | Replayed | null> => {
  switch (outcome.kind) {
    case 'decided':
      return outcome.reply
    case 'key_reused':
      return keyReusedReply(context.claim?.key ?? '')
    case 'resumed':
      return null
    case 'replayed': {
      const { body, isSealed = false, ...stored } = outcome.reply
      if (body !== null && !isSealed) return { ...stored, body, replayed: true }
      if (body !== null) {
        assert(openSealed !== undefined, 'who seals an answer opens it')
        return { ...stored, body: await openSealed(body), replayed: true }
      }
      const now = stored.objectId === null ? null : await again(stored.objectId)
      const reply = now ?? {
        ...stored,
        body: JSON.stringify({ error: { code: stored.code, message: FORGOTTEN } }),
      }
      return { ...reply, replayed: true }
    }
  }
}

/** Submits the only unit of a request, and gives its reply. */
export const submitForReply = async (
  door: Pick<Door, 'commit'>,
  context: RequestContext,
  unit: Unit<unknown>,
  again: Again,
  openSealed?: OpenSealed,
): Promise<Reply | Replayed> => {
  const reply = await replyOf(context, await door.commit.submit(unit), again, openSealed)
  assert(reply !== null, 'the only unit of a request renders its reply')
  return reply
}
