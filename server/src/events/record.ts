import { type Draft, emit } from '../database/index.ts'
import { withoutSecrets } from './core/without-secrets.ts'

/** The request that an event comes from; null where something happened by itself. */
export type EventRequest = { readonly id: string | null; readonly idempotencyKey: string | null }

export type Happened = {
  /** Stripe's name: payment_intent.succeeded. */
  readonly type: string
  /** The object as the API shows it, unexpanded, after what happened. */
  readonly object: Readonly<Record<string, unknown>>
  /** For …updated: the fields that changed, as they were. */
  readonly previous?: Readonly<Record<string, unknown>> | null
  readonly request: EventRequest | null
}

/** Records what happened in the unit's own commit: no state without its event, no event without its state. */
export const recordEvent = (draft: Draft, { type, object, previous = null, request }: Happened): void => {
  const told = withoutSecrets(object)
  emit(draft, {
    type,
    data: previous === null ? { object: told } : { object: told, previous_attributes: previous },
    requestId: request?.id ?? null,
    idempotencyKey: request?.idempotencyKey ?? null,
  })
}
