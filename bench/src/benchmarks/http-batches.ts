import type { Tally } from '../books.ts'
import type { Client } from '../clients.ts'
import type { Sandbox } from '../database.ts'
import { unexpected } from '../http/ask.ts'
import { openConnections } from '../http/load.ts'
import { batchRequest } from '../http/requests.ts'
import type { Program } from '../program.ts'
import type { Benchmark } from '../runner.ts'
import type { Sizes } from '../sizes.ts'
import type { PickPair } from '../transfers.ts'

type Options = {
  readonly admin: Client
  readonly server: Program
  readonly sandbox: Sandbox
  readonly pick: PickPair
  readonly sizes: Sizes
  readonly tally: Tally
}

const CREATED = /"created":(\d+)/

/** Batches over HTTP, each one request. */
export const httpBatches = ({ admin, server, sandbox, pick, sizes, tally }: Options): Benchmark => ({
  key: 'batch_http',
  what: `batches of ${sizes.batch} over HTTP, ${sizes.httpBatchConnections} connections`,
  roundMs: sizes.httpBatchMs,
  writes: { admin, tables: ['ledger.transfers'] },
  server: server.pid,
  prepare: async (roundMs) => {
    const count = Math.ceil((sizes.httpBatchesMost * roundMs) / sizes.httpBatchMs)
    const requests = Array.from({ length: count }, () => batchRequest(sandbox.key, pick, sizes.batch))
    const connections = await openConnections(server.port, sizes.httpBatchConnections)
    return async () => {
      try {
        const texts = requests.map(({ text }) => text)
        const { ms, latenciesMs } = await connections.send(texts, roundMs, (at, status, beginning) => {
          const created = Number(CREATED.exec(beginning.toString('latin1'))?.[1])
          if (status !== 200 || created !== sizes.batch) throw unexpected(status, beginning)
          tally.add(sandbox, created, requests[at]?.amount ?? 0n)
        })
        return { count: latenciesMs.length * sizes.batch, ms, latenciesMs }
      } finally {
        connections.close()
      }
    }
  },
})
