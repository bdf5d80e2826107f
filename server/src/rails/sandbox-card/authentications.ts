import type pg from 'pg'
import type { TenantId } from '../../kit/index.ts'
import { declinedAs } from './declines.ts'
import type { Deliveries } from './deliver.ts'
import type { AuthenticationState } from './facts.ts'
import { tenantOfAuthentication } from './names.ts'
import { idOf } from './plan.ts'
import { writeNotifications } from './rows.ts'
import { inTransaction, readDay, type Transaction } from './transaction.ts'

export type Authentication = {
  readonly id: string
  readonly amount: bigint
  readonly currency: string
  readonly status: AuthenticationState
}

/** The customer at the card issuer's page. Only the first answer counts. */
export type Authentications = {
  readonly find: (id: string) => Promise<Authentication | null>
  /** Null where there is no such authentication; `tenant` refuses those of others. */
  readonly resolve: (
    id: string,
    result: 'succeeded' | 'failed',
    tenant?: TenantId,
  ) => Promise<Authentication | null>
}

const load = async ({ tenant, run }: Transaction, id: string): Promise<Authentication | null> => {
  const [row] = await run({
    name: 'authentication_load',
    text: 'select amount, currency, status from rails.authentications where tenant = $1 and id = $2',
    values: [tenant, id],
  })
  if (row === undefined) return null
  const [amount, currency, status] = row
  return {
    id,
    amount: amount as bigint,
    currency: currency as string,
    status: status as AuthenticationState,
  }
}

const record = async (
  transaction: Transaction,
  id: string,
  result: 'succeeded' | 'failed',
): Promise<Authentication | null> => {
  const { tenant, run } = transaction
  const { nowMicros } = await readDay(transaction)
  const [row] = await run({
    name: 'authentication_resolve',
    text: `update rails.authentications set status = $3, resolved_micros = $4
            where tenant = $1 and id = $2 and status = 'open' returning reference`,
    values: [tenant, id, result, nowMicros],
  })
  if (row !== undefined) {
    const reference = row[0] as string
    if (result === 'failed') {
      await run({
        name: 'order_unauthenticated',
        text: `update rails.orders set status = 'declined', outcome = $3::jsonb
                where tenant = $1 and reference = $2 and status = 'requires_action'`,
        values: [tenant, reference, JSON.stringify(declinedAs('authentication_failure'))],
      })
    }
    await run(
      writeNotifications(tenant, [
        {
          id: idOf('sbxn', id),
          subject: reference,
          dueMicros: nowMicros,
          position: 0,
          body: { type: 'authentication', authentication: id, result },
        },
      ]),
    )
  }
  return load(transaction, id)
}

export const createAuthentications = (pool: pg.Pool, deliveries: Deliveries): Authentications => ({
  find: async (id) => {
    const tenant = tenantOfAuthentication(id)
    return tenant === null ? null : inTransaction(pool, tenant, (transaction) => load(transaction, id))
  },
  resolve: async (id, result, only) => {
    const tenant = tenantOfAuthentication(id)
    if (tenant === null || (only !== undefined && only !== tenant)) return null
    const found = await inTransaction(pool, tenant, async (transaction) =>
      (await load(transaction, id)) === null ? null : record(transaction, id, result),
    )
    // Told at once, so that whoever comes back from the page finds his payment as it is.
    if (found !== null) await deliveries.deliverDue(tenant)
    return found
  },
})
