import type { Fault, Reply } from '../kit/index.ts'
import { hideCardNumbers } from './card-numbers.ts'
import type { Problem, RefusalKind } from './problem.ts'
import { type ErrorType, statusOfFault, statusOfKind, typeOfKind } from './statuses.ts'

/** What a refusal says, whoever makes it: the door, or a unit of work that renders its answer before it is committed. */
export type RefusalText = {
  readonly kind: RefusalKind
  /** Machine code, snake_case, a heading of docs/ERRORS.md. */
  readonly code: string
  readonly message: string
  readonly param?: string | null
  /** Where Stripe's type differs from the kind's, as for idempotency_error. */
  readonly type?: ErrorType
  /** Further fields of Stripe's envelope: decline_code, payment_intent … */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** Where doc_url points: the server's own page of errors. */
const DOC_URL_BASE = '/errors'

const IDEMPOTENCY = 'idempotency_'

const typeOf = (text: RefusalText): ErrorType => {
  if (text.type !== undefined) return text.type
  return text.code.startsWith(IDEMPOTENCY) ? 'idempotency_error' : typeOfKind[text.kind]
}

const envelope = (text: RefusalText): string =>
  JSON.stringify({
    error: {
      ...(text.extra ?? {}),
      code: text.code,
      doc_url: `${DOC_URL_BASE}#${text.code}`,
      message: hideCardNumbers(text.message),
      ...(text.param === undefined || text.param === null ? {} : { param: text.param }),
      type: typeOf(text),
    },
  })

/** A refusal as the answer that is sent, and stored if a unit of work made it. */
export const refusalReply = (text: RefusalText): Reply => ({
  status: statusOfKind[text.kind],
  body: envelope(text),
  objectId: null,
  code: text.code,
})

/** Stripe's wording for an object that is not there, or not the caller's. */
export const missingReply = (object: string, id: string, param = 'id'): Reply =>
  refusalReply({
    kind: 'not_found',
    code: 'resource_missing',
    message: `No such ${object.replaceAll('_', ' ')}: '${id}'`,
    param,
  })

/** The same of an object that a parameter of the body names: the request is at fault, not its address. */
export const missingNamedReply = (object: string, id: string, param: string): Reply =>
  refusalReply({ kind: 'invalid', code: 'resource_missing', message: `No such ${object}: '${id}'`, param })

/** Stripe's wording for an idempotency key that was first used with another request. */
export const keyReusedReply = (key: string): Reply =>
  refusalReply({
    kind: 'invalid',
    code: 'idempotency_key_reused',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  })

/** An answer on its way out: a reply, its media type, and the headers that only it has, as names and values in turn. */
export type WireAnswer = {
  readonly reply: Reply
  readonly type: string
  readonly headers: readonly string[] | null
  /** The Content-Security-Policy of a page for people; without it nothing may be loaded or shown at all. */
  readonly policy?: string
}

const JSON_TYPE = 'application/json'

export const replyAnswer = (reply: Reply, headers: readonly string[] | null = null): WireAnswer => ({
  reply,
  type: JSON_TYPE,
  headers,
})

/**
 * What may be said about sending a request again: a read and a request with a key may be repeated as they are;
 * of a write without a key nobody can know whether it took effect.
 */
export type Repeat = 'plain' | 'with_key' | 'unsafe'

const repeatSentence = {
  plain: 'It is safe to send the request again.',
  with_key: 'It is safe to retry with the same Idempotency-Key.',
  unsafe:
    'The request had no Idempotency-Key: look whether it took effect before you send it again, and send a key with the next one.',
} as const satisfies Record<Repeat, string>

const SAYS_SO = /safe to (?:retry|send)/i
const NOTHING_DONE = /nothing was done/i

/** Adds what may be said about a repeat, where the message has not said it; the warning is given in any case. */
const withRepeat = (message: string, repeat: Repeat): string =>
  repeat !== 'unsafe' && SAYS_SO.test(message)
    ? message
    : `${message.replace(/[.\s]*$/, '.')} ${repeatSentence[repeat]}`

export const problemAnswer = (problem: Problem): WireAnswer => {
  const reply = refusalReply(problem)
  const status = problem.status ?? reply.status
  const headers = status === 401 ? ['www-authenticate', 'Bearer realm="api"'] : null
  return replyAnswer(status === reply.status ? reply : { ...reply, status }, headers)
}

/** A fault is honest about itself: nothing is known to be wrong with the request, and the same key may be tried again. */
export const faultAnswer = (
  fault: Pick<Fault, 'kind' | 'code' | 'message' | 'retryAfterS'>,
  repeat: Repeat,
): WireAnswer => {
  // A full queue or a busy key has begun nothing, and other faults say so where they know it.
  const isKnown = fault.kind !== 'unavailable' || NOTHING_DONE.test(fault.message)
  const honest = repeat === 'unsafe' && isKnown ? 'plain' : repeat
  const message = withRepeat(fault.message, honest)
  const reply = refusalReply({ kind: fault.kind, code: fault.code, message })
  return replyAnswer({ ...reply, status: statusOfFault(fault.kind) }, [
    'retry-after',
    String(Math.max(1, Math.ceil(fault.retryAfterS))),
    'stripe-should-retry',
    honest === 'unsafe' ? 'false' : 'true',
  ])
}

/** A bug says nothing about itself but the number to ask by. */
export const bugAnswer = (requestId: string, repeat: Repeat): WireAnswer =>
  replyAnswer(
    refusalReply({
      kind: 'internal',
      code: 'internal_error',
      message: withRepeat(`An error occurred on our side (request ${requestId}).`, repeat),
    }),
  )
