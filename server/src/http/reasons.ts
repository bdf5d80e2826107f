import type { Kind, Reason } from '../kit/index.ts'

/** A reason of the door; `status` where HTTP has a number of its own for it. */
type DoorReason = Reason & { readonly kind: Exclude<Kind, 'exists'>; readonly status?: number }

/** Why the door itself refuses a request, in order of precedence: what is asked first stands first. */
export const doorReasons = {
  request_malformed: {
    kind: 'invalid',
    message: 'The request is not valid HTTP/1.1, or ended before it was complete.',
  },
  headers_too_large: {
    kind: 'invalid',
    status: 431,
    message: 'The headers are larger than the server takes.',
  },
  request_timeout: {
    kind: 'invalid',
    status: 408,
    message: 'The request was not complete in time. Send it again.',
  },
  url_malformed: { kind: 'invalid', message: 'The URL holds a broken percent-encoding.' },
  url_unknown: { kind: 'not_found', message: 'Nothing is served at this URL.' },
  method_not_allowed: { kind: 'invalid', status: 405, message: 'The URL takes other methods.' },
  server_stopping: {
    kind: 'unavailable',
    message: 'The server is shutting down and did not begin the request.',
  },
  header_duplicate: { kind: 'invalid', message: 'A header that may come once came twice.' },
  header_unsupported: {
    kind: 'invalid',
    message: 'A header would change what the request means, and is not supported.',
  },
  stripe_version_invalid: { kind: 'invalid', message: 'Stripe-Version is a date, or a date and a name.' },
  idempotency_key_invalid: { kind: 'invalid', message: 'Idempotency-Key is 1 to 255 printable characters.' },
  api_key_missing: {
    kind: 'unauthenticated',
    message: 'Send an API key, as bearer token or as the user name of basic authentication.',
  },
  api_key_invalid: { kind: 'unauthenticated', message: 'No such API key.' },
  secret_key_required: { kind: 'forbidden', message: 'A publishable key cannot do this. Use a secret key.' },
  permission_missing: { kind: 'forbidden', message: 'The key lacks the permission that the message names.' },
  metrics_forbidden: {
    kind: 'forbidden',
    message: 'Metrics are read from the server’s own machine, or with METRICS_KEY as bearer token.',
  },
  body_unexpected: {
    kind: 'invalid',
    message: 'GET and DELETE have no body: their parameters stand in the query string.',
  },
  content_encoding_unsupported: {
    kind: 'invalid',
    status: 415,
    message: 'Bodies are sent as they are, neither compressed nor in a transfer encoding but chunked.',
  },
  content_type_missing: { kind: 'invalid', message: 'A body needs a Content-Type.' },
  content_type_unsupported: {
    kind: 'invalid',
    status: 415,
    message: 'Bodies are application/x-www-form-urlencoded or application/json, in UTF-8.',
  },
  body_too_large: { kind: 'invalid', status: 413, message: 'The body is larger than this URL takes.' },
  form_invalid: {
    kind: 'invalid',
    message: 'A form or query string cannot be read: brackets, percent-encoding or number of parameters.',
  },
  json_invalid: { kind: 'invalid', message: 'The body is not JSON, no object, or nested too deeply.' },
  parameter_duplicate: { kind: 'invalid', message: 'A parameter is sent more than once.' },
  parameter_unknown: {
    kind: 'invalid',
    message: 'The URL does not take this parameter. Unknown parameters are never ignored.',
  },
  parameter_invalid_empty: {
    kind: 'invalid',
    message: 'An empty value was sent for a parameter that cannot be unset.',
  },
  parameter_invalid_integer: {
    kind: 'invalid',
    message:
      'Not a whole number between −(2^53 − 1) and 2^53 − 1 in plain notation, or outside the parameter’s bounds.',
  },
  parameter_invalid_boolean: { kind: 'invalid', message: 'Neither true nor false.' },
  parameter_invalid_string: { kind: 'invalid', message: 'Not a text, or one of the wrong length or form.' },
  parameter_invalid_choice: { kind: 'invalid', message: 'Not one of the values that the parameter takes.' },
  parameter_invalid_array: { kind: 'invalid', message: 'Not a list, or one of the wrong length.' },
  parameter_invalid_object: {
    kind: 'invalid',
    message: 'Not an object, or one with too many or wrong keys.',
  },
  parameter_missing: { kind: 'invalid', message: 'A required parameter is missing.' },
  parameters_exclusive: { kind: 'invalid', message: 'Parameters were sent of which only one may be.' },
  parameter_invalid_expand: { kind: 'invalid', message: 'The property cannot be expanded.' },
  idempotency_key_reused: {
    kind: 'invalid',
    message: 'The Idempotency-Key was first used with another request.',
  },
  deadline_exceeded: {
    kind: 'unavailable',
    message: 'The request took too long and its outcome is not known yet.',
  },
  internal_error: {
    kind: 'internal',
    message: 'An error on our side. The message has the number to ask by.',
  },
} as const satisfies Readonly<Record<string, DoorReason>>

export type DoorCode = keyof typeof doorReasons

export const doorReason = (code: DoorCode): DoorReason => doorReasons[code]
