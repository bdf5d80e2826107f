import type { Door, Exchange } from './exchange.ts'
import { BODY_LIMIT_BYTES } from './limits.ts'
import type { PreparedRoute } from './prepared.ts'
import { Problem } from './problem.ts'
import { run } from './run.ts'
import { sendProblem } from './send.ts'

/** The rest of a refused body is not waited for: its connection is closed with the answer. */
const refuse = (door: Door, exchange: Exchange, problem: Problem): void => {
  exchange.unread = true
  sendProblem(door, exchange, problem)
}

const collect = (door: Door, exchange: Exchange, prepared: PreparedRoute, limitBytes: number): void => {
  const { raw } = exchange.request
  const chunks: Buffer[] = []
  let received = 0
  const onData = (chunk: Buffer): void => {
    received += chunk.length
    if (received <= limitBytes) {
      chunks.push(chunk)
      return
    }
    chunks.length = 0
    raw.off('data', onData)
    refuse(door, exchange, new Problem('body_too_large'))
  }
  raw.on('data', onData)
  raw.on('end', () => {
    if (exchange.answered) return
    const [first = null] = chunks
    void run(door, exchange, prepared, chunks.length > 1 ? Buffer.concat(chunks, received) : first)
  })
  raw.on('error', () => {
    refuse(
      door,
      exchange,
      new Problem('request_malformed', 'The connection ended before the body was complete.'),
    )
  })
}

/**
 * Takes the body of a request that was let in, and runs it. The door does this itself, in place of Fastify's parsers: which type a
 * body has was decided before, once, and everything that reads the type again could read it differently.
 */
export const receive = (door: Door, exchange: Exchange, prepared: PreparedRoute): void => {
  if (exchange.format === null) {
    void run(door, exchange, prepared, null)
    return
  }
  const limitBytes = prepared.route.bodyLimitBytes ?? BODY_LIMIT_BYTES
  const announced = Number(exchange.request.headers['content-length'] ?? 0)
  if (announced > limitBytes) refuse(door, exchange, new Problem('body_too_large'))
  else collect(door, exchange, prepared, limitBytes)
}
