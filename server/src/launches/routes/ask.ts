import type { Declare, Draft } from '../../database/index.ts'
import type { Replayed, RequestContext } from '../../http/index.ts'
import type { Reply, Uuid } from '../../kit/index.ts'
import { readable, replyUnit, submitForReply } from '../../requests/index.ts'
import { type Asking, askingOf } from '../asking.ts'
import { LAUNCH_REASONS } from '../core/reasons.ts'
import type { LaunchesDoor } from '../door.ts'
import { declareGates } from '../gates-now.ts'
import { launchObject } from '../objects.ts'
import { launchParams } from '../schemas.ts'
import { againOf, readLaunchId } from './read.ts'

/** What all acts on a launch have in common as routes. */
export const ACT = {
  method: 'POST',
  permission: 'launches.write',
  idempotency: 'stored',
  params: launchParams,
  answer: launchObject,
  errors: LAUNCH_REASONS,
} as const

type Acting = {
  /** Of the launch, as the path has it. */
  readonly id: string
  /** For metrics and logs. */
  readonly name: string
  readonly declare?: (declare: Declare) => void
  readonly decide: (draft: Draft, id: Uuid, asking: Asking) => Reply
}

/** An act on one launch: one unit, which reads the launch, its watch, the controls and the head of the audit log. */
export const act = (
  door: LaunchesDoor,
  context: RequestContext,
  { id: text, name, declare: more, decide }: Acting,
): Promise<Reply | Replayed> =>
  readable(async () => {
    const id = readLaunchId(text)
    const asking = askingOf(context)
    const unit = replyUnit(
      context,
      name,
      [
        (declare) => {
          declareGates(declare, id)
          more?.(declare)
        },
      ],
      (draft) => decide(draft, id, asking),
    )
    return submitForReply(door, context, unit, againOf(door, context))
  })
