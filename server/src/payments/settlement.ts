import type { Draft, Round, Unit } from '../database/index.ts'
import { assert, newUuid, parseId, type TenantId, type Uuid } from '../kit/index.ts'
import { declarePostings, type Posting, post } from '../ledger/index.ts'
import type { Settlement } from '../rails/index.ts'
import { findRecord, type UnitRequest } from '../requests/index.ts'
import { chartAccount, POSTING_CODES } from './chart.ts'
import { exposedBy } from './core/launched.ts'
import type { Attempt, Dispute } from './core/model.ts'
import {
  type Clearing,
  differenceOf,
  expectedOfCapture,
  expectedOfChargebacks,
  expectedOfRefund,
  expectedOfReversals,
  type SettlementSums,
  withLine,
} from './core/settlement.ts'
import type { PaymentsDoor } from './door.ts'
import { uuidOfName } from './name-id.ts'
import { workRequest } from './refund-units.ts'
import { clearings, settlements } from './settlement-rows.ts'
import { attempts, charges, disputes, refunds } from './store/tables.ts'
import { REFUND_PREFIX } from './views-refunds.ts'

/** More than any rail puts into one settlement; larger ones come in parts. */
const LINES_MOST = 8_000
/** Disputes of the payments of one settlement. */
const DISPUTES_MOST = 1_000

type Line = Settlement['lines'][number]

/** What a line is about, as far as we know it. */
type Order = {
  readonly line: Line
  readonly clearing: Uuid
  readonly attempt: Uuid | null
  readonly refund: Uuid | null
}

export type SettlementIds = { readonly money: Uuid; readonly cost: Uuid; readonly difference: Uuid }

type Settling = {
  readonly id: Uuid
  readonly rail: string
  readonly settlement: Settlement
  readonly orders: readonly Order[]
  /** Of the charges with chargebacks in it, by their attempt. */
  readonly disputes: ReadonlyMap<Uuid, readonly Uuid[]>
  readonly ids: SettlementIds
}

const orderOf = (rail: string, line: Line): Order => ({
  line,
  clearing: uuidOfName('clearing', rail, line.kind, line.reference),
  attempt: line.kind === 'refund' ? null : parseId('', line.reference),
  refund: line.kind === 'refund' ? parseId(REFUND_PREFIX, line.reference) : null,
})

const accountsOf = (rail: string, currency: string) => ({
  bank: chartAccount('bank', currency),
  receivable: chartAccount('rail_receivable', currency, rail),
  costs: chartAccount('rail_costs', currency, rail),
  differences: chartAccount('settlement_differences', currency, rail),
})

const readsOf = ({ id, rail, settlement, orders, disputes: known, ids }: Settling): Round[] => [
  (declare) => {
    declare(settlements.table, id)
    declarePostings(declare, {
      accounts: Object.values(accountsOf(rail, settlement.currency)),
      ids: Object.values(ids),
    })
    for (const order of orders) {
      declare(clearings.table, order.clearing)
      if (order.attempt !== null) declare(attempts.table, order.attempt)
      if (order.refund !== null) declare(refunds.table, order.refund)
    }
    for (const dispute of [...known.values()].flat()) declare(disputes.table, dispute)
  },
  (declare, found) => {
    for (const { attempt } of orders) {
      const row = attempt === null ? undefined : found(attempts.table, attempt)
      if (row !== undefined) declare(charges.table, row.charge)
    }
  },
]

const chargebacksOf = (draft: Draft, { disputes: known }: Settling, attempt: Attempt): Dispute[] =>
  (known.get(attempt.id) ?? []).map((id) => draft.get(disputes.table, id)).filter((row) => row !== undefined)

/** What our books say of an order, whatever earlier settlements paid for it. */
const expectedOf = (
  draft: Draft,
  settling: Settling,
  { line, attempt: id, refund: refundId }: Order,
): bigint => {
  const refund = refundId === null ? undefined : draft.get(refunds.table, refundId)
  if (refund !== undefined) return expectedOfRefund(refund)
  const attempt = id === null ? undefined : draft.get(attempts.table, id)
  if (attempt === undefined || attempt.currency !== settling.settlement.currency) return 0n
  switch (line.kind) {
    case 'capture': {
      const charge = draft.get(charges.table, attempt.charge)
      return charge === undefined ? 0n : expectedOfCapture(attempt, charge)
    }
    case 'chargeback':
      return expectedOfChargebacks(chargebacksOf(draft, settling, attempt))
    case 'chargeback_reversal':
      return expectedOfReversals(chargebacksOf(draft, settling, attempt))
    case 'refund':
      return 0n
  }
}

/** Accounts for an order: gives what was still expected of it, which is nothing where it was paid before. */
const clear = (draft: Draft, settling: Settling, order: Order): bigint => {
  const expected = expectedOf(draft, settling, order)
  const before = draft.get(clearings.table, order.clearing)
  const rest = expected - (before?.cleared ?? 0n)
  const attempt = order.attempt === null ? undefined : draft.get(attempts.table, order.attempt)
  const launch = attempt === undefined ? null : exposedBy(attempt)
  const { kind, amount } = order.line
  const row: Clearing = {
    id: order.clearing,
    createdMicros: before?.createdMicros ?? draft.nextTime(),
    order: `${order.line.kind} ${order.line.reference}`,
    settlement: settling.id,
    cleared: expected,
  }
  draft.put(clearings.table, row.id, withLine(row, before, { kind, amount, launch }))
  return rest
}

/** Either way round: a settlement of refunds alone takes money from the bank. */
const move = (
  id: Uuid,
  code: number,
  amount: bigint,
  { from, to }: { readonly from: Posting['credit']; readonly to: Posting['debit'] },
  externalReference: string,
): Posting[] => {
  if (amount === 0n) return []
  const isForward = amount > 0n
  return [
    {
      kind: 'move',
      id,
      code,
      debit: isForward ? to : from,
      credit: isForward ? from : to,
      amount: isForward ? amount : -amount,
      externalReference,
    },
  ]
}

/** What was owed is settled; what came in or was kept other than expected goes to the differences. */
const postingsOf = ({ rail, settlement, ids }: Settling, sums: SettlementSums): Posting[] => {
  const { bank, receivable, costs, differences } = accountsOf(rail, settlement.currency)
  const { id } = settlement
  return [
    ...move(ids.money, POSTING_CODES.settlement, sums.net, { from: receivable, to: bank }, id),
    ...move(ids.cost, POSTING_CODES.settlement_cost, sums.cost, { from: receivable, to: costs }, id),
    ...move(
      ids.difference,
      POSTING_CODES.settlement_difference,
      differenceOf(sums),
      { from: differences, to: receivable },
      id,
    ),
  ]
}

/** Takes a settlement in, once. False where it was taken in before. */
export const settlementUnit = (request: UnitRequest, settling: Settling): Unit<boolean> => ({
  ...request,
  name: 'payments.settlement',
  items: Math.max(1, settling.orders.length),
  duringAdvance: true,
  reads: readsOf(settling),
  decide: (draft) => {
    if (draft.get(settlements.table, settling.id) !== undefined)
      return { kind: 'answer', answer: false, reply: null }
    const { settlement, rail, orders } = settling
    const expected = orders.reduce((sum, order) => sum + clear(draft, settling, order), 0n)
    const sums = { net: settlement.net, cost: settlement.cost, expected }
    post(draft, postingsOf(settling, sums))
    draft.put(settlements.table, settling.id, {
      id: settling.id,
      createdMicros: draft.nextTime(),
      rail,
      name: settlement.id,
      day: settlement.day,
      currency: settlement.currency,
      lines: orders.length,
      ...sums,
      difference: differenceOf(sums),
    })
    return { kind: 'answer', answer: true, reply: null }
  },
})

/** The disputes behind the chargebacks of a settlement: rows are read by id, and a charge names only its newest. */
const disputesIn = async (
  door: PaymentsDoor,
  tenant: TenantId,
  orders: readonly Order[],
): Promise<Map<Uuid, Uuid[]>> => {
  const wanted = [
    ...new Set(
      orders.flatMap(({ line, attempt }) => (line.kind === 'capture' || attempt === null ? [] : [attempt])),
    ),
  ]
  const found = new Map<Uuid, Uuid[]>()
  for (const id of wanted) {
    const attempt = await findRecord(door, { tenant }, attempts, id)
    if (attempt === null) continue
    const [rows = []] = await door.read(tenant, [
      disputes.list(tenant, {
        limit: DISPUTES_MOST,
        cursor: null,
        direction: 'forward',
        filters: [{ column: 'charge', value: attempt.charge }],
      }),
    ])
    found.set(
      id,
      rows.map((raw) => disputes.read(raw).id),
    )
  }
  return found
}

/** What a rail paid for a day: bank, costs and differences are posted, and every order is accounted for. */
export const takeSettlement = async (
  door: PaymentsDoor,
  tenant: TenantId,
  rail: string,
  settlement: Settlement,
): Promise<void> => {
  assert(settlement.lines.length <= LINES_MOST, `a settlement has at most ${LINES_MOST} lines`)
  const orders = settlement.lines.map((line) => orderOf(rail, line))
  const nowMs = door.clock.now()
  await door.commit.submit(
    settlementUnit(workRequest(tenant, nowMs), {
      id: uuidOfName('settlement', rail, settlement.id),
      rail,
      settlement,
      orders,
      disputes: await disputesIn(door, tenant, orders),
      ids: { money: newUuid(nowMs), cost: newUuid(nowMs), difference: newUuid(nowMs) },
    }),
  )
}
