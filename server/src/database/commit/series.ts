import type { TenantId, WallClock } from '../../kit/index.ts'
import { isSameClock } from './clock-state.ts'
import { type Connection, type Connections, type Result, runAll } from './connection.ts'
import { type Decided, decideAll } from './decide-all.ts'
import { declareRound, loadStatements, ROUNDS_MOST, takeIn } from './declare.ts'
import type { Draft } from './draft.ts'
import type { Entry } from './entry.ts'
import { BEGIN, COMMIT, type Head, READ_CLOCK, readHead, setTenant, writeHead } from './head.ts'
import { SERIES_BATCHES_MOST } from './limits.ts'
import { isSameBatch, type Memory } from './memory.ts'
import type { Queue } from './queue.ts'
import type { Statement, Writer } from './table.ts'
import {
  type BatchId,
  commitAll,
  draftOf,
  endingOf,
  loadRounds,
  microsOf,
  nextBatch,
  openingOf,
  openTransaction,
  settle,
} from './transaction.ts'

export type SeriesOptions = {
  readonly tenant: TenantId
  readonly queue: Queue
  readonly write: Writer
  readonly memory: Memory
  readonly connections: Connections
  readonly clock: WallClock
  readonly onAnswered: (units: number, sinceMs: number) => void
}

/** A batch of the series failed, and with it whatever was decided on top of it. Its units are to be recovered. */
export class SeriesFailed extends Error {
  override readonly name = 'SeriesFailed'
  readonly decided: readonly Decided[]
  readonly entries: readonly Entry[]

  constructor(options: { decided: readonly Decided[]; entries: readonly Entry[]; cause: unknown }) {
    super('a batch failed', { cause: options.cause })
    this.decided = options.decided
    this.entries = options.entries
  }
}

type Ready = {
  readonly head: Head
  readonly draft: Draft
  readonly decided: readonly Decided[]
  /** What the batch writes, without its head row. */
  readonly statements: readonly Statement[]
  readonly sinceMs: number
}

/**
 * Batch after batch on one connection, as long as units wait. While PostgreSQL writes one batch, the next one is
 * decided on top of it in memory. What it reads is fetched meanwhile over a second connection, or ahead of the batch's
 * own statements where there is none to spare. Whether that shows the moment before the batch or after it is the same:
 * what the batch changed is in memory and not asked for, and nobody else can commit as long as it has the lock. It counts only when the head row, locked again, shows that the batch before it was committed
 * and nobody came between; else it is thrown away and decided anew.
 */
export const runSeries = async (connection: Connection, options: SeriesOptions): Promise<void> => {
  const { queue, clock } = options
  const entries = queue.take(clock.now())
  if (entries.length === 0) return
  let ready: Ready | null = await begin(connection, options, entries)
  for (let batches = 1; ready !== null; batches++) {
    const current: Ready = ready
    const next = batches < SERIES_BATCHES_MOST ? queue.take(clock.now()) : []
    try {
      ready = await step(connection, options, { ready: current, next })
    } catch (error) {
      throw error instanceof SeriesFailed ? error : failed(current.decided, next, error)
    }
  }
}

const failed = (decided: readonly Decided[], entries: readonly Entry[], cause: unknown): SeriesFailed =>
  new SeriesFailed({ decided, entries, cause })

const decide = (
  options: SeriesOptions,
  opened: { head: Head; draft: Draft },
  entries: readonly Entry[],
): Ready => {
  const { decided, deferred } = decideAll(opened.draft, entries)
  options.queue.putBack(deferred)
  const statements = options.write(options.tenant, opened.draft.written())
  return { ...opened, decided, statements, sinceMs: options.clock.now() }
}

const begin = async (
  connection: Connection,
  options: SeriesOptions,
  entries: readonly Entry[],
): Promise<Ready> => {
  try {
    const opened = await openTransaction(connection, options.tenant, entries, options.memory)
    return decide(options, opened, entries)
  } catch (error) {
    throw failed([], entries, error)
  }
}

const answer = (
  options: SeriesOptions,
  ready: Ready,
  version: Head | BatchId,
  ahead: Draft | null = null,
): void => {
  settle(options.memory, options.tenant, version, ready.decided, ahead)
  options.onAnswered(ready.decided.length, ready.sinceMs)
}

/** Nothing was changed: the lock is given back, and the next batch begins like a first one. */
const stepOver = async (
  connection: Connection,
  options: SeriesOptions,
  ready: Ready,
  next: Entry[],
): Promise<Ready | null> => {
  try {
    await connection.run(endingOf(options.memory, options.tenant, ready.head))
  } catch (error) {
    options.queue.putBack(next)
    throw failed(ready.decided, [], error)
  }
  answer(options, ready, ready.head)
  return next.length === 0 ? null : begin(connection, options, next)
}

type Step = { readonly ready: Ready; readonly next: Entry[] }

/** Commits the batch that is ready and makes the next one ready meanwhile; null when there is no next one. */
const step = async (
  connection: Connection,
  options: SeriesOptions,
  { ready, next }: Step,
): Promise<Ready | null> => {
  const { tenant, queue } = options
  const { statements } = ready
  if (statements.length === 0) return stepOver(connection, options, ready, next)
  const batch = nextBatch(ready.head, ready.draft, ready.decided.length)
  const ahead = next.length === 0 ? null : readAhead(connection, options, next)
  const committed = commitAll(
    connection,
    [...statements, writeHead(tenant, batch, ready.draft.counters)],
    batch,
  )
  const locked = next.length === 0 ? null : runAll(connection, openingOf(tenant))
  // Whatever fails first is told below; until then nobody else must be told that it was not looked at.
  void committed.catch(() => undefined)
  void locked?.catch(() => undefined)
  const speculated = ahead === null ? null : await decideAhead(options, { ready, batch, next }, ahead)
  try {
    await committed
  } catch (error) {
    await locked?.catch(() => undefined)
    queue.putBack(next)
    throw failed(ready.decided, [], error)
  }
  answer(options, ready, batch, speculated?.draft)
  return locked === null ? null : confirm(connection, options, { batch, next, speculated, locked })
}

type Ahead = { readonly wanted: ReturnType<typeof declareRound>; readonly results: Promise<Result[]> }

const readAhead = (
  connection: Connection,
  { tenant, memory, connections }: SeriesOptions,
  next: readonly Entry[],
): Ahead => {
  const wanted = declareRound(memory.setOf(tenant), next, 0)
  const statements = [READ_CLOCK, ...loadStatements(tenant, wanted)]
  const spare = connections.spare?.() ?? null
  const results = spare === null ? runAll(connection, statements) : readAside(spare, tenant, statements)
  void results.catch(() => undefined)
  return { wanted, results }
}

const readAside = async (
  spare: Promise<Connection>,
  tenant: TenantId,
  statements: readonly Statement[],
): Promise<Result[]> => {
  const connection = await spare
  let broken = true
  try {
    const results = await runAll(connection, [BEGIN, setTenant(tenant), ...statements, COMMIT])
    broken = false
    return results.slice(2, -1)
  } finally {
    connection.release(broken)
  }
}

type Speculation = {
  readonly decided: readonly Decided[]
  readonly deferred: readonly Entry[]
  readonly draft: Draft
  readonly statements: readonly Statement[]
}

/** Decides the next batch as if this one were committed; null where it needs another round of reading first. */
const decideAhead = async (
  { tenant, memory, write }: SeriesOptions,
  { ready, batch, next }: { readonly ready: Ready; readonly batch: BatchId; readonly next: readonly Entry[] },
  { wanted, results }: Ahead,
): Promise<Speculation | null> => {
  const set = memory.setOf(tenant)
  try {
    const [clock, ...loaded] = await results
    takeIn(set, wanted, loaded)
    for (let round = 1; round < ROUNDS_MOST; round++) {
      if (declareRound(set, next, round).size > 0) return null
    }
    const { counters, clock: moved } = ready.draft
    const head = { ...ready.head, batch: batch.batch, id: batch.id, counters, clock: moved }
    const draft = draftOf(set, head, microsOf(clock))
    return { ...decideAll(draft, next), draft, statements: write(tenant, draft.written()) }
  } catch {
    // The batch before it has failed, or is about to be told that it has: there is nothing to decide upon.
    return null
  }
}

type Confirmation = {
  readonly batch: BatchId
  readonly next: Entry[]
  readonly speculated: Speculation | null
  readonly locked: Promise<Result[]>
}

/** The head row is locked again: what was decided ahead counts if nobody came between. */
const confirm = async (
  connection: Connection,
  options: SeriesOptions,
  wanted: Confirmation,
): Promise<Ready> => {
  const { tenant, memory, queue, clock } = options
  const { batch, next, speculated, locked } = wanted
  try {
    const results = await locked
    const head = readHead(results[2]?.rows[0])
    const isOurs = isSameBatch(head, batch) && isSameClock(head.clock, batch.clock)
    if (isOurs && speculated !== null) {
      const { deferred, ...ahead } = speculated
      queue.putBack(deferred)
      return { head, ...ahead, sinceMs: clock.now() }
    }
    const set = isOurs ? memory.setOf(tenant) : memory.forget(tenant)
    // From the first round in any case: what was named and in memory may have had to make room meanwhile.
    await loadRounds(connection, tenant, { set, entries: next, from: 0 })
    return decide(options, { head, draft: draftOf(set, head, microsOf(results[3])) }, next)
  } catch (error) {
    throw failed([], next, error)
  }
}
