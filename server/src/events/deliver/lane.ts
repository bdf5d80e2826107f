import type { Endpoint } from '../core/endpoint.ts'
import { InOrder } from '../core/in-order.ts'
import { IN_FLIGHT_LEAST, IN_FLIGHT_MOST, IN_FLIGHT_PROCESS_MOST } from '../limits.ts'
import type { Due } from '../store/deliveries.ts'
import type { Posted } from './post.ts'
import { signatureHeaders } from './sign.ts'
import type { Line, World } from './world.ts'

/** A delivery with what is to be sent. */
export type Ready = Due & { readonly eventId: string; readonly body: string }

export type Attempted = {
  readonly ready: Ready
  readonly posted: Posted
  readonly sentMs: number
  readonly requestHeaders: Readonly<Record<string, string>>
}

const USER_AGENT = 'Evenkeel/1 (webhooks)'

const NOT_SENT: Posted = {
  status: null,
  error: 'connection_failed',
  response: '',
  retryAfterS: null,
  durationMs: 0,
}

export const isSuccess = ({ status }: Pick<Posted, 'status'>): boolean =>
  status !== null && status >= 200 && status < 300

export type LaneOptions = {
  readonly world: World
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly onAttempted: (attempted: Attempted) => void
}

/**
 * The way to one endpoint. It has its own bound of requests at once, which shrinks when it fails, so an endpoint that
 * does not answer takes next to nothing from the others.
 */
export class Lane {
  readonly #options: LaneOptions
  readonly #line: Line
  readonly queue = new InOrder<Ready>()
  endpoint: Endpoint
  secrets: readonly string[]
  inFlight = 0

  constructor(endpoint: Endpoint, secrets: readonly string[], options: LaneOptions) {
    this.endpoint = endpoint
    this.secrets = secrets
    this.#options = options
    this.#line = options.world.lineOf(endpoint)
  }

  /** Sends as much as it may. */
  pump(): void {
    const { world } = this.#options
    while (this.inFlight < this.#line.most && world.inFlight < IN_FLIGHT_PROCESS_MOST && this.queue.ready) {
      const ready = this.queue.take()
      if (ready === undefined) return
      this.inFlight++
      world.inFlight++
      void this.#attempt(ready)
    }
  }

  async #attempt(ready: Ready): Promise<void> {
    const { world, timeoutMs, signal, onAttempted } = this.#options
    const sentMs = world.options.clock.now()
    const signed = signatureHeaders(this.secrets, {
      id: ready.eventId,
      timestampS: Math.floor(sentMs / 1_000),
      body: ready.body,
    })
    const requestHeaders = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(ready.body)),
      'user-agent': USER_AGENT,
      ...signed,
    }
    const url = new URL(this.endpoint.url)
    const posted = await this.#line.poster
      .post({ url, headers: requestHeaders, body: ready.body, timeoutMs, signal })
      .catch(() => NOT_SENT)
    this.inFlight--
    world.inFlight--
    const line = this.#line
    line.most = isSuccess(posted)
      ? Math.min(IN_FLIGHT_MOST, line.most + 1)
      : Math.max(IN_FLIGHT_LEAST, Math.floor(line.most / 2))
    this.queue.ended(ready)
    if (world.isCut && posted.status === null) return
    onAttempted({ ready, posted, sentMs, requestHeaders })
    this.pump()
  }
}
