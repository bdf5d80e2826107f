import type { Entry } from './acquirer.ts'
import { checkLaunches } from './launches.ts'
import { feeOf, type Owed, owedBy } from './model.ts'
import type { Past } from './past.ts'

/** Of the chart of accounts. */
const RECEIVABLE = 1100
const REFUNDS_PENDING = 2300
const FEES = 4100
const DISPUTE_FEES = 4200

const AVAILABLE_AFTER_DAYS = 2

/** What happens to an object at most once. */
const ONCE = [
  'payment_intent.created',
  'payment_intent.succeeded',
  'payment_intent.canceled',
  'payment_intent.amount_capturable_updated',
  'charge.succeeded',
  'charge.captured',
  'charge.failed',
  'charge.expired',
  'refund.created',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
]

const expect = (past: Past, what: string, found: unknown, wanted: unknown): void => {
  if (String(found) !== String(wanted))
    past.problems.push(`${what}: ${String(found)} instead of ${String(wanted)}`)
}

const owedNow = ({ simulated }: Past): Owed =>
  owedBy(simulated.acquirer.entries.values(), simulated.acquirer.cases.values())

const isTaking = ({ kind, isHold, state }: Entry): boolean =>
  state === 'succeeded' && (kind === 'capture' || (kind === 'authorise' && !isHold))

/** What was taken and is not available yet: of each payment, by the day on which it was taken. */
const pendingBy = async (past: Past): Promise<bigint> => {
  const rows = await past.books.rows('select id::text, intent::text from payments.attempts where tenant = $1')
  const intentOf = new Map(rows.map((row) => [String(row['id']), String(row['intent'])]))
  let pending = 0n
  for (const entry of past.simulated.acquirer.entries.values()) {
    if (!isTaking(entry)) continue
    const day = past.takenOn.get(intentOf.get(entry.of) ?? '')
    if (day !== undefined && day + AVAILABLE_AFTER_DAYS > past.day)
      pending += entry.amount - feeOf(entry.amount)
  }
  return pending
}

const agree = async (past: Past): Promise<{ readonly available: number; readonly pending: number }> => {
  try {
    return await past.books.agree()
  } catch (error) {
    past.problems.push(String(error))
    return { available: Number.NaN, pending: Number.NaN }
  }
}

const checkMoney = async (past: Past): Promise<void> => {
  const owed = owedNow(past)
  const pending = await pendingBy(past)
  const said = await agree(past)
  expect(past, 'pending', said.pending, pending)
  expect(past, 'available', said.available, owed.owed - pending)
  const trial = await past.books.trial()
  expect(past, 'what the rail has', trial[RECEIVABLE] ?? 0n, owed.receivable)
  expect(past, 'fees', -(trial[FEES] ?? 0n), owed.fees)
  expect(past, 'dispute fees', -(trial[DISPUTE_FEES] ?? 0n), owed.disputeFees)
  expect(past, 'refunds under way', trial[REFUNDS_PENDING] ?? 0n, 0n)
}

/** Nothing is open, and not everything is available. */
export const checkMiddle = checkMoney

const PAYMENTS = `
select i.id::text, i.status, (i.body->>'amountReceived')::bigint as received,
       coalesce((select sum((c.body->>'amountRefunded')::bigint) from payments.charges c
                  where c.tenant = i.tenant and c.intent = i.id), 0) as refunded,
       array(select a.id::text from payments.attempts a
              where a.tenant = i.tenant and a.intent = i.id and a.body->>'order' = 'authorise') as references
  from payments.intents i where i.tenant = $1`

const FINAL = ['succeeded', 'canceled', 'requires_payment_method']

const checkPayments = async (past: Past): Promise<void> => {
  const owed = owedNow(past)
  const { entries } = past.simulated.acquirer
  const known = new Set<string>()
  for (const row of await past.books.rows(PAYMENTS)) {
    const name = `payment ${String(row['id'])}`
    const references = row['references'] as string[]
    for (const reference of references) known.add(reference)
    const paid = references.map((reference) => owed.payments.get(reference)?.paid ?? 0n)
    const refunded = references.map((reference) => owed.payments.get(reference)?.refunded ?? 0n)
    const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)
    expect(past, `${name}, received`, row['received'], sum(paid))
    expect(past, `${name}, refunded`, row['refunded'], sum(refunded))
    const authorised = references.filter((reference) => entries.get(reference)?.state === 'succeeded')
    if (authorised.length > 1) past.problems.push(`${name} was authorised ${authorised.length} times`)
    if (!FINAL.includes(String(row['status']))) past.problems.push(`${name} ends as ${String(row['status'])}`)
    expect(past, `${name}, taken`, row['status'] === 'succeeded', sum(paid) > 0n)
  }
  for (const { of } of entries.values())
    if (!known.has(of)) past.problems.push(`the rail has ${of}, and no payment has it`)
}

const PROMISES = `
select 'pi_' || replace(id::text, '-', '') as id, status from payments.intents where tenant = $1
union all select 're_' || replace(id::text, '-', ''), 'exists' from payments.refunds where tenant = $1`

const checkPromises = async (past: Past): Promise<void> => {
  const found = new Map((await past.books.rows(PROMISES)).map((row) => [row['id'], row['status']]))
  for (const [id, status] of past.promised) expect(past, `${id}, as it was answered`, found.get(id), status)
}

const checkEvents = async (past: Past): Promise<void> => {
  const rows = await past.books.rows(
    `select type, data->'object'->>'id' as id, count(*)::integer as count from database.events
      where tenant = $1 group by 1, 2 having count(*) > 1`,
  )
  for (const { type, id, count } of rows) {
    // Several cards of one payment may be declined one after the other; each is a charge of its own.
    if (ONCE.includes(String(type)))
      past.problems.push(`${String(type)} of ${String(id)} was told ${String(count)} times`)
  }
}

/** The end: the clock has passed everything that waits for it. */
export const checkEnd = async (past: Past): Promise<void> => {
  await checkMoney(past)
  await checkPayments(past)
  await checkPromises(past)
  await checkEvents(past)
  await checkLaunches(past)
  past.problems.push(...past.simulated.acquirer.problems)
}
