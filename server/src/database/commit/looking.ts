import { setTimeout as pause } from 'node:timers/promises'
import { Fault, type TenantId } from '../../kit/index.ts'
import { type Connections, runAll } from './connection.ts'
import { BEGIN, COMMIT, findBatch, lockHead, readHead, setTenant } from './head.ts'
import { BATCHES_KEPT, BUSY_RETRY_AFTER_S, LOOKING_MOST_MS, LOOKING_PAUSE_MS } from './limits.ts'
import type { BatchId } from './transaction.ts'

const unknown = (what: string, cause?: unknown): Fault =>
  new Fault(`${what}, so the outcome is unknown. Retry with the same Idempotency-Key to learn it.`, {
    kind: 'unavailable',
    code: 'outcome_unknown',
    retryAfterS: BUSY_RETRY_AFTER_S,
    cause,
  })

const look = async (connections: Connections, tenant: TenantId, lost: BatchId): Promise<boolean> => {
  const connection = await connections.acquire()
  let broken = true
  try {
    // The lock is got only when the lost transaction has ended, one way or the other. It is given back by COMMIT, because
    // that waits for the standby where commits do: what is found must outlive this machine before anybody is told.
    const results = await runAll(connection, [
      BEGIN,
      setTenant(tenant),
      lockHead(tenant),
      findBatch(tenant, lost.batch),
      COMMIT,
    ])
    broken = false
    const [head, found] = [results[2]?.rows[0], results[3]?.rows[0]?.[0]]
    // Other servers may have committed so many since that its row is gone: then its absence proves nothing.
    if (found === undefined && head !== undefined && readHead(head).batch >= lost.batch + BATCHES_KEPT)
      throw unknown('The database was lost while committing, and came back too late to tell')
    return found === lost.id
  } finally {
    connection.release(broken)
  }
}

/** Looks up whether a batch whose answer was lost was committed. Throws a fault when nobody answers in time. */
export const wasCommitted = async (
  connections: Connections,
  tenant: TenantId,
  lost: BatchId,
): Promise<boolean> => {
  const untilMs = performance.now() + LOOKING_MOST_MS
  for (;;) {
    try {
      return await look(connections, tenant, lost)
    } catch (error) {
      if (error instanceof Fault) throw error
      if (performance.now() > untilMs)
        throw unknown('The database was lost while committing and has not come back', error)
      await pause(LOOKING_PAUSE_MS)
    }
  }
}
