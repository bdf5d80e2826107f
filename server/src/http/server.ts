import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { assert, Fault } from '../kit/index.ts'
import { admit } from './admit.ts'
import { watchDeadlines, watchShutdown } from './drain.ts'
import { type Door, Exchange, NO_ROUTE } from './exchange.ts'
import { answerBrokenConnection, frameworkProblem, noRouteProblem } from './fallback.ts'
import { hasLargeBody } from './headers.ts'
import {
  CONNECTIONS_LIMIT,
  HEADER_COUNT_LIMIT,
  HEADER_LIMIT_BYTES,
  PATH_PARAMETER_LIMIT,
  TIMEOUTS,
  type Timeouts,
} from './limits.ts'
import { createRequestMetrics } from './metrics.ts'
import type { ServerOptions } from './options.ts'
import { addPages } from './pages.ts'
import { type PreparedRoute, prepareRoute } from './prepared.ts'
import { newRequestId } from './request-id.ts'
import type { Route } from './route.ts'
import { sendProblem, sendThrown } from './send.ts'
import { addSystemRoutes } from './system.ts'

const createFastify = (door: Door, timeouts: Timeouts): FastifyInstance => {
  const app = fastify({
    logger: false,
    genReqId: newRequestId,
    requestIdHeader: false,
    connectionTimeout: timeouts.silenceMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    requestTimeout: timeouts.requestMs,
    exposeHeadRoutes: false,
    // Requests that arrive while the server stops are answered by the door itself, in Stripe's envelope.
    return503OnClosing: false,
    http: {
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkMs,
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
  app.removeAllContentTypeParsers()
  return app
}

/** Fastify finds the route; from its first hook on, the request is the door's, and Fastify's own handling never begins. */
const addRoute = (app: FastifyInstance, door: Door, prepared: PreparedRoute): void => {
  const { route } = prepared
  app.route({
    method: route.method,
    url: route.path,
    onRequest: (request, reply, _done) => admit(door, prepared, request, reply),
    handler: () => assert(false, 'the door answers its requests itself'),
  })
}

const addFallbacks = (app: FastifyInstance, door: Door, routes: readonly Route[]): void => {
  app.setNotFoundHandler((request, reply) => {
    const exchange = new Exchange(door, request, reply, null, NO_ROUTE)
    exchange.unread = hasLargeBody(request.headers)
    sendProblem(door, exchange, noRouteProblem(request.method, request.raw.url ?? '', routes))
  })
  app.setErrorHandler((error, request, reply) => {
    const exchange = new Exchange(door, request, reply, null, NO_ROUTE)
    const problem = frameworkProblem(error)
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
    faultOf: options.faultOf ?? ((error) => (error instanceof Fault ? error : null)),
    inFlight,
    draining: false,
    isLeaving: options.leaving ?? (() => false),
  }
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const app = createFastify(door, timeouts)
  for (const route of options.routes) addRoute(app, door, prepareRoute(route, options.checkAnswers ?? false))
  addSystemRoutes(app, door, options)
  addPages(app, door, options.pages ?? [])
  addFallbacks(app, door, options.routes)
  watchDeadlines(app, door, timeouts.sweepMs)
  watchShutdown(app, door, timeouts.drainMs)
  return app
}
