/**
 * The world failed: the database is away, a queue is full, a worker holds the key.
 * A fault is thrown, bounded, and becomes 409, 429 or 503 with an honest "retry with the same key".
 * It is never stored as the outcome of an idempotency key and never turned into a business answer.
 */
export type FaultKind = 'conflict' | 'exhausted' | 'unavailable'

export type FaultOptions = {
  readonly kind: FaultKind
  /** Machine code, snake_case, as it stands in docs/ERRORS.md. */
  readonly code: string
  /** Whole seconds for the Retry-After header. */
  readonly retryAfterS: number
  readonly cause?: unknown
}

export class Fault extends Error {
  override readonly name = 'Fault'
  readonly kind: FaultKind
  readonly code: string
  readonly retryAfterS: number

  constructor(message: string, options: FaultOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = options.kind
    this.code = options.code
    this.retryAfterS = options.retryAfterS
  }
}
