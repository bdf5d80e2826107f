import type { Uuid } from '../../../server/src/kit/index.ts'
import { UUID_ZERO } from '../../../server/src/kit/index.ts'
import type { Sandbox } from '../database.ts'
import { unexpected } from '../http/ask.ts'
import { openConnections } from '../http/load.ts'
import { entriesRequest } from '../http/requests.ts'
import type { Program } from '../program.ts'
import type { Benchmark } from '../runner.ts'
import type { Sizes } from '../sizes.ts'

type Options = {
  readonly key: string
  /** Entries on the page; null for as many as the API shows unasked. */
  readonly limit: number | null
  readonly server: Program
  readonly sandbox: Sandbox
  readonly accounts: readonly Uuid[]
  readonly sizes: Sizes
}

/** The newest page of one account after another, over HTTP, one request at a time. */
export const entriesPage = ({ key, limit, server, sandbox, accounts, sizes }: Options): Benchmark => ({
  key,
  what: `an account's newest page of ${limit ?? 10} entries, 1 connection`,
  roundMs: sizes.pagesMs,
  writes: null,
  server: server.pid,
  prepare: async (roundMs) => {
    const requests = Array.from({ length: sizes.pagesMost }, () => {
      const account = accounts[Math.floor(Math.random() * accounts.length)]
      return entriesRequest(sandbox.key, account ?? UUID_ZERO, limit)
    })
    const connections = await openConnections(server.port, 1)
    return async () => {
      try {
        const { ms, latenciesMs } = await connections.send(requests, roundMs, (_, status, beginning) => {
          if (status !== 200) throw unexpected(status, beginning)
        })
        return { count: latenciesMs.length, ms, latenciesMs }
      } finally {
        connections.close()
      }
    }
  },
})
