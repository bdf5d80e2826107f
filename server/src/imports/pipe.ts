import type { PlannedLine } from './core/plan.ts'
import { listItem, type Tally } from './core/tally.ts'
import { ITEMS_PER_LINE } from './limits.ts'
import type { Batch, Origin, Poster, Refusal } from './post-batch.ts'

/** How far the file is in the ledger. */
export type Done = { readonly lines: number; readonly bytes: number }

export type Pipe = {
  readonly add: (planned: PlannedLine, origin: Origin, bytes: number) => Promise<void>
  /** Posts what is left and waits for it. */
  readonly finish: (bytes: number) => Promise<void>
  /** What the ledger has refused so far, by the lines it has answered for. */
  readonly refusals: () => readonly Refusal[]
}

export type PipeOptions = {
  readonly poster: Poster
  readonly tally: Tally
  readonly batchItems: number
  readonly onPosted: (done: Done) => void
}

const newBatch = (): Batch => ({ accounts: [], transfers: [], origins: [] })

/**
 * Posts batches one after the other while the caller reads on: one is being posted, one is being filled.
 * What goes wrong in the background is thrown by the next call.
 */
export const createPipe = ({ poster, tally, batchItems, onPosted }: PipeOptions): Pipe => {
  let batch = newBatch()
  let posting: Promise<void> = Promise.resolve()

  const postOne = async (full: Batch, done: Done): Promise<void> => {
    const refusals = await poster.post(full)
    for (const refusal of refusals) listItem(tally.refusedLines, refusal)
    onPosted(done)
  }

  const flush = async (bytes: number): Promise<void> => {
    await posting
    const full = batch
    batch = newBatch()
    posting = postOne(full, { lines: tally.all.lines, bytes })
    // It is awaited at the next flush; until then a failure must not count as unhandled.
    posting.catch(() => undefined)
  }

  const add = async (planned: PlannedLine, origin: Origin, bytes: number): Promise<void> => {
    batch.accounts.push(...planned.accounts)
    for (const transfer of planned.transfers) {
      batch.transfers.push(transfer)
      batch.origins.push(origin)
    }
    const room = batchItems - ITEMS_PER_LINE
    if (batch.transfers.length > room || batch.accounts.length > room) await flush(bytes)
  }

  const finish = async (bytes: number): Promise<void> => {
    await flush(bytes)
    await posting
  }

  return { add, finish, refusals: () => tally.refusedLines.items }
}
