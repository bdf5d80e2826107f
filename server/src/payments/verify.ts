import type { ClientBase } from 'pg'
import { askRows, type Check, Sheet } from '../database/index.ts'
import { showId, type TenantId, type Uuid } from '../kit/index.ts'
import {
  houseCredits,
  houseHeld,
  houseHeldMembers,
  housePosted,
  housePostedMembers,
  type Member,
  SET_OF,
  type SetOf,
} from '../ledger/index.ts'
import { type CHART_CODES, chartAccount, POSTING_CODES } from './chart.ts'
import { checkLaunched } from './verify-launched.ts'
import { CHARGE_PREFIX, INTENT_PREFIX } from './views.ts'

type Sheets = {
  readonly states: Sheet
  readonly taken: Sheet
  readonly held: Sheet
  readonly balance: Sheet
  readonly launched: Sheet
}

const openSheets = (): Sheets => ({
  states: new Sheet('payment states', 'Each payment’s state, amounts and charge say the same.'),
  taken: new Sheet(
    'payments taken',
    'Each charge that was taken has its posting, and each posting its charge.',
  ),
  held: new Sheet('payments held', 'What the ledger holds for payments is what waits to be captured.'),
  balance: new Sheet(
    'payment balances',
    'Balance transactions, fees and releases add up to the balances in the ledger.',
  ),
  launched: new Sheet(
    'payments launched',
    'Each payment kept to the way that was decided with its attempt, and the caps of launches hold what it took.',
  ),
})

const FINDINGS_SOUGHT = 20

/** A charge is compared with its payment; what is not the payment's latest one took nothing and holds nothing. */
const STATES = `
with joined as (
  select i.id::text as intent, c.id::text as charge, i.status, c.status as charge_status,
         (i.body->>'amountReceived')::bigint as received, (i.body->>'amountCapturable')::bigint as capturable,
         coalesce((c.body->>'amountCaptured')::bigint, 0) as captured, (c.body->>'amount')::bigint as amount,
         c.body->>'hold' as hold, c.body->>'balanceTransaction' as transaction,
         c.id::text = i.body->>'latestCharge' as latest
    from payments.intents i left join payments.charges c on c.tenant = i.tenant and c.intent = i.id
   where i.tenant = $1
)
select *, count(*) over () as total from joined
 where not case
   when charge is null then received = 0 and capturable = 0 and status not in ('succeeded', 'requires_capture')
   when not latest then captured = 0 and hold is null and transaction is null
   when status = 'succeeded' then received = captured and captured > 0 and hold is null and transaction is not null
                              and capturable = 0 and charge_status = 'succeeded'
   when status = 'requires_capture' then hold is not null and capturable = amount and captured = 0
                                     and charge_status = 'succeeded'
   when status = 'processing' then captured = 0 and transaction is null
   else received = 0 and capturable = 0 and captured = 0 and hold is null and transaction is null
 end
 limit ${FINDINGS_SOUGHT}`

type StateRow = {
  readonly intent: Uuid
  readonly charge: Uuid | null
  readonly status: string
  readonly received: bigint
  readonly captured: bigint
  readonly capturable: bigint
  readonly hold: string | null
  readonly total: bigint
}

const checkStates = async (client: ClientBase, tenant: TenantId, sheet: Sheet): Promise<void> => {
  const [count] = await askRows<{ count: bigint }>(
    client,
    'select count(*)::bigint as count from payments.intents where tenant = $1',
    [tenant],
  )
  sheet.rows += Number(count?.count ?? 0n)
  const rows = await askRows<StateRow>(client, STATES, [tenant])
  for (const { intent, charge, status, received, captured, capturable, hold } of rows) {
    sheet.find(tenant, 'a payment and its charge differ', {
      payment: showId(INTENT_PREFIX, intent),
      charge: charge === null ? null : showId(CHARGE_PREFIX, charge),
      status,
      received,
      captured,
      capturable,
      hold,
    })
  }
  sheet.count(Number(rows[0]?.total ?? 0n) - rows.length)
}

/** The transfer that brings a charge's money has the id of its balance transaction; the hold that of its attempt. */
const TAKEN = `from payments.charges c
  where c.tenant = $1 and c.body->>'balanceTransaction' is not null`
const HELD = `from payments.charges c where c.tenant = $1 and c.body->>'hold' is not null`

const asked = async (client: ClientBase, tenant: TenantId, text: string): Promise<SetOf> => {
  const [row] = await askRows<SetOf>(client, text, [tenant])
  return row ?? { count: 0n, fingerprint: '0' }
}

type Sides = {
  readonly what: string
  readonly ours: SetOf
  readonly theirs: SetOf
  readonly ourMembers: () => Promise<Member[]>
  readonly theirMembers: () => Promise<Member[]>
}

/** Only where the two sets differ is it looked for what differs. */
const compare = async (tenant: TenantId, sheet: Sheet, sides: Sides): Promise<void> => {
  sheet.rows += Number(sides.ours.count)
  if (sides.ours.count === sides.theirs.count && sides.ours.fingerprint === sides.theirs.fingerprint) return
  const theirs = new Map((await sides.theirMembers()).map(({ id, amount }) => [id, amount]))
  for (const { id, amount } of await sides.ourMembers()) {
    const posted = theirs.get(id)
    theirs.delete(id)
    if (posted === amount) continue
    sheet.find(tenant, `${sides.what}: a charge without its posting`, {
      transfer: id,
      charged: amount,
      posted: posted ?? null,
    })
  }
  for (const [id, amount] of theirs) {
    sheet.find(tenant, `${sides.what}: a posting without its charge`, { transfer: id, posted: amount })
  }
}

const checkTaken = async (client: ClientBase, tenant: TenantId, sheet: Sheet): Promise<void> => {
  const codes = { moved: POSTING_CODES.charge, held: POSTING_CODES.authorise }
  const [id, amount] = [`c.body->>'balanceTransaction'`, `c.body->>'amountCaptured'`]
  await compare(tenant, sheet, {
    what: 'taken',
    ours: await asked(client, tenant, `select ${SET_OF(`(${id})`, `(${amount})`)} ${TAKEN}`),
    theirs: await housePosted(client, tenant, codes),
    ourMembers: () =>
      askRows<Member>(client, `select ${id} as id, (${amount})::bigint as amount ${TAKEN}`, [tenant]),
    theirMembers: () => housePostedMembers(client, tenant, codes),
  })
}

const checkHeld = async (client: ClientBase, tenant: TenantId, sheet: Sheet): Promise<void> => {
  const [id, amount] = [`c.body->>'hold'`, `c.body->>'amount'`]
  await compare(tenant, sheet, {
    what: 'held',
    ours: await asked(client, tenant, `select ${SET_OF(`(${id})`, `(${amount})`)} ${HELD}`),
    theirs: await houseHeld(client, tenant),
    ourMembers: () =>
      askRows<Member>(client, `select ${id} as id, (${amount})::bigint as amount ${HELD}`, [tenant]),
    theirMembers: () => houseHeldMembers(client, tenant),
  })
}

type Sums = {
  readonly currency: string
  readonly net: bigint
  readonly charge_fees: bigint
  readonly waiting: bigint
  readonly count: bigint
}

const SUMS = `
select b.currency, count(*)::bigint as count, sum((b.body->>'net')::bigint)::bigint as net,
       coalesce(sum((b.body->>'fee')::bigint) filter (where b.type = 'charge'), 0)::bigint as charge_fees,
       coalesce((select sum(r.amount) from payments.releases r
                  where r.tenant = $1 and r.currency = b.currency and r.state = 'waiting'), 0)::bigint as waiting
  from payments.balance_transactions b where b.tenant = $1 group by b.currency`

/** Each release is what the movements of its moment add to; those that were available at once are in none. */
const RELEASES = `
select r.id::text as id, r.currency, r.amount,
       coalesce((select sum((b.body->>'net')::bigint) from payments.balance_transactions b
                  where b.tenant = $1 and b.currency = r.currency and b.available_on_micros = r.available_on_micros
                    and b.available_on_micros > b.created_micros), 0)::bigint as net
  from payments.releases r where r.tenant = $1`

const checkBalance = async (client: ClientBase, tenant: TenantId, sheet: Sheet): Promise<void> => {
  const credits = await houseCredits(client, tenant)
  const credited = (name: keyof typeof CHART_CODES, currency: string): bigint =>
    credits.get(chartAccount(name, currency).reference) ?? 0n
  for (const sums of await askRows<Sums>(client, SUMS, [tenant])) {
    const { currency } = sums
    sheet.rows += Number(sums.count)
    const pending = credited('balance_pending', currency)
    const owed = pending + credited('balance_available', currency)
    const details = { currency, transactions: sums.net, ledger: owed }
    if (owed !== sums.net) sheet.find(tenant, 'balance transactions do not add up to the balance', details)
    if (pending !== sums.waiting) {
      const more = { currency, releases: sums.waiting, ledger: pending }
      sheet.find(tenant, 'releases do not add up to what is pending', more)
    }
    const fees = credited('processing_fees', currency)
    if (fees !== sums.charge_fees) {
      const more = { currency, transactions: sums.charge_fees, ledger: fees }
      sheet.find(tenant, 'fees do not add up to what was charged', more)
    }
  }
  type Release = { readonly id: string; currency: string; amount: bigint; net: bigint }
  for (const { id, currency, amount, net } of await askRows<Release>(client, RELEASES, [tenant])) {
    if (amount === net) continue
    sheet.find(tenant, 'a release is not what its movements add to', { release: id, currency, amount, net })
  }
}

/** Proves that payments and ledger tell the same story, over what the client's transaction sees. */
export const verifyPayments = async (
  client: ClientBase,
  tenants: readonly TenantId[],
): Promise<readonly Check[]> => {
  const sheets = openSheets()
  for (const tenant of tenants) {
    await checkStates(client, tenant, sheets.states)
    await checkTaken(client, tenant, sheets.taken)
    await checkHeld(client, tenant, sheets.held)
    await checkBalance(client, tenant, sheets.balance)
    await checkLaunched(client, tenant, sheets.launched)
  }
  return Object.values(sheets).map((sheet) => sheet.result())
}
