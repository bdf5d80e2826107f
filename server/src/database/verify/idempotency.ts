import type { ClientBase } from 'pg'
import { askRows } from './ask.ts'
import type { HeadRow } from './heads.ts'
import { FINDINGS_SHOWN, LEASE_LONG_OVER_MS } from './limits.ts'
import { Sheet } from './sheet.ts'

type Wrong = { readonly scope: string; readonly key: string; readonly state: number; readonly total: bigint }

/** 0 running: it has a step, a worker and a lease. 1 answered: it has a status and none of those. */
const WRONG = `
select scope, key, state, count(*) over () as total
  from database.idempotency_keys
 where tenant = $1
   and case state when 1 then status is null or worker is not null or step is not null or lease_until_ms is not null
                  else status is not null or worker is null or step is null or lease_until_ms is null end
 limit ${FINDINGS_SHOWN}`

const COUNTS = `
select count(*) as keys,
       count(*) filter (where state = 0 and lease_until_ms < $2::bigint) as abandoned
  from database.idempotency_keys where tenant = $1`

const WALL_CLOCK = `select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms`

export const checkIdempotency = async (client: ClientBase, heads: readonly HeadRow[]): Promise<Sheet> => {
  const sheet = new Sheet(
    'idempotency',
    'Every idempotency key is either answered, with a status, or running, with a step, a worker and a lease.',
  )
  const [clock] = await askRows<{ now_ms: bigint }>(client, WALL_CLOCK)
  const longAgo = (clock?.now_ms ?? 0n) - BigInt(LEASE_LONG_OVER_MS)
  for (const { tenant } of heads) {
    const [counts] = await askRows<{ keys: bigint; abandoned: bigint }>(client, COUNTS, [tenant, longAgo])
    sheet.rows += Number(counts?.keys ?? 0n)
    const abandoned = counts?.abandoned ?? 0n
    if (abandoned > 0n)
      sheet.note(
        `Tenant ${tenant} has ${abandoned} requests that nobody has gone on with for more than an hour.`,
      )
    const wrong = await askRows<Wrong>(client, WRONG, [tenant])
    for (const { scope, key, state } of wrong) {
      sheet.find(tenant, 'an idempotency key is neither answered nor running', { scope, key, state })
    }
    sheet.count(Number(wrong[0]?.total ?? 0n) - wrong.length)
  }
  return sheet
}
