import type { ClientBase } from 'pg'
import type { TenantId } from '../../kit/index.ts'
import { type Connection, type Result, runAll } from './connection.ts'
import type { Draft } from './draft.ts'
import { lockHead, READ_CLOCK, readHead, setTenant, writeHead } from './head.ts'
import type { Statement, Writer } from './table.ts'
import { draftOf, loadRounds, microsOf, nextBatch } from './transaction.ts'
import type { Round, Unit } from './unit.ts'
import { WorkingSet } from './working-set.ts'
import { writeAll } from './write-all.ts'

/** One statement after the other: a plain client takes no second one while it works. */
const over = (owner: ClientBase): Connection => {
  let last: Promise<unknown> = Promise.resolve()
  const ask = async ({ name, text, values }: Statement): Promise<Result> => {
    const result = await owner.query<unknown[]>({ name, text, values: [...values], rowMode: 'array' })
    return { rows: result.rows, command: result.command, rowCount: result.rowCount ?? 0 }
  }
  return {
    run: (statement) => {
      const next = last.then(() => ask(statement))
      last = next.catch(() => undefined)
      return next
    },
    release: () => undefined,
  }
}

export type OwnersWork<Value> = {
  readonly writers: readonly Writer[]
  readonly reads: readonly Round[]
  readonly decide: (draft: Draft) => Value
}

/**
 * A batch of one within a transaction that the owner has begun and will end: for what the app's role may not do, such as
 * making a key, and what is recorded with it. It holds the head row until then and counts as a batch of its own, so every
 * process forgets what it kept of the tenant.
 */
export const writeAsOwner = async <Value>(
  owner: ClientBase,
  tenant: TenantId,
  { writers, reads, decide }: OwnersWork<Value>,
): Promise<Value> => {
  const connection = over(owner)
  const results = await runAll(connection, [setTenant(tenant), lockHead(tenant), READ_CLOCK])
  const head = readHead(results[1]?.rows[0])
  const set = new WorkingSet()
  const unit: Unit<null> = {
    tenant,
    name: 'owner',
    items: 1,
    bytes: 0,
    deadlineMs: Number.POSITIVE_INFINITY,
    claim: null,
    reads,
    decide: () => ({ kind: 'answer', answer: null, reply: null }),
  }
  const entries = [{ unit, resolve: () => undefined, reject: () => undefined, deferrals: 0 }]
  await loadRounds(connection, tenant, { set, entries, from: 0 })
  const draft = draftOf(set, head, microsOf(results[2]))
  const value = decide(draft)
  const statements = writeAll(writers)(tenant, draft.written())
  if (statements.length === 0) return value
  const batch = nextBatch(head, draft, 1)
  await runAll(connection, [...statements, writeHead(tenant, batch, draft.counters)])
  return value
}
