import type { SetupStatus } from './model.ts'

/**
 * The states of a SetupIntent, and what leads from each to which. What is not in the table is refused.
 *
 * | state \ happens | give a card | take it away | confirm | verified | declined | must authenticate | authenticated | not authenticated | cancel |
 * |---|---|---|---|---|---|---|---|---|---|
 * | requires_payment_method | requires_confirmation | stays | processing | – | – | – | – | – | canceled |
 * | requires_confirmation | stays | requires_payment_method | processing | – | – | – | – | – | canceled |
 * | requires_action | requires_confirmation | requires_payment_method | processing | – | – | – | processing | requires_payment_method | canceled |
 * | processing | – | – | – | succeeded | requires_payment_method | requires_action | – | – | – |
 * | succeeded | – | – | – | – | – | – | – | – | – |
 * | canceled | – | – | – | – | – | – | – | – | – |
 *
 * `confirm` without a card is refused in every state.
 */
export type SetupHappens =
  | 'give'
  | 'take'
  | 'confirm'
  | 'verified'
  | 'declined'
  | 'ask'
  | 'authenticated'
  | 'not_authenticated'
  | 'cancel'

type Transitions = { readonly [Happens in SetupHappens]?: SetupStatus }

export const SETUP_MACHINE: Readonly<Record<SetupStatus, Transitions>> = {
  requires_payment_method: {
    give: 'requires_confirmation',
    take: 'requires_payment_method',
    confirm: 'processing',
    cancel: 'canceled',
  },
  requires_confirmation: {
    give: 'requires_confirmation',
    take: 'requires_payment_method',
    confirm: 'processing',
    cancel: 'canceled',
  },
  requires_action: {
    give: 'requires_confirmation',
    take: 'requires_payment_method',
    confirm: 'processing',
    authenticated: 'processing',
    not_authenticated: 'requires_payment_method',
    cancel: 'canceled',
  },
  processing: { verified: 'succeeded', declined: 'requires_payment_method', ask: 'requires_action' },
  succeeded: {},
  canceled: {},
}

/** The state that follows; null where this cannot happen. */
export const nextSetupStatus = (status: SetupStatus, happens: SetupHappens): SetupStatus | null =>
  SETUP_MACHINE[status][happens] ?? null

/** Of a state in which it does not matter any more, what else may be changed is only what people wrote to it. */
export const isSetupOver = (status: SetupStatus): boolean => status === 'succeeded' || status === 'canceled'
