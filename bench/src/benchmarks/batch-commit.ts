import type { Platform } from '../../../server/src/main/index.ts'
import type { Tally } from '../books.ts'
import type { Benchmark, Round } from '../runner.ts'
import type { Sizes } from '../sizes.ts'
import type { Sandbox } from '../stand.ts'
import { type Batch, makeBatch, type PickPair, submitBatch } from '../transfers.ts'

type Options = {
  readonly key: string
  readonly what: string
  readonly platform: Platform
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
  { platform, sandbox, sizes, tally }: Pick<Options, 'platform' | 'sandbox' | 'sizes' | 'tally'>,
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
      await submitBatch(platform, sandbox.tenant, batch)
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
  const { key, what, pick, sizes } = options
  return {
    key,
    what,
    roundMs: sizes.batchMs,
    tables: ['ledger.transfers'],
    server: null,
    prepare: async (roundMs) => {
      const batches = Array.from({ length: sizes.batchesMost }, () => makeBatch(sizes.batch, pick))
      return () => submitFor(options, batches, roundMs)
    },
  }
}
