import type { Behaviour } from './behaviour.ts'

/**
 * With the knob amount_outcomes the last four digits of an amount, in minor units, choose what happens to a payment that
 * would succeed. They are far from what a shop asks for by chance, and without the knob they mean nothing.
 */
export const AMOUNT_OUTCOMES: Readonly<
  Record<string, { readonly about: string; readonly behaviour: Behaviour }>
> = {
  '9105': { about: 'Declined: do_not_honor.', behaviour: { decline: 'do_not_honor' } },
  '9141': { about: 'Declined: lost_card.', behaviour: { decline: 'lost_card' } },
  '9143': { about: 'Declined: stolen_card.', behaviour: { decline: 'stolen_card' } },
  '9151': { about: 'Declined: insufficient_funds.', behaviour: { decline: 'insufficient_funds' } },
  '9154': { about: 'Declined: expired_card.', behaviour: { decline: 'expired_card' } },
  '9165': {
    about: 'Declined: card_velocity_exceeded.',
    behaviour: { decline: 'card_velocity_exceeded' },
  },
  '9182': { about: 'Declined: incorrect_cvc.', behaviour: { decline: 'incorrect_cvc' } },
  '9196': { about: 'Declined: processing_error.', behaviour: { decline: 'processing_error' } },
  '9168': { about: 'Succeeds, and the answer is lost.', behaviour: { answer: 'done' } },
  '9169': { about: 'The order never arrives.', behaviour: { answer: 'never_arrived' } },
  '9159': { about: 'Blocked: fraudulent.', behaviour: { risk: 'highest', isBlocked: true } },
}

const DIGITS = 10_000n

export const behaviourOfAmount = (amount: bigint): Behaviour | null =>
  AMOUNT_OUTCOMES[String(amount % DIGITS).padStart(4, '0')]?.behaviour ?? null
