import { type RefusalText, refusalReply } from '../http/index.ts'
import type { Reply } from '../kit/index.ts'
import type { Declined } from '../rails/index.ts'
import type { SetupError } from './core/model.ts'

/** A decline as it is kept and shown. */
export const errorOfDecline = (
  declined: Declined,
  paymentMethod: SetupError['paymentMethod'],
): SetupError => ({
  type: 'card_error',
  code:
    declined.code === 'payment_intent_authentication_failure'
      ? 'setup_intent_authentication_failure'
      : declined.code,
  declineCode: declined.declineCode,
  message: declined.message,
  adviceCode: declined.adviceCode,
  networkDeclineCode: declined.networkDeclineCode,
  paymentMethod,
})

/** Stripe's 402. `more` is what else the envelope shows: the card, the intent. */
export const declinedReply = (error: SetupError, more: Readonly<Record<string, unknown>> = {}): Reply => {
  const text: RefusalText = {
    kind: 'declined',
    code: error.code,
    message: error.message,
    type: error.type,
    ...(error.code === 'incorrect_cvc' ? { param: 'cvc' } : {}),
    extra: {
      ...(error.adviceCode === null ? {} : { advice_code: error.adviceCode }),
      ...(error.declineCode === null ? {} : { decline_code: error.declineCode }),
      ...(error.networkDeclineCode === null ? {} : { network_decline_code: error.networkDeclineCode }),
      ...more,
    },
  }
  return refusalReply(text)
}
