import type { RequestContext } from '../http/index.ts'
import { newUuid, type Reply, type Uuid } from '../kit/index.ts'
import type { Rail } from '../rails/index.ts'
import { converse, unitRequest } from '../requests/index.ts'
import { declinedReply, errorOfDecline } from './declined.ts'
import { doingOf } from './doing.ts'
import type { CustomersDoor } from './door.ts'
import { LEASE_MS } from './limits.ts'
import { attachMethod, checkAttach, declareAttach } from './method-units.ts'
import { type GivenMethod, isReply } from './payment-method-source.ts'
import { type Attachable, verifyForAttaching, withChecks } from './verifying.ts'

type Step = {
  readonly given: GivenMethod
  readonly customer: Uuid
  readonly reference: Uuid
  readonly token: string
}

const NAME = 'customers.payment_methods.attach'

/** Attaches a card to a customer: the rail verifies it between two units, and a card that is declined is not attached. */
export const submitAttach = (
  door: CustomersDoor,
  context: RequestContext,
  rail: Rail,
  { given, customer }: { readonly given: GivenMethod; readonly customer: Uuid },
  again: (objectId: string) => Promise<Reply | null>,
) => {
  const { tenant } = context
  const doing = doingOf(context)
  const reference = newUuid(door.clock.now())
  return converse<Step, Attachable>(
    door,
    context,
    {
      open: (claim) => ({
        ...unitRequest(context),
        name: `${NAME}.open`,
        items: 1,
        claim,
        reads: [(declare) => declareAttach(declare, given, customer)],
        decide: (draft) => {
          const row = checkAttach(draft, given, customer)
          if (isReply(row)) return { kind: 'answer', answer: null, reply: row }
          const step = { given, customer, reference, token: row.card.token }
          return { kind: 'step', answer: step, step, leaseMs: LEASE_MS }
        },
      }),
      outside: (step, isResumed) => verifyForAttaching(rail, { tenant, ...step }, isResumed),
      finish: (claim, step, result) => ({
        ...unitRequest(context),
        name: NAME,
        items: 1,
        claim,
        reads: [(declare) => declareAttach(declare, step.given, step.customer)],
        decide: (draft) => {
          const reply =
            result.kind === 'declined'
              ? declinedReply(errorOfDecline(result.declined, null))
              : attachMethod(draft, step, doing, (row) => ({
                  ...row,
                  card: withChecks(row.card, result.checks),
                }))
          return { kind: 'answer', answer: null, reply }
        },
      }),
    },
    again,
  )
}
