/**
 * An answer as it goes over the wire. Units of work render it before they are committed,
 * because what is stored under an idempotency key must be what the first caller was sent.
 */
export type Reply = {
  readonly status: number
  /** JSON text, sent as it is. */
  readonly body: string
  /** Encrypted: stored instead of a body that holds a secret. */
  readonly sealed?: string
  /** The object that the request made, for the time when the body is no longer kept. */
  readonly objectId: string | null
  /** The refusal's code, null for a success. */
  readonly code: string | null
}
