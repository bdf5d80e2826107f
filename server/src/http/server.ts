import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { admit } from './admit.ts'
import { watchDeadlines, watchShutdown } from './drain.ts'
import { type Door, Exchange, NO_ROUTE } from './exchange.ts'
import { answerBrokenConnection, frameworkProblem, noRouteProblem } from './fallback.ts'
import {
  BODY_LIMIT_BYTES,
  CONNECTIONS_LIMIT,
  HEADER_COUNT_LIMIT,
  HEADER_LIMIT_BYTES,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  PATH_PARAMETER_LIMIT,
  REQUEST_TIMEOUT_MS,
  SILENCE_TIMEOUT_MS,
  TIMEOUT_CHECK_MS,
} from './limits.ts'
import { createRequestMetrics } from './metrics.ts'
import type { ServerOptions } from './options.ts'
import { type PreparedRoute, prepareRoute } from './prepared.ts'
import { newRequestId } from './request-id.ts'
import type { Route } from './route.ts'
import { run } from './run.ts'
import { sendProblem, sendThrown } from './send.ts'
import { addSystemRoutes } from './system.ts'

const createFastify = (door: Door): FastifyInstance => {
  const app = fastify({
    logger: false,
    genReqId: newRequestId,
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT_BYTES,
    connectionTimeout: SILENCE_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    exposeHeadRoutes: false,
    // Requests that arrive while the server stops are answered by the door itself, in Stripe's envelope.
    return503OnClosing: false,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      maxHeaderSize: HEADER_LIMIT_BYTES,
    },
    routerOptions: {
      maxParamLength: PATH_PARAMETER_LIMIT,
      // The door parses query strings itself, and only for the routes that it serves.
      querystringParser: () => ({}),
    },
    clientErrorHandler: (error, socket) => answerBrokenConnection(error, socket),
    frameworkErrors: (error, request, reply) => {
      const exchange = new Exchange(door, request as FastifyRequest, reply as FastifyReply, null, NO_ROUTE)
      sendProblem(door, exchange, frameworkProblem(error) ?? noRouteProblem(request.method, '', []))
    },
  })
  app.server.maxConnections = CONNECTIONS_LIMIT
  app.server.maxHeadersCount = HEADER_COUNT_LIMIT
  app.decorateRequest('exchange', null)
  app.removeAllContentTypeParsers()
  // Which type a body has was decided when the request was let in; here it is only collected.
  // The two types are named beside the rest because Fastify remembers the parsers of types that it knows.
  const types = ['application/json', 'application/x-www-form-urlencoded', '*']
  app.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  return app
}

const addRoute = (app: FastifyInstance, door: Door, prepared: PreparedRoute): void => {
  const { route } = prepared
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    onRequest: (request, reply, done) => admit(door, prepared, request, reply, done),
    handler: (request, reply) => {
      const exchange = request.exchange ?? new Exchange(door, request, reply, prepared, route.path)
      void run(door, exchange, prepared, Buffer.isBuffer(request.body) ? request.body : null)
    },
  })
}

const addFallbacks = (app: FastifyInstance, door: Door, routes: readonly Route[]): void => {
  app.setNotFoundHandler((request, reply) => {
    const exchange = new Exchange(door, request, reply, null, NO_ROUTE)
    sendProblem(door, exchange, noRouteProblem(request.method, request.raw.url ?? '', routes))
  })
  app.setErrorHandler((error, request, reply) => {
    const exchange = request.exchange ?? new Exchange(door, request, reply, null, NO_ROUTE)
    const problem = frameworkProblem(error)
    // Whatever Fastify stopped at, the rest of the body may still be on its way.
    exchange.unread = true
    if (problem !== null) sendProblem(door, exchange, problem)
    else sendThrown(door, exchange, error)
  })
}

/** Builds the HTTP server over all capabilities' routes. It listens when main says so: `await app.listen(…)`. */
export const buildServer = (options: ServerOptions): FastifyInstance => {
  const inFlight = new Set<Exchange>()
  const door: Door = {
    authenticate: options.authenticate,
    wall: options.wall,
    log: options.log,
    metrics: createRequestMetrics(options.registry, () => inFlight.size),
    inFlight,
    draining: false,
  }
  const app = createFastify(door)
  for (const route of options.routes) addRoute(app, door, prepareRoute(route, options.checkAnswers ?? false))
  addSystemRoutes(app, door, options)
  addFallbacks(app, door, options.routes)
  watchDeadlines(app, door)
  watchShutdown(app, door)
  return app
}
