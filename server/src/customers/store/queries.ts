import type { RawRow, Statement } from '../../database/index.ts'
import type { TenantId, Uuid } from '../../kit/index.ts'

/** The attempt that the rail asked an authentication for. */
export const attemptOfAuthentication = (tenant: TenantId, authentication: string): Statement => ({
  name: 'customers_attempt_of_authentication',
  text: `select a.id::text, a.setup_intent::text from customers.setup_attempts a
          where a.tenant = $1 and a.authentication = $2`,
  values: [tenant, authentication],
})

export const readAttemptIds = (raw: RawRow): { readonly attempt: Uuid; readonly intent: Uuid } => ({
  attempt: raw[0] as Uuid,
  intent: raw[1] as Uuid,
})

/** The newest cards of a customer: those that go with it when it is deleted. */
export const cardsOfCustomer = (tenant: TenantId, customer: Uuid, most: number): Statement => ({
  name: 'customers_cards_of_customer',
  text: `select p.id::text from customers.payment_methods p
          where p.tenant = $1 and p.customer = $2 order by p.created_micros desc limit $3`,
  values: [tenant, customer, most],
})
