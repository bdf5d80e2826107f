import type { ClientBase } from 'pg'
import { askRows, type RawRow, type Sheet } from '../database/index.ts'
import { type Counter, findCounters, readCounter } from '../exposure/index.ts'
import { showId, type TenantId, type Uuid } from '../kit/index.ts'
import { CHARGE_PREFIX, INTENT_PREFIX, LAUNCH_PREFIX } from './views.ts'

const FINDINGS_SOUGHT = 20

/** The launch whose way it went, as the stamps say it. */
const exposedBy = (body: string): string =>
  `(jsonb_path_query_first(${body}, '$.stamps[*] ? (@.exposed == true).launch') #>> '{}')::uuid`

const HELD = `
select a.body->'reservation'->>'launch' as launch, (a.body->'reservation'->>'stage')::integer as stage,
       (a.body->'reservation'->>'day')::integer as day, sum((a.body->'reservation'->>'amount')::bigint)::bigint as amount
  from payments.attempts a
 where a.tenant = $1 and a.body ? 'reservation' and a.body->>'reservation' is not null group by 1, 2, 3`

type Held = { readonly launch: Uuid; readonly stage: number; readonly day: number; readonly amount: bigint }

const countersOf = async (client: ClientBase, tenant: TenantId): Promise<readonly Counter[]> => {
  const { text, values } = findCounters(tenant)
  const { rows } = await client.query<unknown[]>({ text, values: [...values], rowMode: 'array' })
  return rows.map((row: RawRow) => readCounter(row))
}

/** What is reserved of a launch's caps is what its attempts hold: no more, or payments are kept away; no less, or they pass. */
const checkReserved = async (client: ClientBase, tenant: TenantId, sheet: Sheet): Promise<void> => {
  const keyOf = (of: Pick<Held, 'launch' | 'stage'>): string => `${of.launch} ${of.stage}`
  const held = Map.groupBy(await askRows<Held>(client, HELD, [tenant]), keyOf)
  const counters = new Map((await countersOf(client, tenant)).map((each) => [keyOf(each), each]))
  for (const key of new Set([...held.keys(), ...counters.keys()])) {
    sheet.rows += 1
    const rows = held.get(key) ?? []
    const counter = counters.get(key)
    const sum = (some: readonly Held[]): bigint => some.reduce((total, { amount }) => total + amount, 0n)
    const inStage = sum(rows)
    const today = sum(rows.filter(({ day }) => day === counter?.day))
    if (BigInt(counter?.reservedInStage ?? 0) === inStage && BigInt(counter?.reservedToday ?? 0) === today)
      continue
    const [launch = '', stage = ''] = key.split(' ')
    sheet.find(tenant, 'what is reserved of a launch’s caps is not what its attempts hold', {
      launch: showId(LAUNCH_PREFIX, launch as Uuid),
      stage,
      held: inStage,
      reserved: counter?.reservedInStage ?? 0,
      'held of its day': today,
      'reserved today': counter?.reservedToday ?? 0,
    })
  }
}

const STAMPS = `
select c.id::text as charge, count(*) over () as total
  from payments.charges c join payments.attempts a on a.tenant = c.tenant and a.id = c.attempt
 where c.tenant = $1
   and (c.body->>'rail' <> a.body->>'rail'
        or case when c.body ? 'stamps' or a.body ? 'stamps' or c.exposed_by is not null
                then c.body->'stamps' is distinct from a.body->'stamps'
                  or c.exposed_by is distinct from ${exposedBy('c.body')}
                else false end)
 limit ${FINDINGS_SOUGHT}`

const IN_FLIGHT = `
select a.intent::text as intent, count(*) over () as total from payments.attempts a
 where a.tenant = $1
   and a.in_flight is distinct from case when a.body ? 'stamps' and a.state in ('sent', 'pending', 'unknown', 'requires_action')
                                         then ${exposedBy('a.body')} end
 limit ${FINDINGS_SOUGHT}`

const LISTED = `
with exposed as (select distinct a.intent, ${exposedBy('a.body')} as launch from payments.attempts a
              where a.tenant = $1 and a.body ? 'stamps'),
     wanted as (select e.intent, e.launch, i.created_micros from exposed e
                  join payments.intents i on i.tenant = $1 and i.id = e.intent where e.launch is not null),
     listed as (select l.intent, l.launch, l.created_micros from payments.exposed_intents l where l.tenant = $1)
select intent::text as intent, 1::bigint as total from ((table wanted except table listed) union all
                                                       (table listed except table wanted)) differing
 limit ${FINDINGS_SOUGHT}`

type Row = { readonly total: bigint } & ({ readonly charge: Uuid } | { readonly intent: Uuid })

const shown = (row: Row): Readonly<Record<string, string>> =>
  'charge' in row
    ? { charge: showId(CHARGE_PREFIX, row.charge) }
    : { payment: showId(INTENT_PREFIX, row.intent) }

const findAll = async (
  client: ClientBase,
  tenant: TenantId,
  sheet: Sheet,
  { text, what }: { readonly text: string; readonly what: string },
): Promise<void> => {
  const rows = await askRows<Row>(client, text, [tenant])
  for (const row of rows) sheet.find(tenant, what, shown(row))
  sheet.count(Math.max(0, Number(rows[0]?.total ?? 0n) - rows.length))
}

/** Every payment kept to the way that was decided with its attempt, and what it took of the caps is counted. */
export const checkLaunched = async (client: ClientBase, tenant: TenantId, sheet: Sheet): Promise<void> => {
  await checkReserved(client, tenant, sheet)
  const what = 'a charge is stamped otherwise than its attempt, or went to another rail'
  await findAll(client, tenant, sheet, { text: STAMPS, what })
  const flying = 'an attempt is counted as in flight and is not, or the other way round'
  await findAll(client, tenant, sheet, { text: IN_FLIGHT, what: flying })
  const listed = 'a payment is listed as exposed and was not, or the other way round'
  await findAll(client, tenant, sheet, { text: LISTED, what: listed })
}
