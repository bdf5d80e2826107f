import type pg from 'pg'
import type { TenantId } from '../../kit/index.ts'
import type { Names } from './decide-authorise.ts'
import { loadFacts, loadOrders, NO_FACTS } from './facts.ts'
import { planOf } from './plan.ts'
import { writeAuthentications, writeDisputes, writeNotifications, writeOrders } from './rows.ts'
import type { SandboxRail } from './sandbox-rails.ts'
import { inTransaction, loadKnobs, readDay, type Transaction } from './transaction.ts'
import { decideWork, type Heard, type OrderWork, type Result, type Work, wantedBy } from './work.ts'

export type FlushOptions = {
  readonly pool: pg.Pool
  readonly rail: SandboxRail
  readonly names: (tenant: TenantId, reference: string) => Names
}

const byReference = (one: Result, other: Result): number => (one.row.reference < other.row.reference ? -1 : 1)

/** What follows from the orders that were done: their notifications, disputes and authentications. */
const writeConsequences = async (
  { tenant, run }: Transaction,
  nowMicros: bigint,
  made: readonly Result[],
): Promise<void> => {
  const plans = made.map(({ done }) => planOf(done, nowMicros))
  const disputes = plans.flatMap((plan) => plan.disputes)
  const notifications = plans.flatMap((plan) => plan.notifications)
  const authentications = made.flatMap(({ row }) =>
    row.outcome.kind === 'requires_action' && row.token !== null
      ? [{ ...row, id: row.outcome.authentication, token: row.token }]
      : [],
  )
  if (disputes.length > 0) await run(writeDisputes(tenant, disputes))
  if (notifications.length > 0) await run(writeNotifications(tenant, notifications))
  if (authentications.length > 0) await run(writeAuthentications(tenant, nowMicros, authentications))
}

const UNANSWERED = { kind: 'unknown', reason: 'no answer in time' } as const

const heardOf = (
  work: Work,
  result: Result | undefined,
  stored: Awaited<ReturnType<typeof loadOrders>>,
): Heard['outcome'] => {
  // An order that was sent before is answered as it was done, also where its first answer was lost.
  const found = stored.get(work.order.reference)
  if (work.kind === 'enquire')
    return found === undefined || found.status === 'lost' ? { kind: 'not_found' } : found.outcome
  if (found !== undefined) return found.status === 'lost' ? UNANSWERED : found.outcome
  return result === undefined || result.answer !== 'given' ? UNANSWERED : result.row.outcome
}

/** Decides and writes a batch of one tenant's orders, each reference once, in one transaction. */
export const flush = (
  { pool, rail, names }: FlushOptions,
  tenant: TenantId,
  works: readonly Work[],
): Promise<Heard[]> =>
  inTransaction(pool, tenant, async (transaction) => {
    const [day, knobs] = await Promise.all([readDay(transaction), loadKnobs(transaction, rail)])
    const orders = works.filter((work): work is OrderWork => work.kind !== 'enquire')
    const wanted = wantedBy(orders, knobs)
    const facts = wanted === null ? NO_FACTS : await loadFacts(transaction, wanted)
    const results = orders.map((work) =>
      decideWork(work, {
        tenant,
        names: names(tenant, work.order.reference),
        knobs,
        facts,
        day: day.day,
      }),
    )
    const made = new Set<string>()
    if (results.length > 0) {
      const rows = results.toSorted(byReference).map(({ row }) => row)
      for (const [reference] of await transaction.run(writeOrders(tenant, rail, day, rows)))
        made.add(reference as string)
    }
    const done = results.filter(({ row, answer }) => made.has(row.reference) && answer !== 'never_arrived')
    await writeConsequences(transaction, day.nowMicros, done)
    const others = works.map(({ order }) => order.reference).filter((reference) => !made.has(reference))
    const stored = others.length === 0 ? new Map() : await loadOrders(transaction, others)
    const resultOf = new Map(results.map((result) => [result.row.reference, result]))
    return works.map((work) => ({
      outcome: heardOf(work, resultOf.get(work.order.reference), stored),
      latencyMs: knobs.latency_ms,
    }))
  })
