import type { Commit, Claim as CommitClaim, Outcome, Read, Unit } from '../../database/index.ts'
import { keyReusedReply, type Replayed, type RequestContext } from '../../http/index.ts'
import { assert, type Reply, type WallClock } from '../../kit/index.ts'
import type { Request } from '../units.ts'

/** What the ledger's routes stand on. */
export type LedgerDoor = { readonly commit: Commit; readonly read: Read; readonly clock: WallClock }

export const livemodeOf = (context: RequestContext): boolean => context.mode === 'live'

const claimOf = (context: RequestContext): CommitClaim | null =>
  context.claim === null ? null : { ...context.claim, phase: 'whole', worker: null }

export const requestOf = <Made>(context: RequestContext, reply: (made: Made) => Reply): Request<Made> => ({
  tenant: context.tenant,
  bytes: context.bodyBytes,
  deadlineMs: context.deadlineMs,
  claim: claimOf(context),
  reply,
})

const FORGOTTEN = 'The answer that was given under this key is no longer kept.'

/** Submits a unit and gives the reply that it rendered, or the one that was stored under the same key before. */
export const submitForReply = async (
  door: LedgerDoor,
  context: RequestContext,
  unit: Unit<unknown>,
  /** The object as it is now, for a key whose stored answer is older than it is kept. */
  again: (objectId: string) => Promise<Reply | null>,
): Promise<Reply | Replayed> => {
  const outcome: Outcome<unknown> = await door.commit.submit(unit)
  switch (outcome.kind) {
    case 'decided':
      assert(outcome.reply !== null, 'a unit of a route renders its reply')
      return outcome.reply
    case 'key_reused':
      return keyReusedReply(context.claim?.key ?? '')
    case 'resumed':
      assert(false, 'a request of one unit has no steps')
      break
    case 'replayed': {
      const { body, ...stored } = outcome.reply
      if (body !== null) return { ...stored, body, replayed: true }
      const now = stored.objectId === null ? null : await again(stored.objectId)
      const reply = now ?? {
        ...stored,
        body: JSON.stringify({ error: { code: stored.code, message: FORGOTTEN } }),
      }
      return { ...reply, replayed: true }
    }
  }
}
