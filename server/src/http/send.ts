import { bugAnswer, faultAnswer, problemAnswer, type WireAnswer } from './envelope.ts'
import type { Door, Exchange } from './exchange.ts'
import type { Problem } from './problem.ts'
import type { Replayed } from './route.ts'

/** What every answer has: nothing may be framed, sniffed or cached. */
const COMMON_HEADERS = ['cache-control', 'no-store', 'x-content-type-options', 'nosniff'] as const

/** Answers are for programs: nothing may be loaded from them. */
const PROGRAMS_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** Has no content, and so neither type nor length of its own. */
const NOT_MODIFIED = 304

const isReplayed = (reply: WireAnswer['reply']): reply is Replayed =>
  'replayed' in reply && reply.replayed === true

const record = (door: Door, exchange: Exchange, answer: WireAnswer): void => {
  const ms = performance.now() - exchange.startedMs
  const { method } = exchange.request
  const { status, code } = answer.reply
  door.metrics.observe(method, exchange.pattern, status, ms)
  if (exchange.quiet && status < 400) return
  // These fields and no others: bodies, query strings, headers and keys may hold what no log may hold.
  const line = {
    request_id: exchange.id,
    method,
    route: exchange.pattern,
    status,
    ms: Math.round(ms * 10) / 10,
    tenant: exchange.principal?.tenant,
    key_id: exchange.principal?.keyId,
    error_code: code ?? undefined,
  }
  door.log.info(line, 'request')
}

const headersOf = (door: Door, exchange: Exchange, answer: WireAnswer): string[] => {
  const { reply } = answer
  const content = ['content-type', answer.type, 'content-length', String(Buffer.byteLength(reply.body))]
  const headers: string[] = [
    ...(reply.status === NOT_MODIFIED ? [] : content),
    'request-id',
    exchange.id,
    'content-security-policy',
    answer.policy ?? PROGRAMS_POLICY,
    ...COMMON_HEADERS,
  ]
  const version = exchange.request.headers['stripe-version']
  if (typeof version === 'string' && reply.code !== 'stripe_version_invalid')
    headers.push('stripe-version', version)
  if (isReplayed(reply)) headers.push('idempotent-replayed', 'true')
  if (answer.headers !== null) headers.push(...answer.headers)
  if (door.draining || door.isLeaving() || exchange.unread) headers.push('connection', 'close')
  return headers
}

/**
 * Sends the answer. An exchange has one: what comes after it, such as a handler past its deadline, is dropped.
 * The answer is text already, so it goes to Node's response as it is: Fastify's reply would only look at it again.
 */
export const send = (door: Door, exchange: Exchange, answer: WireAnswer): void => {
  if (exchange.answered) return
  exchange.answered = true
  door.inFlight.delete(exchange)
  exchange.reply.hijack()
  const { raw } = exchange.reply
  raw.writeHead(answer.reply.status, headersOf(door, exchange, answer))
  raw.end(answer.reply.body)
  record(door, exchange, answer)
}

export const sendProblem = (door: Door, exchange: Exchange, problem: Problem): void =>
  send(door, exchange, problemAnswer(problem))

/** A fault is answered as what it is; anything else that was thrown is a bug of ours. */
export const sendThrown = (door: Door, exchange: Exchange, error: unknown): void => {
  const fault = door.faultOf(error)
  if (fault !== null) {
    send(door, exchange, faultAnswer(fault, exchange.repeat))
    return
  }
  door.log.error({ request_id: exchange.id, route: exchange.pattern, err: error }, 'bug')
  send(door, exchange, bugAnswer(exchange.id, exchange.repeat))
}
