import type { ClientBase } from 'pg'
import type { Facts } from './verdict.ts'

/*
 * What the database has, read as the reader: never by the server's own word.
 * An expiry has no id and is nobody's request.
 */

const ROWS = `
select external_reference, id::text, amount from ledger.transfers
 where tenant = $1 and id is not null and (external_reference is null and $3 or starts_with(external_reference, $2))`

const KEYS = `
select key, state, status from database.idempotency_keys where tenant = $1 and starts_with(key, $2)`

type RowOfTransfer = { external_reference: string | null; id: string; amount: string | bigint }
type RowOfKey = { key: string; state: number; status: number | null }

export type Where = { readonly tenant: number; readonly prefix: string; readonly alsoPays?: boolean }

export const readFacts = async (
  client: ClientBase,
  { tenant, prefix, alsoPays = false }: Where,
): Promise<Facts> => {
  const { rows } = await client.query<RowOfTransfer>(ROWS, [tenant, prefix, !alsoPays])
  const { rows: keys } = await client.query<RowOfKey>(KEYS, [tenant, prefix])
  return {
    rows: rows.map((row) => ({
      reference: row.external_reference ?? `(${row.id}, without a reference)`,
      id: row.id,
      amount: BigInt(row.amount),
    })),
    keys: keys.map(({ key, state, status }) => ({ key, answered: state === 1, status })),
  }
}

/**
 * Sums of its own, beside verify: written another way, so that one mistake cannot hide in both. What is pending (2) or
 * void (8) posts nothing.
 */
const SUMS = `
with numbered as (
  select tenant, sequence, row_number() over (partition by tenant order by time_micros) as place from ledger.transfers
), moved as (
  select *, id is not null and flags & 10 = 0 as posts from ledger.transfers
), sides as (
  select tenant, debit_account as account, time_micros, debit_debits_posted as debits, debit_credits_posted as credits,
         case when posts then amount else 0 end as debit, 0::bigint as credit
    from moved
  union all
  select tenant, credit_account, time_micros, credit_debits_posted, credit_credits_posted,
         0, case when posts then amount else 0 end
    from moved
), folded as (
  select debits, credits,
         sum(debit) over w as debits_summed, sum(credit) over w as credits_summed
    from sides window w as (partition by tenant, account order by time_micros)
)
select (select count(*) from numbered where sequence <> place)::integer as gaps,
       (select count(*) from folded where debits <> debits_summed or credits <> credits_summed)::integer as drifts,
       (select coalesce(sum(debits - credits), 0) from (
          select distinct on (tenant, account) debits, credits from sides order by tenant, account, time_micros desc
        ) newest)::text as residual`

export type Sums = { readonly gaps: number; readonly drifts: number; readonly residual: string }

export const readSums = async (client: ClientBase): Promise<Sums> => {
  const { rows } = await client.query<Sums>(SUMS)
  const [sums] = rows
  if (sums === undefined) throw new Error('the sums have no row')
  return { gaps: Number(sums.gaps), drifts: Number(sums.drifts), residual: sums.residual }
}
