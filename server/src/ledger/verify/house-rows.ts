import type { ClientBase } from 'pg'
import { askRows } from '../../database/index.ts'
import type { TenantId } from '../../kit/index.ts'
import { HOUSE_LEDGERS } from '../limits.ts'
import { PENDING, VOID } from './transfer-rows.ts'

/** Transfers that move nothing: holds, and what ends them without money. */
const UNPOSTED = PENDING | VOID

/*
 * What the platform's own books say, for the capabilities that post to them to be compared with: sets of transfers as one
 * number, so that nothing need be held in memory while they agree.
 */

/** How a set of ids with amounts is said by both sides: it is the same number whatever the order. */
export const SET_OF = (id: string, amount: string): string =>
  `count(*)::bigint as count, coalesce(sum(hashtextextended(${id} || ' ' || ${amount}, 0)::numeric), 0)::text as fingerprint`

export type SetOf = { readonly count: bigint; readonly fingerprint: string }
export type Member = { readonly id: string; readonly amount: bigint }

/** Transfers that brought money: of this code alone, or that ended a hold of that code without voiding it. */
const POSTED = `from ledger.transfers t
  where t.tenant = $1 and t.ledger >= ${HOUSE_LEDGERS} and t.id is not null
    and (t.code = $2 or (t.code = $3 and t.pending_id is not null and t.flags & ${VOID} = 0))`
const HELD = `from ledger.holds h where h.tenant = $1 and h.ledger >= ${HOUSE_LEDGERS} and h.state = 0`

type Codes = { readonly moved: number; readonly held: number }

export const housePosted = async (
  client: ClientBase,
  tenant: TenantId,
  { moved, held }: Codes,
): Promise<SetOf> => {
  const text = `select ${SET_OF('t.id::text', 't.amount::text')} ${POSTED}`
  const [row] = await askRows<SetOf>(client, text, [tenant, moved, held])
  return row ?? { count: 0n, fingerprint: '0' }
}

export const housePostedMembers = (
  client: ClientBase,
  tenant: TenantId,
  { moved, held }: Codes,
): Promise<Member[]> =>
  askRows<Member>(client, `select t.id::text as id, t.amount ${POSTED}`, [tenant, moved, held])

export const houseHeld = async (client: ClientBase, tenant: TenantId): Promise<SetOf> => {
  const text = `select ${SET_OF('h.id::text', 'h.amount::text')} ${HELD}`
  const [row] = await askRows<SetOf>(client, text, [tenant])
  return row ?? { count: 0n, fingerprint: '0' }
}

export const houseHeldMembers = (client: ClientBase, tenant: TenantId): Promise<Member[]> =>
  askRows<Member>(client, `select h.id::text as id, h.amount ${HELD}`, [tenant])

/** What is posted to each of the platform's accounts, credits less debits, by its reference. */
export const houseCredits = async (
  client: ClientBase,
  tenant: TenantId,
): Promise<ReadonlyMap<string, bigint>> => {
  const text = `
    with moved as (
      select t.debit_account as account, -t.amount as amount from ledger.transfers t
       where t.tenant = $1 and t.ledger >= ${HOUSE_LEDGERS} and t.id is not null and t.flags & $2 = 0
      union all
      select t.credit_account, t.amount from ledger.transfers t
       where t.tenant = $1 and t.ledger >= ${HOUSE_LEDGERS} and t.id is not null and t.flags & $2 = 0
    )
    select a.reference, sum(m.amount)::bigint as amount
      from moved m join ledger.accounts a on a.tenant = $1 and a.id = m.account group by a.reference`
  const rows = await askRows<{ reference: string; amount: bigint }>(client, text, [tenant, UNPOSTED])
  return new Map(rows.map(({ reference, amount }) => [reference, amount]))
}
