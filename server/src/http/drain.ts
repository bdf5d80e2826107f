import type { FastifyInstance } from 'fastify'
import { faultAnswer } from './envelope.ts'
import type { Door } from './exchange.ts'
import { DEADLINE_GRACE_MS } from './limits.ts'
import { send } from './send.ts'

const answerLate = (door: Door): void => {
  const latest = door.wall.now() - DEADLINE_GRACE_MS
  for (const exchange of door.inFlight) {
    if (exchange.deadlineMs > latest) continue
    const fault = {
      kind: 'unavailable' as const,
      code: 'deadline_exceeded',
      message: 'The request took too long and its outcome is not known yet.',
      retryAfterS: 1,
    }
    send(door, exchange, faultAnswer(fault, exchange.repeat))
  }
}

/**
 * Handlers keep to their deadline by themselves. One that does not is answered for, so that a client always hears
 * something; one sweep over all requests costs less than a timer for each.
 */
export const watchDeadlines = (app: FastifyInstance, door: Door, sweepMs: number): void => {
  const timer = setInterval(answerLate, sweepMs, door)
  timer.unref()
  app.addHook('onClose', (_instance, done) => {
    clearInterval(timer)
    done()
  })
}

/**
 * close(): no new connections, what runs is finished, what still arrives on a kept connection gets a 503 and its
 * connection closed. Whoever is not done after the limit is cut off.
 */
export const watchShutdown = (app: FastifyInstance, door: Door, drainMs: number): void => {
  app.addHook('preClose', (done) => {
    door.draining = true
    const cut = setTimeout(() => app.server.closeAllConnections(), drainMs)
    cut.unref()
    app.server.once('close', () => clearTimeout(cut))
    done()
  })
}
