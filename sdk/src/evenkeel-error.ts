/** What sort of failure it is: the API's own types, and one for an API that could not be asked. */
export type ErrorType =
  | 'invalid_request_error'
  | 'idempotency_error'
  | 'card_error'
  | 'api_error'
  | 'connection_error'

export type ErrorDetails = {
  readonly type: ErrorType
  readonly code: string | null
  readonly param: string | null
  readonly status: number | null
  readonly requestId: string | null
  readonly docUrl: string | null
  readonly idempotencyKey: string | null
  readonly retryAfterS: number | null
  /** The answer's body, read as JSON where it is JSON. */
  readonly body: unknown
  readonly cause?: unknown
}

/** The one error of this client. */
export class EvenkeelError extends Error {
  override readonly name = 'EvenkeelError'
  readonly type: ErrorType
  /** Machine code, such as resource_missing; null when the answer names none. */
  readonly code: string | null
  /** The parameter that it is about. */
  readonly param: string | null
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null
  /** By which the request is found in the server's log. */
  readonly requestId: string | null
  readonly docUrl: string | null
  /** The key that the request was sent with: sent again with it, nothing is done twice. */
  readonly idempotencyKey: string | null
  readonly retryAfterS: number | null
  readonly body: unknown

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.type = details.type
    this.code = details.code
    this.param = details.param
    this.status = details.status
    this.requestId = details.requestId
    this.docUrl = details.docUrl
    this.idempotencyKey = details.idempotencyKey
    this.retryAfterS = details.retryAfterS
    this.body = details.body
  }
}
