import type { TenantId } from '../../kit/index.ts'
import { type Connection, runAll } from './connection.ts'
import { type Decided, decideAll } from './decide-all.ts'
import type { Entry } from './entry.ts'
import { writeHead } from './head.ts'
import type { Memory } from './memory.ts'
import type { Writer } from './table.ts'
import { commitAll, endingOf, nextBatch, openTransaction, settle } from './transaction.ts'

/** Where a batch is, for tests that stop the world there. */
export type Stage = 'gathered' | 'locked' | 'decided' | 'appended' | 'committed'
export type OnStage = (stage: Stage, tenant: TenantId) => void | Promise<void>

export type BatchOptions = {
  readonly tenant: TenantId
  readonly entries: readonly Entry[]
  readonly write: Writer
  readonly memory: Memory
  readonly onStage: OnStage | null
  /** Told what was decided, before it is known whether it was committed. */
  readonly onDecided: (decided: readonly Decided[]) => void
}

/**
 * One batch of one tenant in one transaction: lock and load, decide, append and commit, answer.
 * Returns the units that have to be decided again in the next batch.
 * Throws when the database failed before COMMIT was sent: then nothing happened. Throws CommitUnknown after it.
 */
export const runBatch = async (connection: Connection, options: BatchOptions): Promise<Entry[]> => {
  const { tenant, entries, write, memory, onStage } = options
  await onStage?.('gathered', tenant)
  const { head, draft } = await openTransaction(connection, tenant, entries, memory)
  await onStage?.('locked', tenant)
  const { decided, deferred } = decideAll(draft, entries)
  options.onDecided(decided)
  const statements = write(tenant, draft.written())
  await onStage?.('decided', tenant)
  if (statements.length === 0) {
    await connection.run(endingOf(memory, tenant, head))
    settle(memory, tenant, head, decided)
    return deferred
  }
  const batch = nextBatch(head, draft, decided.length)
  const toAppend = [...statements, writeHead(tenant, batch, draft.counters)]
  if (onStage === null) {
    await commitAll(connection, toAppend, batch)
  } else {
    await runAll(connection, toAppend)
    await onStage('appended', tenant)
    await commitAll(connection, [], batch)
  }
  await onStage?.('committed', tenant)
  settle(memory, tenant, batch, decided)
  return deferred
}
