import type { FastifyReply, FastifyRequest } from 'fastify'
import { checkPermission, keyOf, type Principal, unknownKey } from './authentication.ts'
import { faultAnswer } from './envelope.ts'
import { type Door, Exchange } from './exchange.ts'
import { bodyFormat, checkHeaders, hasBody, hasLargeBody } from './headers.ts'
import { DRAIN_RETRY_S } from './limits.ts'
import type { PreparedRoute } from './prepared.ts'
import { Problem } from './problem.ts'
import { receive } from './receive.ts'
import { send, sendProblem, sendThrown } from './send.ts'

/*
 * What happens before a byte of the body is read, in this order: the headers that make a request ambiguous, the key,
 * the permission, the form of the body. A caller without the right learns nothing else about a route.
 */

/** A server that stops answers what still arrives on kept connections; nothing of such a request was begun. */
export const sendDraining = (door: Door, exchange: Exchange): void => {
  const fault = {
    kind: 'unavailable' as const,
    code: 'server_stopping',
    message: 'The server is shutting down and did not begin this request.',
    retryAfterS: DRAIN_RETRY_S,
  }
  send(door, exchange, faultAnswer(fault, 'plain'))
}

const unexpectedBody = (method: string): Problem =>
  new Problem('body_unexpected', `A ${method} request has no body. Send its parameters in the query string.`)

const formatProblem = (exchange: Exchange, prepared: PreparedRoute): Problem | null => {
  const { method, headers } = exchange.request
  if (!hasBody(headers)) return null
  if (method !== 'POST') return unexpectedBody(method)
  const format = bodyFormat(headers)
  if (format instanceof Problem) return format
  if (format === 'form' && prepared.route.jsonOnly) {
    return new Problem('content_type_unsupported', 'This URL takes JSON only. Send application/json.')
  }
  exchange.format = format
  return null
}

const admitPrincipal = (
  door: Door,
  exchange: Exchange,
  prepared: PreparedRoute,
  key: string,
  principal: Principal | null,
): boolean => {
  if (principal === null) {
    sendProblem(door, exchange, unknownKey(key))
    return false
  }
  exchange.principal = principal
  const problem = checkPermission(principal, prepared.route, key) ?? formatProblem(exchange, prepared)
  if (problem === null) {
    exchange.unread = false
    return true
  }
  sendProblem(door, exchange, problem)
  return false
}

const admitLater = async (
  door: Door,
  exchange: Exchange,
  prepared: PreparedRoute,
  key: string,
  found: Promise<Principal | null>,
): Promise<void> => {
  try {
    if (admitPrincipal(door, exchange, prepared, key, await found)) receive(door, exchange, prepared)
  } catch (error) {
    sendThrown(door, exchange, error)
  }
}

/** The API key of a request whose headers are in order. */
const keyOfRequest = (request: FastifyRequest): string | Problem =>
  checkHeaders(request.headers, request.raw.rawHeaders) ?? keyOf(request.headers.authorization)

const identify = (door: Door, exchange: Exchange, prepared: PreparedRoute, key: string): void => {
  const found = door.authenticate(key)
  if (found instanceof Promise) void admitLater(door, exchange, prepared, key, found)
  else if (admitPrincipal(door, exchange, prepared, key, found)) receive(door, exchange, prepared)
}

/** Lets a request in and takes its body, or answers it. */
export const admit = (
  door: Door,
  prepared: PreparedRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): void => {
  const exchange = new Exchange(door, request, reply, prepared, prepared.route.path)
  exchange.unread = hasLargeBody(request.headers)
  if (door.draining) {
    sendDraining(door, exchange)
    return
  }
  const key = keyOfRequest(request)
  if (key instanceof Problem) {
    sendProblem(door, exchange, key)
    return
  }
  try {
    identify(door, exchange, prepared, key)
  } catch (error) {
    sendThrown(door, exchange, error)
  }
}
