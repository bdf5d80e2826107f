import type { ClientBase } from 'pg'
import { askRows, copyRows, copyTimers, fixedRows, TIMER_ROWS } from '../../database/index.ts'
import type { TenantId, Uuid } from '../../kit/index.ts'
import { EXPIRY_TIMER } from '../draft-books.ts'
import type { Accounts } from './accounts.ts'
import { Fingerprint, type FingerprintKey, type HoldFacts } from './fingerprint.ts'
import { FINDINGS_SOUGHT } from './limits.ts'
import { OPEN, type Phases } from './phases.ts'
import type { Sheets } from './sheets.ts'
import { idAt, showTransfer } from './shown.ts'
import { PENDING, VOID } from './transfer-rows.ts'

const ROWS = fixedRows({
  amount: ['amount', 'bigint'],
  expires: ['coalesce(expires_micros, 0)', 'bigint'],
  resolvedBy: ['coalesce(resolved_by, 0)', 'bigint'],
  id: ['id', 'uuid'],
  debit: ['debit_account', 'uuid'],
  credit: ['credit_account', 'uuid'],
  ledger: ['ledger', 'integer'],
  state: ['state', 'smallint'],
})
const AT = ROWS.at

type Options = {
  readonly tenant: TenantId
  readonly accounts: Accounts
  readonly sheets: Sheets
  readonly phases: Phases
  readonly key: FingerprintKey
}

const add = (held: BigInt64Array, at: number, amount: bigint): void => {
  if (at >= 0) held[at] = BigInt.asIntN(64, (held[at] ?? 0n) + amount)
}

/** The holds that follow from the transfers, joined with their rows: only asked for when the two sets differ. */
const DIFFERENCES = `
with expected as (
  select p.id, p.amount, p.debit_account, p.credit_account, p.ledger,
         case when p.timeout_s > 0 then p.time_micros + p.timeout_s * 1000000::bigint end as expires_micros,
         case when r.sequence is null then 0 when r.id is null then 3 when r.flags & ${VOID} <> 0 then 2 else 1 end as state,
         r.sequence as resolved_by
    from ledger.transfers p
    left join ledger.transfers r on r.tenant = p.tenant and r.pending_id = p.id
   where p.tenant = $1 and p.flags & ${PENDING} <> 0
), stored as (
  select id, amount, debit_account, credit_account, ledger, expires_micros, state::integer as state, resolved_by
    from ledger.holds where tenant = $1
)
select coalesce(e.id, s.id)::text as id, to_jsonb(e) as expected, to_jsonb(s) as stored,
       count(*) over () as total
  from expected e full join stored s on s.id = e.id
 where to_jsonb(e) is distinct from to_jsonb(s)
 limit ${FINDINGS_SOUGHT}`

type Facts = Readonly<Record<string, unknown>>
type Difference = {
  readonly id: Uuid
  readonly expected: Facts | null
  readonly stored: Facts | null
  readonly total: bigint
}

const locate = async (client: ClientBase, { tenant, sheets }: Options): Promise<void> => {
  const differences = await askRows<Difference>(client, DIFFERENCES, [tenant])
  for (const { id, expected, stored } of differences) {
    const pending = showTransfer(id)
    if (expected === null || stored === null) {
      sheets.holds.find(
        tenant,
        stored === null ? 'a pending transfer has no hold' : 'a hold has no pending transfer',
        { pending },
      )
      continue
    }
    const fields = Object.keys(stored)
      .filter((name) => String(stored[name]) !== String(expected[name]))
      .map((name) => [name, `${stored[name]}, by the transfers ${expected[name]}`] as const)
    sheets.holds.find(tenant, 'a hold is not as its transfers left it', {
      pending,
      ...Object.fromEntries(fields),
    })
  }
  const total = Number(differences[0]?.total ?? 0n)
  sheets.holds.count(total - differences.length)
  if (total === 0) sheets.holds.find(tenant, 'the rows of holds are not those that the transfers leave')
}

/** Compares the rows of holds with what the transfers left, and sums up what the open ones keep of each account. */
export const compareHolds = async (client: ClientBase, options: Options): Promise<void> => {
  const { tenant, accounts, sheets, phases } = options
  const stored = new Fingerprint(options.key)
  const facts: HoldFacts = {
    debit: 0,
    credit: 0,
    ledger: 0,
    state: 0,
    amount: 0n,
    expires: 0n,
    resolvedBy: 0n,
  }
  const rows = await copyRows(client, ROWS, `from ledger.holds where tenant = ${tenant}`, (view, at) => {
    facts.debit = accounts.index.find(view, at + AT.debit)
    facts.credit = accounts.index.find(view, at + AT.credit)
    facts.ledger = view.getInt32(at + AT.ledger)
    facts.state = view.getInt16(at + AT.state)
    facts.amount = view.getBigInt64(at + AT.amount)
    facts.expires = view.getBigInt64(at + AT.expires)
    facts.resolvedBy = view.getBigInt64(at + AT.resolvedBy)
    stored.add((word) => view.getInt32(at + AT.id + word * 4), facts)
    if (facts.state !== OPEN) return
    add(accounts.held, facts.debit * 2, facts.amount)
    add(accounts.held, facts.credit < 0 ? -1 : facts.credit * 2 + 1, facts.amount)
  })
  sheets.holds.rows += rows
  sheets.phases.rows += phases.ended
  if (!phases.expected.equals(stored)) await locate(client, options)
}

/** Without its timer a hold would never expire. */
export const compareTimers = async (
  client: ClientBase,
  { tenant, sheets, phases }: Options,
): Promise<void> => {
  const { open } = phases
  const sheet = sheets.timers
  sheet.rows += await copyTimers(client, { tenant, kind: EXPIRY_TIMER }, (view, at) => {
    const due = view.getBigInt64(at + TIMER_ROWS.at.due)
    const hold = open.index.find(view, at + TIMER_ROWS.at.subject)
    const isRight = hold >= 0 && open.expires[hold] === due
    if (hold >= 0) open.timed[hold] = 1
    if (isRight) return
    const what = hold < 0 ? 'a timer is for no open hold' : 'a timer is not due when its hold expires'
    sheet.find(tenant, what, { pending: showTransfer(idAt(view, at + TIMER_ROWS.at.subject)), due })
  })
  for (const hold of open.index.numbers()) {
    const expires = open.expires[hold] ?? 0n
    if (expires === 0n || open.timed[hold] === 1) continue
    sheet.find(tenant, 'an open hold has no timer', { pending: showTransfer(open.index.idOf(hold)), expires })
  }
}
