import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TenantId, WallClock } from '../kit/index.ts'
import type { Authenticate, Principal } from './authentication.ts'
import type { Repeat } from './envelope.ts'
import type { FaultOf } from './fault-of.ts'
import type { BodyFormat } from './headers.ts'
import { REQUEST_DEADLINE_MS } from './limits.ts'
import type { Log } from './log.ts'
import type { RequestMetrics } from './metrics.ts'
import type { PreparedRoute } from './prepared.ts'
import type { Claim, ForeignRequest, RequestContext } from './route.ts'

/** What all requests of one server share. */
export type Door = {
  readonly authenticate: Authenticate
  readonly wall: WallClock
  readonly log: Log
  readonly metrics: RequestMetrics
  /** What an error is to the caller; null where it is a bug of ours. */
  readonly faultOf: FaultOf
  /** Requests that have arrived and are not answered. */
  readonly inFlight: Set<Exchange>
  draining: boolean
  /** Whether the server is about to drain: it does all its work still, and sends those who ask elsewhere. */
  readonly isLeaving: () => boolean
}

/** The pattern that a request is logged and counted under when no route took it. */
export const NO_ROUTE = 'none'

/** One request and its one answer. */
export class Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly prepared: PreparedRoute | null
  /** For logs and metrics: the route's pattern, never the path, which holds ids. */
  readonly pattern: string
  readonly startedMs: number
  readonly deadlineMs: number
  principal: Principal | null = null
  format: BodyFormat | null = null
  /** A large body is still on its way: the connection is not kept once such a request is refused. */
  unread = false
  /** Probes are not worth a line in the log while they succeed. */
  quiet = false
  answered = false

  constructor(
    door: Door,
    request: FastifyRequest,
    reply: FastifyReply,
    prepared: PreparedRoute | null,
    pattern: string,
  ) {
    this.request = request
    this.reply = reply
    this.prepared = prepared
    this.pattern = pattern
    this.startedMs = performance.now()
    this.deadlineMs = door.wall.now() + (prepared?.route.deadlineMs ?? REQUEST_DEADLINE_MS)
    door.inFlight.add(this)
  }

  get id(): string {
    return this.request.id
  }

  /** What may be said to the client about sending the request again when its outcome is not known. */
  get repeat(): Repeat {
    if (this.request.method === 'GET' || this.prepared === null) return 'plain'
    if (this.prepared.route.idempotency !== 'stored') return 'plain'
    return this.request.headers['idempotency-key'] === undefined ? 'unsafe' : 'with_key'
  }
}

/** What a handler is given. A class, so that the child logger is made only for the handlers that log. */
export class HandlerContext implements RequestContext {
  readonly tenant: TenantId
  readonly mode: 'live' | 'test'
  readonly keyId: string
  readonly keyKind: Principal['kind']
  readonly person: Principal['person']
  readonly requestId: string
  readonly deadlineMs: number
  readonly claim: Claim | null
  readonly bodyBytes: number
  readonly expand: ReadonlySet<string>
  readonly foreign: ForeignRequest | null
  readonly #log: Log

  constructor(
    exchange: Exchange,
    principal: Principal,
    log: Log,
    read: Pick<HandlerContext, 'claim' | 'bodyBytes' | 'expand' | 'foreign'>,
  ) {
    this.tenant = principal.tenant
    this.mode = principal.mode
    this.keyId = principal.keyId
    this.keyKind = principal.kind
    this.person = principal.person
    this.requestId = exchange.id
    this.deadlineMs = exchange.deadlineMs
    this.claim = read.claim
    this.bodyBytes = read.bodyBytes
    this.expand = read.expand
    this.foreign = read.foreign
    this.#log = log
  }

  get log(): Log {
    return this.#log.child({ request_id: this.requestId })
  }
}
