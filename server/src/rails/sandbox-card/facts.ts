import type { Statement } from '../../database/index.ts'
import type { TenantId } from '../../kit/index.ts'
import type { Authorised } from '../port/index.ts'
import type { Standing } from './decide-follow-up.ts'
import { readToken } from './tokenise.ts'
import type { Transaction } from './transaction.ts'

type StoredOrder = {
  readonly reference: string
  readonly kind: string
  readonly status: string
  readonly token: string | null
  readonly amount: bigint
  readonly currency: string
  readonly isCaptured: boolean
  readonly outcome: Authorised
}

const COLUMNS = 'reference, kind, status, token, amount, currency, is_captured, outcome'

const readOrder = (row: readonly unknown[]): StoredOrder => ({
  reference: row[0] as string,
  kind: row[1] as string,
  status: row[2] as string,
  token: row[3] as string | null,
  amount: row[4] as bigint,
  currency: row[5] as string,
  isCaptured: row[6] as boolean,
  outcome: row[7] as Authorised,
})

export const loadOrders = async (
  { tenant, run }: Transaction,
  references: readonly string[],
): Promise<ReadonlyMap<string, StoredOrder>> => {
  const rows = await run({
    name: 'orders_load',
    text: `select ${COLUMNS} from rails.orders where tenant = $1 and reference = any($2::text[])`,
    values: [tenant, references],
  })
  return new Map(rows.map(readOrder).map((order) => [order.reference, order]))
}

/** Locked in one order everywhere, so that two processes wait for each other and never for ever. */
const lockOrders = (tenant: TenantId, references: readonly string[]): Statement => ({
  name: 'orders_lock',
  text: `select ${COLUMNS} from rails.orders where tenant = $1 and reference = any($2::text[])
          order by reference for update`,
  values: [tenant, references],
})

/** A statement of its own after the lock: it sees what whoever held the lock before has done. */
const sumFollowUps = (tenant: TenantId, authorisations: readonly string[]): Statement => ({
  name: 'orders_sum',
  text: `select "of", coalesce(sum(amount) filter (where kind = 'capture'), 0)::bigint,
                coalesce(sum(amount) filter (where kind = 'refund'), 0)::bigint,
                bool_or(kind = 'void')
           from rails.orders
          where tenant = $1 and "of" = any($2::text[]) and status in ('succeeded', 'pending')
          group by "of"`,
  values: [tenant, authorisations],
})

const standingOf = (order: StoredOrder, sums: readonly unknown[] | undefined): Standing | null => {
  if (order.kind !== 'authorise' || order.status !== 'succeeded') return null
  const captured = (sums?.[1] as bigint | undefined) ?? 0n
  return {
    currency: order.currency,
    authorised: order.amount,
    behaviour: readToken(order.token ?? '')?.card.behaviour ?? {},
    captured: order.isCaptured ? order.amount : captured,
    refunded: (sums?.[2] as bigint | undefined) ?? 0n,
    isVoided: sums?.[3] === true,
  }
}

export type AuthenticationState = 'open' | 'succeeded' | 'failed'

/** What a batch is decided by. */
export type Facts = {
  /** Orders that were there before, by their reference. */
  readonly orders: ReadonlyMap<string, StoredOrder>
  readonly standings: ReadonlyMap<string, Standing>
  readonly authentications: ReadonlyMap<
    string,
    { readonly token: string; readonly reference: string; readonly status: AuthenticationState }
  >
  /** Cards that were authenticated before. */
  readonly setUp: ReadonlySet<string>
}

export const NO_FACTS: Facts = {
  orders: new Map(),
  standings: new Map(),
  authentications: new Map(),
  setUp: new Set(),
}

export type Wanted = {
  readonly references: readonly string[]
  /** The authorisations that later orders are about. */
  readonly authorisations: readonly string[]
  readonly authentications: readonly string[]
  readonly tokens: readonly string[]
}

const loadAuthentications = (tenant: TenantId, { authentications, tokens }: Wanted): Statement => ({
  name: 'authentications_load',
  text: `select id, token, status, reference from rails.authentications
          where tenant = $1 and (id = any($2::text[]) or (token = any($3::text[]) and status = 'succeeded'))`,
  values: [tenant, authentications, tokens],
})

export const loadFacts = async (transaction: Transaction, wanted: Wanted): Promise<Facts> => {
  const { tenant, run } = transaction
  const references = [...new Set([...wanted.references, ...wanted.authorisations])]
  const locked = (await run(lockOrders(tenant, references))).map(readOrder)
  const orders = new Map(locked.map((order) => [order.reference, order]))
  const sums =
    wanted.authorisations.length === 0 ? [] : await run(sumFollowUps(tenant, wanted.authorisations))
  const sumsOf = new Map(sums.map((row) => [row[0] as string, row]))
  const standings = new Map<string, Standing>()
  for (const reference of wanted.authorisations) {
    const order = orders.get(reference)
    const standing = order === undefined ? null : standingOf(order, sumsOf.get(reference))
    if (standing !== null) standings.set(reference, standing)
  }
  const asked = wanted.authentications.length + wanted.tokens.length > 0
  const rows = asked ? await run(loadAuthentications(tenant, wanted)) : []
  return {
    orders,
    standings,
    authentications: new Map(
      rows.map((row) => [
        row[0] as string,
        {
          token: row[1] as string,
          status: row[2] as AuthenticationState,
          reference: row[3] as string,
        },
      ]),
    ),
    setUp: new Set(rows.filter((row) => row[2] === 'succeeded').map((row) => row[1] as string)),
  }
}
