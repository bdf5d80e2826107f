import type { AttemptState, IntentStatus } from './model.ts'

/**
 * What may happen to a payment, and what becomes of it.
 *
 * | from | what happens | to |
 * |---|---|---|
 * | – | created without a payment method | requires_payment_method |
 * | – | created with one | requires_confirmation |
 * | requires_payment_method | a payment method is set | requires_confirmation |
 * | requires_payment_method (with a method sent along), requires_confirmation, requires_action | confirm | processing, while the rail is asked |
 * | processing | authorised, captured in one | succeeded |
 * | processing | authorised, to be captured later | requires_capture |
 * | processing | declined | requires_payment_method |
 * | processing | the customer must authenticate | requires_action |
 * | processing | the rail tells later, or nobody knows | processing |
 * | requires_action | authenticated, confirmation automatic | processing, and on as above |
 * | requires_action | authenticated, confirmation manual | requires_confirmation |
 * | requires_action | not authenticated | requires_payment_method |
 * | requires_capture | capture, of all or a part | succeeded |
 * | requires_capture | cancel | canceled |
 * | requires_capture | seven days by the tenant's clock | canceled (automatic) |
 * | requires_payment_method, requires_confirmation, requires_action | cancel | canceled |
 *
 * Whatever is not in the table is `payment_intent_unexpected_state`.
 */
export type Command = 'confirm' | 'capture' | 'cancel' | 'update'

/** From which states a command may be given, in the order in which a refusal names them. */
export const STATES_FOR = {
  confirm: ['requires_confirmation', 'requires_action', 'requires_payment_method'],
  capture: ['requires_capture'],
  cancel: [
    'requires_payment_method',
    'requires_capture',
    'requires_confirmation',
    'requires_action',
    'processing',
  ],
  update: ['requires_payment_method', 'requires_confirmation', 'requires_action'],
} as const satisfies Record<Command, readonly IntentStatus[]>

/** A payment that the rail is being asked about cannot be canceled, though Stripe names the state among those that can. */
const UNCANCELABLE: IntentStatus = 'processing'

const VERBS = { confirm: 'confirmed', capture: 'captured', cancel: 'canceled', update: 'updated' } as const

/** Null where the command may be given; otherwise why not, in Stripe's words. */
export const refuseCommand = (command: Command, status: IntentStatus): string | null => {
  const states: readonly IntentStatus[] = STATES_FOR[command]
  const isLegal = states.includes(status) && !(command === 'cancel' && status === UNCANCELABLE)
  if (isLegal) return null
  if (command === 'confirm' && status === 'succeeded') {
    return 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
  }
  const shown = states.filter((state) => state !== status).join(', ')
  const begin =
    command === 'capture'
      ? 'This PaymentIntent could not be captured'
      : command === 'update'
        ? 'This PaymentIntent could not be updated'
        : `You cannot ${command} this PaymentIntent`
  return `${begin} because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be ${VERBS[command]}: ${shown}.`
}

/** What of an intent only changes before it is confirmed; everything else may be changed for ever. */
export const refuseChange = (field: string, status: IntentStatus): string | null =>
  (STATES_FOR.update as readonly IntentStatus[]).includes(status)
    ? null
    : `This PaymentIntent's ${field} could not be updated because it has a status of ${status}. You may only update the ${field} of a PaymentIntent with one of the following statuses: ${STATES_FOR.update.join(', ')}.`

/** Whether the rail's answer to an attempt is still awaited. */
export const isOpen = (state: AttemptState): boolean =>
  state === 'sent' || state === 'pending' || state === 'unknown'
