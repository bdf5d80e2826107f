import { assert, newUuid, type TenantId, type Uuid } from '../../kit/index.ts'
import { checkClaim, claimKey, claimsTable, storeClaim } from './claims.ts'
import { type Connection, type Result, runAll } from './connection.ts'
import { Draft, NotLoaded, WorkingSet } from './draft.ts'
import type { Entry } from './entry.ts'
import { BEGIN, COMMIT, type Head, lockHead, READ_CLOCK, ROLLBACK, readHead, setTenant, timeOf, writeHead } from './head.ts'
import { DEFERRALS_MOST } from './limits.ts'
import type { Memory } from './memory.ts'
import type { AnyTable, Statement, Writer } from './table.ts'
import type { Declare, Found, Outcome } from './unit.ts'

/** Where a batch is, for tests that stop the world there. */
export type Stage = 'gathered' | 'locked' | 'decided' | 'appended' | 'committed'
export type OnStage = (stage: Stage, tenant: TenantId) => void | Promise<void>

/** The answer to COMMIT was lost. Whether it happened is looked up by the batch's number and id. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown'
  readonly number: bigint
  readonly id: Uuid
  /** Answers every caller, once it is known that the batch was committed. */
  readonly settle: () => Entry[]

  constructor(options: { number: bigint; id: Uuid; settle: () => Entry[]; cause: unknown }) {
    super('the answer to COMMIT was lost', { cause: options.cause })
    this.number = options.number
    this.id = options.id
    this.settle = options.settle
  }
}

type Wanted = Map<AnyTable, Set<string>>

/** One round of declaring over all units: what is named and not yet in memory. */
const declareRound = (set: WorkingSet, entries: readonly Entry[], round: number): Wanted => {
  const wanted: Wanted = new Map()
  const declare: Declare = (table, key) => {
    if (set.rowsOf(table).has(key)) return
    const keys = wanted.get(table)
    if (keys === undefined) wanted.set(table, new Set([key]))
    else keys.add(key)
  }
  const found: Found = <Row>(table: AnyTable, key: string) => (set.rowsOf(table).get(key) ?? undefined) as Row | undefined
  for (const { unit } of entries) {
    if (round === 0 && unit.claim !== null) declare(claimsTable, claimKey(unit.claim))
    unit.reads[round]?.(declare, found)
  }
  return wanted
}

const loadStatements = (tenant: TenantId, wanted: Wanted): Statement[] =>
  [...wanted].map(([table, keys]) => table.load(tenant, [...keys]))

const takeIn = (set: WorkingSet, wanted: Wanted, results: readonly Result[]): void => {
  for (const [index, [table, keys]] of [...wanted].entries()) {
    const rows = set.rowsOf(table)
    for (const key of keys) rows.set(key, null)
    for (const raw of results[index]?.rows ?? []) {
      const { key, row } = table.read(raw)
      rows.set(key, row)
    }
  }
}

const ROUNDS_MOST = 3

/** Locks the head row and brings what the units declare: one round trip, and one more for each further round. */
const open = async (
  connection: Connection,
  tenant: TenantId,
  entries: readonly Entry[],
  memory: Memory,
): Promise<{ head: Head; draft: Draft }> => {
  let set = memory.setOf(tenant)
  let wanted = declareRound(set, entries, 0)
  const opening = [BEGIN, setTenant(tenant), lockHead(tenant), READ_CLOCK]
  const results = await runAll(connection, [...opening, ...loadStatements(tenant, wanted)])
  const head = readHead(results[2]?.rows[0])
  const databaseMicros = results[3]?.rows[0]?.[0]
  assert(typeof databaseMicros === 'bigint', 'the database tells its time')
  if (memory.isCurrent(tenant, head.batch)) {
    takeIn(set, wanted, results.slice(opening.length))
  } else {
    // Another process has committed since: nothing that was kept can be trusted, so all is read again under the lock.
    set = memory.forget(tenant)
    wanted = declareRound(set, entries, 0)
    takeIn(set, wanted, await runAll(connection, loadStatements(tenant, wanted)))
  }
  for (let round = 1; round < ROUNDS_MOST; round++) {
    const more = declareRound(set, entries, round)
    if (more.size > 0) takeIn(set, more, await runAll(connection, loadStatements(tenant, more)))
  }
  const now = timeOf(head, databaseMicros)
  const wallMs = Number(databaseMicros / 1000n)
  return { head, draft: new Draft({ set, counters: head.counters, now, wallMs, timeZone: head.timeZone }) }
}

type Decided = { readonly entry: Entry; readonly outcome: Outcome<unknown> | null; readonly error: unknown }

const decideUnit = (draft: Draft, entry: Entry): Outcome<unknown> => {
  const { claim, decide } = entry.unit
  const claimed = claim === null ? undefined : checkClaim(draft, claim)
  if (claimed !== undefined) return claimed
  const decision = decide(draft)
  if (claim !== null) storeClaim(draft, claim, decision)
  return { kind: 'decided', answer: decision.answer, reply: decision.kind === 'answer' ? decision.reply : null }
}

/** Decides one unit after the other. What one of them throws undoes that one alone. */
const decideAll = (draft: Draft, entries: readonly Entry[]): { decided: Decided[]; deferred: Entry[] } => {
  const decided: Decided[] = []
  const deferred: Entry[] = []
  for (const entry of entries) {
    const mark = draft.mark()
    try {
      decided.push({ entry, outcome: decideUnit(draft, entry), error: null })
    } catch (error) {
      draft.rollback(mark)
      if (error instanceof NotLoaded && entry.deferrals < DEFERRALS_MOST) {
        entry.deferrals++
        deferred.push(entry)
      } else {
        decided.push({ entry, outcome: null, error })
      }
    }
  }
  return { decided, deferred }
}

const answer = (decided: readonly Decided[]): void => {
  for (const { entry, outcome, error } of decided) {
    if (outcome === null) entry.reject(error)
    else entry.resolve(outcome)
  }
}

/**
 * One batch of one tenant in one transaction: lock and load, decide, append and commit, answer.
 * Returns the units that have to be decided again in the next batch.
 * Throws when the database failed before COMMIT was sent: then nothing happened. Throws CommitUnknown after it.
 */
export const runBatch = async (
  connection: Connection,
  options: {
    readonly tenant: TenantId
    readonly entries: readonly Entry[]
    readonly write: Writer
    readonly memory: Memory
    readonly onStage: OnStage | null
  },
): Promise<Entry[]> => {
  const { tenant, entries, write, memory, onStage } = options
  await onStage?.('gathered', tenant)
  const { head, draft } = await open(connection, tenant, entries, memory)
  await onStage?.('locked', tenant)
  const { decided, deferred } = decideAll(draft, entries)
  const statements = write(tenant, draft.written())
  await onStage?.('decided', tenant)
  if (statements.length === 0) {
    await connection.run(ROLLBACK)
    memory.keep(tenant, head.batch)
    answer(decided)
    return deferred
  }
  const batch = { number: head.batch + 1n, id: newUuid(draft.wallMs), units: decided.length }
  const settle = (): Entry[] => {
    memory.keep(tenant, batch.number)
    answer(decided)
    return deferred
  }
  await appendAndCommit(connection, [...statements, writeHead(tenant, batch, draft.counters)], onStage, {
    tenant,
    unknown: (cause) => new CommitUnknown({ number: batch.number, id: batch.id, settle, cause }),
  })
  await onStage?.('committed', tenant)
  return settle()
}

const appendAndCommit = async (
  connection: Connection,
  statements: readonly Statement[],
  onStage: OnStage | null,
  options: { readonly tenant: TenantId; readonly unknown: (cause: unknown) => CommitUnknown },
): Promise<void> => {
  if (onStage !== null) {
    await runAll(connection, statements)
    await onStage('appended', options.tenant)
  }
  const toSend = onStage === null ? [...statements, COMMIT] : [COMMIT]
  const settled = await Promise.allSettled(toSend.map((statement) => connection.run(statement)))
  const failed = settled.find((outcome) => outcome.status === 'rejected')
  const last = settled.at(-1)
  // COMMIT of a failed transaction answers ROLLBACK without an error, so the tag is what counts.
  if (last?.status === 'fulfilled' && last.value.command === 'COMMIT' && failed === undefined) return
  if (last?.status === 'fulfilled') throw failed?.reason ?? new Error('COMMIT was answered with ROLLBACK')
  throw options.unknown(failed?.reason ?? last?.reason)
}
