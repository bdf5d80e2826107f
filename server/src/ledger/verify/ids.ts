import type { ClientBase } from 'pg'
import { askRows } from '../../database/index.ts'
import { type TenantId, UUID_MAX, UUID_ZERO, type Uuid } from '../../kit/index.ts'
import { FINDINGS_SOUGHT } from './limits.ts'
import type { Sheets } from './sheets.ts'
import { showAccount, showTransfer } from './shown.ts'

const NEITHER = `('${UUID_ZERO}', '${UUID_MAX}')`

type Wrong = { readonly id: string; readonly total: bigint }

type Question = {
  readonly what: string
  readonly text: string
  readonly show: (id: string) => Record<string, string>
}

const transfer = (id: string): Record<string, string> => ({ transfer: showTransfer(id as Uuid) })
const account = (id: string): Record<string, string> => ({ account: showAccount(id as Uuid) })

/** Each answers with what is wrong. The unique indexes promise most of it; here the rows themselves are asked. */
const QUESTIONS: readonly Question[] = [
  {
    what: 'two transfers have one id',
    text: `select id::text as id from ledger.transfers where tenant = $1 and id is not null
            group by id having count(*) > 1`,
    show: transfer,
  },
  {
    what: 'the id of a transfer is zero or all ones',
    text: `select id::text as id from ledger.transfers where tenant = $1 and id in ${NEITHER}`,
    show: transfer,
  },
  {
    what: 'the id of an account is zero or all ones',
    text: `select id::text as id from ledger.accounts where tenant = $1 and id in ${NEITHER}`,
    show: account,
  },
  {
    what: 'an id is recorded, and marked as failed for ever',
    text: `select f.id::text as id from ledger.failed_transfers f
             join ledger.transfers t on t.tenant = f.tenant and t.id = f.id where f.tenant = $1`,
    show: transfer,
  },
  {
    what: 'the id of a failed transfer is zero or all ones',
    text: `select id::text as id from ledger.failed_transfers where tenant = $1 and id in ${NEITHER}`,
    show: transfer,
  },
  {
    what: 'two accounts have one reference',
    text: `select reference as id from ledger.accounts where tenant = $1 and reference is not null
            group by reference having count(*) > 1`,
    show: (reference) => ({ reference }),
  },
]

export const compareIds = async (
  client: ClientBase,
  { tenant, sheets }: { readonly tenant: TenantId; readonly sheets: Sheets },
): Promise<void> => {
  for (const { what, text, show } of QUESTIONS) {
    const wrong = await askRows<Wrong>(
      client,
      `select id, count(*) over () as total from (${text}) wrong limit ${FINDINGS_SOUGHT}`,
      [tenant],
    )
    for (const { id } of wrong) sheets.ids.find(tenant, what, show(id))
    sheets.ids.count(Number(wrong[0]?.total ?? 0n) - wrong.length)
  }
}
