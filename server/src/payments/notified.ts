import { paymentMethods, showPaymentMethod } from '../customers/index.ts'
import { parseId, type TenantId } from '../kit/index.ts'
import type { Notification } from '../rails/index.ts'
import { findRecord } from '../requests/index.ts'
import { authenticationFailed } from './core/declines.ts'
import type { Attempt, Json } from './core/model.ts'
import { afterDecline } from './core/settle.ts'
import type { PaymentsDoor } from './door.ts'
import { declareGivingBack, givenBack } from './give-back.ts'
import { machineryUnit, sendAndSettle, takeNotified, worldOfAttempt } from './heal.ts'
import { attempts, intents } from './store/tables.ts'
import { healLater, putAttempt, putIntent, requestOf, tellIntent } from './world.ts'

type Of<Type extends Notification['type']> = Extract<Notification, { readonly type: Type }>

/** The attempt that waits for this authentication; null where it is somebody else's, or over. */
const waitingFor = async (
  door: PaymentsDoor,
  tenant: TenantId,
  authentication: string,
): Promise<Attempt | null> => {
  const [rows = []] = await door.read(tenant, [
    attempts.list(tenant, {
      limit: 1,
      cursor: null,
      direction: 'forward',
      filters: [{ column: 'authentication', value: authentication }],
    }),
  ])
  return rows[0] === undefined ? null : attempts.read(rows[0])
}

/**
 * The customer has authenticated. With automatic confirmation the order is sent again, with the same reference and what
 * the rail called the authentication; with manual confirmation that is done by the next confirm.
 */
const authenticated = async (door: PaymentsDoor, tenant: TenantId, of: Attempt): Promise<void> => {
  let toSend: Attempt | null = null
  await door.commit.submit(
    machineryUnit(tenant, door.clock.now(), {
      name: 'payments.attempt.authenticated',
      reads: [
        (declare) => {
          declare(attempts.table, of.id)
          declare(intents.table, of.intent)
        },
      ],
      decide: (draft) => {
        toSend = null
        const attempt = draft.get(attempts.table, of.id)
        const intent = draft.get(intents.table, of.intent)
        if (attempt?.state !== 'requires_action' || attempt.authenticatedBy !== null || intent === undefined)
          return
        const known = { ...attempt, authenticatedBy: attempt.authentication, claim: null }
        if (intent.confirmationMethod === 'manual') {
          putAttempt(draft, known)
          putIntent(draft, { ...intent, status: 'requires_confirmation', nextAction: null })
          return
        }
        toSend = putAttempt(draft, { ...known, state: 'sent', enquiries: 0, sentMs: draft.wallMs })
        putIntent(draft, { ...intent, status: 'processing', nextAction: null })
        healLater(draft, toSend)
      },
    }),
  )
  if (toSend !== null) await sendAndSettle(door, tenant, toSend)
}

/** The customer could not be authenticated: the payment waits for another card, and no charge was made. */
const unauthenticated = (door: PaymentsDoor, tenant: TenantId, of: Attempt): Promise<unknown> => {
  const world = worldOfAttempt(door, tenant, of)
  return door.commit.submit(
    machineryUnit(tenant, door.clock.now(), {
      name: 'payments.attempt.unauthenticated',
      reads: [
        (declare) => {
          declare(attempts.table, of.id)
          declare(intents.table, of.intent)
          declare(paymentMethods.table, of.paymentMethod)
          declareGivingBack(declare, of)
        },
      ],
      decide: (draft) => {
        const attempt = draft.get(attempts.table, of.id)
        const before = draft.get(intents.table, of.intent)
        if (attempt?.state !== 'requires_action' || before === undefined) return
        const method = draft.get(paymentMethods.table, of.paymentMethod)
        const shown = method === undefined ? null : (showPaymentMethod(method, world.livemode) as Json)
        putAttempt(draft, { ...givenBack(draft, attempt), state: 'declined' })
        const intent = putIntent(draft, afterDecline(before, authenticationFailed(of.paymentMethod), shown))
        tellIntent(draft, world, 'payment_failed', intent, requestOf({ ...attempt, requestId: null }))
      },
    }),
  )
}

const onAuthentication = async (door: PaymentsDoor, told: Of<'authentication'>): Promise<boolean> => {
  const attempt = await waitingFor(door, told.tenant, told.authentication)
  if (attempt === null) return false
  if (told.result === 'succeeded') await authenticated(door, told.tenant, attempt)
  else await unauthenticated(door, told.tenant, attempt)
  return true
}

const onOrder = async (door: PaymentsDoor, told: Of<'order'>): Promise<boolean> => {
  const id = parseId('', told.reference)
  const attempt = id === null ? null : await findRecord(door, { tenant: told.tenant }, attempts, id)
  if (attempt === null) return false
  await takeNotified(door, told.tenant, attempt, told.outcome)
  return true
}

/**
 * What a rail tells by itself of a payment. The same thing told twice, or late, changes nothing.
 *
 * @returns whether it was about a payment
 */
export const paymentNotified = async (door: PaymentsDoor, told: Notification): Promise<boolean> => {
  if (told.type === 'authentication') return await onAuthentication(door, told)
  return told.type === 'order' ? await onOrder(door, told) : false
}
