import type { Tally } from '../books.ts'
import type { Client } from '../clients.ts'
import type { Sandbox } from '../database.ts'
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

/** What an answer other than 200 says: no request of a benchmark is to be refused. */
export const unexpected = (status: number, beginning: Buffer): Error =>
  new Error(
    `a request of a benchmark was answered with ${status}: ${beginning.toString('utf8').slice(0, 500)}`,
  )

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

/** The same requests to the same HTTP layer, which answers as many bytes and does nothing: what HTTP itself allows. */
export const httpEmpty = (options: Options): Benchmark => {
  const { width } = options
  const about = { key: `empty_${width}`, what: `an empty endpoint, ${named(width)}`, writes: null }
  return over(options, about, async (connections, requests, roundMs) => {
    const { ms, latenciesMs } = await connections.send(textsOf(requests), roundMs, (_, status, beginning) => {
      if (status !== 200) throw unexpected(status, beginning)
    })
    return { count: latenciesMs.length, ms, latenciesMs }
  })
}
