import type { Draft, Round, Unit } from '../database/index.ts'
import type { RequestContext } from '../http/index.ts'
import type { Reply } from '../kit/index.ts'
import { unitRequest } from './submit.ts'

/** The object that a request made or changed, as its answer. */
export const objectReply = (object: { readonly id: string }): Reply => ({
  status: 200,
  body: JSON.stringify(object),
  objectId: object.id,
  code: null,
})

/** The only unit of a request, which answers with a reply. */
export const replyUnit = (
  context: RequestContext,
  name: string,
  reads: readonly Round[],
  decide: (draft: Draft) => Reply,
): Unit<null> => ({
  ...unitRequest(context),
  name,
  items: 1,
  reads,
  decide: (draft) => ({ kind: 'answer', answer: null, reply: decide(draft) }),
})
