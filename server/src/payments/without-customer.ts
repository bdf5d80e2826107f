import type { Statement } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import type { PaymentsDoor } from './door.ts'
import { UNITS_COUNTED_MOST } from './limits.ts'

/** Of the newest payments, how many name no customer. */
export type WithoutCustomer = { readonly payments: number; readonly without: number }

const countOf = (tenant: TenantId): Statement => ({
  name: 'payments_without_customer',
  text: `select count(*)::integer, count(*) filter (where newest.customer is null)::integer
           from (select c.customer from payments.charges c where c.tenant = $1
                  order by c.created_micros desc limit $2) newest`,
  values: [tenant, UNITS_COUNTED_MOST],
})

/** For whoever launches by customer: what it would not reach, because there is nobody to tell apart. */
export const countWithoutCustomer =
  ({ read }: Pick<PaymentsDoor, 'read'>) =>
  async (tenant: TenantId): Promise<WithoutCustomer> => {
    const [rows = []] = await read(tenant, [countOf(tenant)])
    const [payments = 0, without = 0] = (rows[0] ?? []) as readonly number[]
    return { payments, without }
  }
