import { hash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WireAnswer } from './envelope.ts'
import { renderErrorsMarkdown } from './errors-markdown.ts'
import { type Door, Exchange } from './exchange.ts'
import { openApiDocument } from './openapi.ts'
import type { ServerOptions } from './options.ts'
import { Problem } from './problem.ts'
import { doorReasons } from './reasons.ts'
import { referencePage } from './reference/page.ts'
import { send, sendProblem, sendThrown } from './send.ts'

const answerOf = (status: number, body: string, type: string): WireAnswer => ({
  reply: { status, body, objectId: null, code: null },
  type,
  headers: null,
})

const jsonAnswer = (status: number, value: unknown): WireAnswer =>
  answerOf(status, JSON.stringify(value), 'application/json')

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const LOCAL_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const

/**
 * From this machine itself: a proxy in front of the server and a web page in somebody's browser also connect from
 * here, and give themselves away by a header or by the host that they ask for.
 */
const isLocal = (request: FastifyRequest): boolean =>
  LOOPBACK.has(request.raw.socket.remoteAddress ?? '') &&
  LOCAL_HOST.test(request.headers.host ?? '') &&
  FORWARDED.every((name) => request.headers[name] === undefined)

const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'))

const mayReadMetrics = (request: FastifyRequest, key: string | null): boolean => {
  const sent = request.headers.authorization
  if (key !== null && sent !== undefined && isSame(sent, `Bearer ${key}`)) return true
  return isLocal(request)
}

const HTML = 'text/html; charset=utf-8'
/** Our own style within the page, and links; no script, no font, no picture. */
const REFERENCE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"

type Answer = (request: FastifyRequest) => WireAnswer | Problem | Promise<WireAnswer | Problem>

const add = (app: FastifyInstance, door: Door, path: string, answer: Answer): void => {
  const respond = async (exchange: Exchange): Promise<void> => {
    try {
      const result = await answer(exchange.request)
      if (result instanceof Problem) sendProblem(door, exchange, result)
      else send(door, exchange, result)
    } catch (error) {
      sendThrown(door, exchange, error)
    }
  }
  app.get(path, (request, reply) => {
    const exchange = new Exchange(door, request, reply, null, path)
    exchange.quiet = true
    void respond(exchange)
  })
}

/** What is not the API: probes, metrics, and the two pages that describe the API. They need no key. */
export const addSystemRoutes = (app: FastifyInstance, door: Door, options: ServerOptions): void => {
  const openApi = JSON.stringify(openApiDocument(options.routes, options.info))
  const errors = renderErrorsMarkdown({ ...options.errors, 'The door': doorReasons })
  add(app, door, '/healthz', () => jsonAnswer(200, { status: 'ok' }))
  add(app, door, '/readyz', async () => {
    if (door.draining || door.isLeaving()) return jsonAnswer(503, { status: 'stopping', checks: {} })
    const { ready, checks } = await options.ready()
    return jsonAnswer(ready ? 200 : 503, { status: ready ? 'ready' : 'not_ready', checks })
  })
  add(app, door, '/metrics', async (request) => {
    if (mayReadMetrics(request, options.metricsKey))
      return answerOf(200, await options.registry.metrics(), options.registry.contentType)
    return new Problem(
      'metrics_forbidden',
      'Metrics are read from this machine, or with METRICS_KEY as bearer token.',
    )
  })
  add(app, door, '/openapi.json', () => answerOf(200, openApi, 'application/json'))
  let reference: WireAnswer | null = null
  add(app, door, '/docs', () => {
    reference ??= { ...answerOf(200, referencePage(JSON.parse(openApi)), HTML), policy: REFERENCE_POLICY }
    return reference
  })
  add(app, door, '/errors', () => answerOf(200, errors, 'text/markdown; charset=utf-8'))
}
