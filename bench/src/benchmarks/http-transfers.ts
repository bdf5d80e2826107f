import type { Tally } from '../books.ts'
import type { Client } from '../clients.ts'
import type { Sandbox } from '../database.ts'
import { unexpected } from '../http/ask.ts'
import { type Connections, openConnections } from '../http/load.ts'
import { type Request, transferRequest } from '../http/requests.ts'
import type { Program } from '../program.ts'
import type { Benchmark, Round } from '../runner.ts'
import type { Sizes } from '../sizes.ts'
import type { PickPair } from '../transfers.ts'

export type Width = 1 | 32 | 256

type Options = {
  readonly width: Width
  readonly server: Program
  readonly sandbox: Sandbox
  readonly pick: PickPair
  readonly sizes: Sizes
}

type Run = (connections: Connections, requests: readonly Request[], roundMs: number) => Promise<Round>

const over = (options: Options, about: Pick<Benchmark, 'key' | 'what' | 'writes'>, run: Run): Benchmark => {
  const { width, server, sandbox, pick, sizes } = options
  return {
    ...about,
    roundMs: sizes.httpMs[width],
    server: server.pid,
    prepare: async (roundMs) => {
      const count = Math.ceil((sizes.httpRequestsMost[width] * roundMs) / sizes.httpMs[width])
      const requests = Array.from({ length: count }, () => transferRequest(sandbox.key, pick))
      // Opened for each round: a server closes connections that nobody uses for some time.
      const connections = await openConnections(server.port, width)
      return async () => {
        try {
          return await run(connections, requests, roundMs)
        } finally {
          connections.close()
        }
      }
    },
  }
}

const textsOf = (requests: readonly Request[]): string[] => requests.map(({ text }) => text)

const named = (width: Width): string => `${width} ${width === 1 ? 'connection' : 'connections'}`

const TABLES = ['ledger.transfers', 'database.idempotency_keys', 'database.idempotency_answers']

/** Single transfers over HTTP, each with an Idempotency-Key and an id of the client's. */
export const httpTransfers = (
  options: Options,
  { admin, tally }: { readonly admin: Client; readonly tally: Tally },
): Benchmark => {
  const { width, sandbox } = options
  const about = {
    key: `http_${width}`,
    what: `a transfer per request, ${named(width)}`,
    writes: { admin, tables: TABLES },
  }
  return over(options, about, async (connections, requests, roundMs) => {
    const { ms, latenciesMs } = await connections.send(
      textsOf(requests),
      roundMs,
      (at, status, beginning) => {
        if (status !== 200) throw unexpected(status, beginning)
        tally.add(sandbox, 1, requests[at]?.amount ?? 0n)
      },
    )
    return { count: latenciesMs.length, ms, latenciesMs }
  })
}

type Empty = {
  readonly key: string
  readonly what: string
  readonly width: number
  readonly server: Program
  readonly requests: { readonly count: number; readonly make: () => string }
  readonly roundMs: number
}

/** The same requests to the same HTTP layer, which answers as many bytes and does nothing: what HTTP itself allows. */
export const httpEmpty = ({ key, what, width, server, requests, roundMs }: Empty): Benchmark => ({
  key,
  what,
  roundMs,
  server: server.pid,
  writes: null,
  prepare: async (ms) => {
    const texts = Array.from({ length: requests.count }, requests.make)
    const connections = await openConnections(server.port, width)
    return async () => {
      try {
        const load = await connections.send(texts, ms, (_, status, beginning) => {
          if (status !== 200) throw unexpected(status, beginning)
        })
        return { count: load.latenciesMs.length, ...load }
      } finally {
        connections.close()
      }
    }
  },
})
