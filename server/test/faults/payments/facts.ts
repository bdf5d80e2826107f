import type { ClientBase } from 'pg'

/*
 * What the database has of a run's payments, read as the reader. Ids are as the API shows them, but for those of orders
 * at the rail, which has the plain ones.
 */

export type IntentFacts = { readonly id: string; readonly status: string; readonly payment: number }
export type AttemptFacts = {
  readonly id: string
  readonly intent: string
  readonly kind: string
  readonly state: string
}
export type ChargeFacts = {
  readonly id: string
  readonly intent: string
  readonly status: string
  readonly captured: number
  readonly refunded: number
  readonly authorisation: string
}
export type RefundFacts = {
  readonly id: string
  readonly intent: string
  readonly charge: string
  readonly status: string
  readonly amount: number
}
/** An order at the rail: `about` is the authorisation. */
export type OrderFacts = {
  readonly kind: string
  readonly status: string
  readonly reference: string
  readonly about: string
  readonly amount: number
}
export type TransactionFacts = {
  readonly type: string
  readonly source: string
  readonly amount: number
  readonly net: number
  /** What is posted under its own id; null where nothing is. */
  readonly posted: number | null
}
export type PostingFacts = {
  readonly id: string
  readonly holds: string | null
  readonly code: number
  readonly flags: number
  readonly amount: number
  readonly reference: string | null
}
export type EventFacts = { readonly id: string; readonly type: string; readonly object: string }

export type PaymentFacts = {
  readonly intents: readonly IntentFacts[]
  readonly attempts: readonly AttemptFacts[]
  readonly charges: readonly ChargeFacts[]
  readonly refunds: readonly RefundFacts[]
  readonly orders: readonly OrderFacts[]
  readonly transactions: readonly TransactionFacts[]
  readonly postings: readonly PostingFacts[]
  readonly events: readonly EventFacts[]
  /** Of the whole tenant: what the ledger owes its owner, and what the balance transactions say. */
  readonly balances: { readonly ledger: string; readonly transactions: string; readonly residual: string }
}

const shown = (prefix: string, column: string): string => `'${prefix}_' || replace(${column}::text, '-', '')`
const OF_RUN = `(select id from payments.intents where tenant = $1 and body->'metadata'->>'run' = $2)`

const STATEMENTS = {
  intents: `select ${shown('pi', 'id')} as id, status, (body->'metadata'->>'payment')::integer as payment
              from payments.intents where tenant = $1 and body->'metadata'->>'run' = $2`,
  attempts: `select id::text, ${shown('pi', 'intent')} as intent, body->>'order' as kind, state
               from payments.attempts where tenant = $1 and intent in ${OF_RUN}`,
  charges: `select ${shown('ch', 'id')} as id, ${shown('pi', 'intent')} as intent, status,
                   (body->>'amountCaptured')::integer as captured, (body->>'amountRefunded')::integer as refunded,
                   attempt::text as authorisation
              from payments.charges where tenant = $1 and intent in ${OF_RUN}`,
  refunds: `select ${shown('re', 'id')} as id, ${shown('pi', 'intent')} as intent, ${shown('ch', 'charge')} as charge,
                   status, (body->>'amount')::integer as amount
              from payments.refunds where tenant = $1 and intent in ${OF_RUN}`,
  orders: `select o.kind, o.status, o.reference, coalesce(o."of", o.reference) as about, o.amount::integer
             from rails.orders o
            where o.tenant = $1 and coalesce(o."of", o.reference) in
                  (select id::text from payments.attempts where tenant = $1 and $2 <> '')`,
  transactions: `select b.type, b.source, (b.body->>'amount')::integer as amount, (b.body->>'net')::integer as net,
                        t.amount::integer as posted
                   from payments.balance_transactions b
                   left join ledger.transfers t on t.tenant = b.tenant and t.id = b.id
                  where b.tenant = $1 and $2 <> ''`,
  postings: `select id::text, pending_id::text as holds, code, flags, amount::integer, external_reference as reference
               from ledger.transfers where tenant = $1 and $2 <> '' and code in (10, 13, 20, 21, 22)`,
  events: `select ${shown('evt', 'id')} as id, type, data->'object'->>'id' as object from database.events
            where tenant = $1 and $2 <> '' and type ~ '^(payment_intent|charge|refund)[.]'`,
} as const

/** Our own sums: debits less credits of every account of the tenant come to nothing, and by code to what is owed. */
const BALANCES = `
with moved as (
  select debit_account as account, case when id is not null and flags & 10 = 0 then amount else 0 end as sum
    from ledger.transfers where tenant = $1
  union all
  select credit_account, -case when id is not null and flags & 10 = 0 then amount else 0 end
    from ledger.transfers where tenant = $1
)
select (select coalesce(sum(sum), 0) from moved)::text as residual,
       (select coalesce(-sum(m.sum), 0) from moved m join ledger.accounts a on a.tenant = $1 and a.id = m.account
         where a.code in (2100, 2200))::text as ledger,
       (select coalesce(sum((body->>'net')::bigint), 0) from payments.balance_transactions where tenant = $1)::text
         as transactions`

export const readPaymentFacts = async (
  client: ClientBase,
  tenant: number,
  run: string,
): Promise<PaymentFacts> => {
  const rows = async <Row>(statement: string): Promise<Row[]> =>
    (await client.query(statement, [tenant, run])).rows as Row[]
  // One moment for all of it: the server goes on meanwhile.
  await client.query('begin isolation level repeatable read read only')
  try {
    const balances = (await client.query(BALANCES, [tenant])).rows as PaymentFacts['balances'][]
    const [first] = balances
    if (first === undefined) throw new Error('the sums have no row')
    return {
      intents: await rows(STATEMENTS.intents),
      attempts: await rows(STATEMENTS.attempts),
      charges: await rows(STATEMENTS.charges),
      refunds: await rows(STATEMENTS.refunds),
      orders: await rows(STATEMENTS.orders),
      transactions: await rows(STATEMENTS.transactions),
      postings: await rows(STATEMENTS.postings),
      events: await rows(STATEMENTS.events),
      balances: first,
    }
  } finally {
    await client.query('commit')
  }
}

const OPEN_ATTEMPTS = ['sent', 'pending', 'unknown']

/** What still waits for somebody. A canceled payment's void is told to the rail even after the payment's end. */
export const unfinished = ({ intents, attempts, refunds }: PaymentFacts): string[] => [
  ...intents.filter(({ status }) => status === 'processing').map(({ id }) => `${id} is processing`),
  ...attempts
    .filter(({ state }) => OPEN_ATTEMPTS.includes(state))
    .map(({ id, kind, state }) => `${kind} ${id} is ${state}`),
  ...refunds.filter(({ status }) => status === 'pending').map(({ id }) => `${id} is pending`),
]
