import { once } from 'node:events'
import {
  Agent,
  createServer,
  get,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/*
 * What stands in front of two servers, as small as it can be and no kinder than a real one: it asks /readyz, gives each
 * request to the next server that is ready, and tries another one only where no connection was made. What breaks after
 * that breaks for the client.
 */

const LOOK_EVERY_MS = 100
/** As long as real ones wait for a server to come back. */
const NOBODY_MOST_MS = 10_000

type Backend = { readonly name: string; readonly address: string; readonly agent: Agent; isReady: boolean }

export type Balancer = {
  readonly address: string
  /** Asks this server from now on, in the place of the one that had the name. */
  readonly put: (name: string, address: string) => void
  /** Waits until it sends requests to this server, or no longer does. */
  readonly sees: (name: string, ready: boolean) => Promise<void>
  /** Requests that this server has answered. */
  readonly answeredBy: (name: string) => number
  /** The longest that a client waited for its answer since this was asked last. */
  readonly longestMs: () => number
  readonly close: () => Promise<void>
}

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }

const readAll = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const isReadyAt = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    get(new URL('/readyz', address), { agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    }).on('error', () => resolve(false))
  })

const ask = ({ address, agent }: Backend, from: IncomingMessage, body: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { connection: _connection, host: _host, ...headers } = from.headers
    const sending = request(
      new URL(from.url ?? '/', address),
      { agent, method: from.method ?? 'GET', headers },
      (answer) => {
        readAll(answer).then(
          (read) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read }),
          reject,
        )
      },
    )
    sending.on('error', reject)
    sending.end(body)
  })

const wasNeverSent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ECONNREFUSED'

const reply = (response: ServerResponse, { status, headers, body }: Answer): void => {
  const { connection: _connection, ...rest } = headers
  response.writeHead(status, rest)
  response.end(body)
}

const listen = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The servers behind it, and which of them is next. */
class Backends {
  readonly #all = new Map<string, Backend>()
  readonly #answered = new Map<string, number>()
  #turn = 0

  put(name: string, address: string): void {
    this.#all.get(name)?.agent.destroy()
    this.#all.set(name, { name, address, agent: new Agent({ keepAlive: true }), isReady: false })
  }

  isReady(name: string): boolean {
    return this.#all.get(name)?.isReady === true
  }

  async look(): Promise<void> {
    for (const backend of this.#all.values()) backend.isReady = await isReadyAt(backend.address)
  }

  async next(): Promise<Backend | null> {
    const untilMs = performance.now() + NOBODY_MOST_MS
    while (performance.now() < untilMs) {
      const ready = [...this.#all.values()].filter(({ isReady }) => isReady)
      this.#turn += 1
      const backend = ready[this.#turn % ready.length]
      if (backend !== undefined) return backend
      await pause(LOOK_EVERY_MS)
    }
    return null
  }

  count(name: string): void {
    this.#answered.set(name, this.answeredBy(name) + 1)
  }

  answeredBy(name: string): number {
    return this.#answered.get(name) ?? 0
  }

  close(): void {
    for (const { agent } of this.#all.values()) agent.destroy()
  }
}

const pass = async (backends: Backends, from: IncomingMessage): Promise<Answer> => {
  const body = await readAll(from)
  for (;;) {
    const backend = await backends.next()
    if (backend === null) throw new Error('no server is ready')
    try {
      const answer = await ask(backend, from, body)
      backends.count(backend.name)
      return answer
    } catch (error) {
      if (!wasNeverSent(error)) throw error
      backend.isReady = false
    }
  }
}

export const startBalancer = async (): Promise<Balancer> => {
  const backends = new Backends()
  let longestMs = 0
  const server = createServer((from, response) => {
    const fromMs = performance.now()
    pass(backends, from).then(
      (answer) => {
        longestMs = Math.max(longestMs, performance.now() - fromMs)
        reply(response, answer)
      },
      () => response.destroy(),
    )
  })
  const address = await listen(server)
  let closed = false
  const looking = (async () => {
    while (!closed) {
      await backends.look()
      await pause(LOOK_EVERY_MS)
    }
  })()
  return {
    address,
    put: (name, at) => backends.put(name, at),
    sees: async (name, ready) => {
      while (backends.isReady(name) !== ready) await pause(LOOK_EVERY_MS)
    },
    answeredBy: (name) => backends.answeredBy(name),
    longestMs: () => {
      const was = longestMs
      longestMs = 0
      return was
    },
    close: async () => {
      closed = true
      await looking
      backends.close()
      server.closeAllConnections()
      server.close()
    },
  }
}
