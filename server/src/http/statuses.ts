import type { FaultKind, Kind } from '../kit/index.ts'

/** The one table from kinds to HTTP statuses. The statuses are Stripe's: a request that cannot be done is a 400. */
export const statusOfKind = {
  invalid: 400,
  not_found: 404,
  exists: 200,
  conflict: 409,
  precondition: 400,
  declined: 402,
  unauthenticated: 401,
  forbidden: 403,
  exhausted: 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<Kind, number>

/** Stripe's error types. Its SDKs choose their exception classes by them, and by 401, 403 and 429. */
export type ErrorType = 'invalid_request_error' | 'idempotency_error' | 'api_error' | 'card_error'

export const typeOfKind = {
  invalid: 'invalid_request_error',
  not_found: 'invalid_request_error',
  exists: 'invalid_request_error',
  conflict: 'invalid_request_error',
  precondition: 'invalid_request_error',
  declined: 'card_error',
  unauthenticated: 'invalid_request_error',
  forbidden: 'invalid_request_error',
  exhausted: 'invalid_request_error',
  unavailable: 'api_error',
  internal: 'api_error',
} as const satisfies Record<Kind, ErrorType>

export const statusOfFault = (kind: FaultKind): number => statusOfKind[kind]
