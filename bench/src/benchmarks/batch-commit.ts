import type { Tally } from '../books.ts'
import type { Database, Sandbox } from '../database.ts'
import type { Benchmark, Round } from '../runner.ts'
import type { Sizes } from '../sizes.ts'
import { type Batch, makeBatch, type PickPair, submitBatch } from '../transfers.ts'

type Options = {
  readonly key: string
  readonly what: string
  readonly database: Database
  readonly sandbox: Sandbox
  readonly pick: PickPair
  readonly sizes: Sizes
  readonly tally: Tally
}

/**
 * Submits batches until the time is over. Several are in the door at once, as several clients would have it, so that
 * the commit finds the next one waiting and may work on it while the database still writes the last.
 */
export const submitFor = async (
  { database, sandbox, sizes, tally }: Pick<Options, 'database' | 'sandbox' | 'sizes' | 'tally'>,
  batches: readonly Batch[],
  roundMs: number,
): Promise<Round> => {
  const latenciesMs: number[] = []
  let next = 0
  let count = 0
  const fromMs = performance.now()
  const client = async (): Promise<void> => {
    for (;;) {
      const batch = batches[next]
      if (batch === undefined || performance.now() - fromMs > roundMs) return
      next += 1
      const sentMs = performance.now()
      await submitBatch(database.platform, sandbox.tenant, batch)
      latenciesMs.push(performance.now() - sentMs)
      count += batch.commands.length
      tally.add(sandbox, batch.commands.length, batch.amount)
    }
  }
  await Promise.all(Array.from({ length: sizes.inFlight }, client))
  return { count, ms: performance.now() - fromMs, latenciesMs }
}

/** Batches through the commit's public door, in the process that commits. */
export const batchCommit = (options: Options): Benchmark => {
  const { key, what, database, pick, sizes } = options
  return {
    key,
    what,
    roundMs: sizes.batchMs,
    writes: { admin: database.admin, tables: ['ledger.transfers'] },
    server: null,
    prepare: async (roundMs) => {
      const batches = Array.from({ length: sizes.batchesMost }, () => makeBatch(sizes.batch, pick))
      return () => submitFor(options, batches, roundMs)
    },
  }
}
