import { assert, newUuid, type TenantId, type Uuid } from '../../kit/index.ts'
import { type Connection, type Result, runAll } from './connection.ts'
import { answerAll, type Decided } from './decide-all.ts'
import { declareRound, loadStatements, ROUNDS_MOST, takeIn } from './declare.ts'
import { Draft } from './draft.ts'
import type { Entry } from './entry.ts'
import {
  BEGIN,
  COMMIT,
  type Head,
  lockHead,
  READ_CLOCK,
  ROLLBACK,
  readHead,
  setTenant,
  timeOf,
} from './head.ts'
import type { Memory, Version } from './memory.ts'
import type { Statement } from './table.ts'
import type { WorkingSet } from './working-set.ts'

export const openingOf = (tenant: TenantId): Statement[] => [
  BEGIN,
  setTenant(tenant),
  lockHead(tenant),
  READ_CLOCK,
]

/**
 * How a transaction that changed nothing ends. What it answers may rest on a batch that a restarted primary has and its
 * standby has not: COMMIT after the lock waits for the standby where commits do. Of a batch that was seen committed
 * nothing is left to wait for.
 */
export const endingOf = (memory: Memory, tenant: TenantId, head: Head): Statement =>
  head.batch === 0n || memory.hasSeen(tenant, head) ? ROLLBACK : COMMIT

export const microsOf = (result: Result | undefined): bigint => {
  const micros = result?.rows[0]?.[0]
  assert(typeof micros === 'bigint', 'the database tells its time')
  return micros
}

export const draftOf = (set: WorkingSet, head: Head, databaseMicros: bigint): Draft =>
  new Draft({
    set,
    counters: head.counters,
    now: timeOf(head, databaseMicros),
    clock: head.clock,
    wallMs: Number(databaseMicros / 1000n),
    timeZone: head.timeZone,
  })

/** Brings the further rounds, one round trip for each that names something new. */
export const loadRounds = async (
  connection: Connection,
  tenant: TenantId,
  options: { readonly set: WorkingSet; readonly entries: readonly Entry[]; readonly from: number },
): Promise<void> => {
  const { set, entries, from } = options
  for (let round = from; round < ROUNDS_MOST; round++) {
    const wanted = declareRound(set, entries, round)
    if (wanted.size > 0) takeIn(set, wanted, await runAll(connection, loadStatements(tenant, wanted)))
  }
}

/** Locks the head row and brings what the units declare: one round trip, and one more for each further round. */
export const openTransaction = async (
  connection: Connection,
  tenant: TenantId,
  entries: readonly Entry[],
  memory: Memory,
): Promise<{ head: Head; draft: Draft }> => {
  let set = memory.setOf(tenant)
  const wanted = declareRound(set, entries, 0)
  const opening = openingOf(tenant)
  const results = await runAll(connection, [...opening, ...loadStatements(tenant, wanted)])
  const head = readHead(results[2]?.rows[0])
  const isCurrent = memory.isCurrent(tenant, head)
  // Where another process has committed since, nothing that was kept can be trusted: all is read again under the lock.
  if (isCurrent) takeIn(set, wanted, results.slice(opening.length))
  else set = memory.forget(tenant)
  await loadRounds(connection, tenant, { set, entries, from: isCurrent ? 1 : 0 })
  return { head, draft: draftOf(set, head, microsOf(results[3])) }
}

/** What a batch is known by, should the answer to its COMMIT be lost. */
export type BatchId = Version & { readonly id: Uuid; readonly units: number }

export const nextBatch = (head: Head, draft: Draft, units: number): BatchId => ({
  batch: head.batch + 1n,
  clock: draft.clock,
  id: newUuid(draft.wallMs),
  units,
})

/** The answer to COMMIT was lost. Whether it happened is looked up by the batch's number and id. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown'
  readonly batch: BatchId

  constructor(batch: BatchId, cause: unknown) {
    super('the answer to COMMIT was lost', { cause })
    this.batch = batch
  }
}

/**
 * Sends the batch's statements and COMMIT together. Throws what failed when it is certain that nothing was committed,
 * and CommitUnknown when that is not known.
 */
export const commitAll = async (
  connection: Connection,
  statements: readonly Statement[],
  batch: BatchId,
): Promise<void> => {
  const settled = await Promise.allSettled(
    [...statements, COMMIT].map((statement) => connection.run(statement)),
  )
  const failed = settled.find((outcome) => outcome.status === 'rejected')
  const last = settled.at(-1)
  // COMMIT of a failed transaction answers ROLLBACK without an error, so the tag is what counts.
  if (last?.status === 'fulfilled' && last.value.command === 'COMMIT' && failed === undefined) return
  if (last?.status === 'fulfilled') throw failed?.reason ?? new Error('COMMIT was answered with ROLLBACK')
  throw new CommitUnknown(batch, failed?.reason ?? last?.reason)
}

/** The batch is on disk: its rows are kept in memory, and every caller is answered. */
export const settle = (
  memory: Memory,
  tenant: TenantId,
  version: Version,
  decided: readonly Decided[],
  ahead: Draft | null = null,
): void => {
  memory.keep(tenant, version, ahead)
  answerAll(decided)
}
