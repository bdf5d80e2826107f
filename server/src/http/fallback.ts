import type { Duplex } from 'node:stream'
import { problemAnswer } from './envelope.ts'
import { Problem } from './problem.ts'
import { newRequestId } from './request-id.ts'
import type { Route } from './route.ts'

/** What Fastify itself refuses, by its codes, in the envelope and the words of the rest. */
const FRAMEWORK_PROBLEMS: ReadonlyMap<string, Problem> = new Map([
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', new Problem('content_type_unsupported')],
  ['FST_ERR_BAD_URL', new Problem('url_malformed')],
  ['FST_ERR_MAX_PARAM_LENGTH', new Problem('url_unknown', 'The URL holds an id that is too long to be one.')],
])

const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

/** The problem of an error that Fastify raised over a request; null for what is our own bug. */
export const frameworkProblem = (error: unknown): Problem | null => {
  const code = codeOf(error)
  return code === undefined ? null : (FRAMEWORK_PROBLEMS.get(code) ?? null)
}

const matches = (path: string, url: string): boolean => {
  const expected = path.split('/')
  const actual = url.split('/')
  return (
    expected.length === actual.length &&
    expected.every((step, index) => step.startsWith(':') || step === actual[index])
  )
}

/** Nothing is served there: 404 in Stripe's words, 405 where another method would be. */
export const noRouteProblem = (method: string, url: string, routes: readonly Route[]): Problem => {
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  const methods = routes.filter((route) => matches(route.path, path)).map((route) => route.method)
  const shown = `(${method}: ${path.slice(0, 200)})`
  if (methods.length === 0) return new Problem('url_unknown', `Unrecognized request URL ${shown}.`)
  return new Problem(
    'method_not_allowed',
    `Unrecognized request URL ${shown}. This URL takes ${methods.join(' and ')}.`,
  )
}

const STATUS_LINES: ReadonlyMap<string, { readonly line: string; readonly problem: Problem }> = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    {
      line: '431 Request Header Fields Too Large',
      problem: new Problem('headers_too_large', 'The headers are larger than the server takes.'),
    },
  ],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    {
      line: '408 Request Timeout',
      problem: new Problem('request_timeout', 'The request was not complete in time. Send it again.'),
    },
  ],
])

const MALFORMED = {
  line: '400 Bad Request',
  problem: new Problem('request_malformed', 'The request is not valid HTTP/1.1.'),
}

/** Answers what is no HTTP request at all, or never became one, and closes the connection. */
export const answerBrokenConnection = (error: unknown, socket: Duplex): void => {
  if (!socket.writable || codeOf(error) === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { line, problem } = STATUS_LINES.get(codeOf(error) ?? '') ?? MALFORMED
  const { body } = problemAnswer(problem).reply
  socket.end(
    `HTTP/1.1 ${line}\r\ncontent-type: application/json\r\nrequest-id: ${newRequestId()}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
