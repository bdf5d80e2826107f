import assert from 'node:assert/strict'
import { createRead } from '../../src/database/index.ts'
import type { RequestContext } from '../../src/http/index.ts'
import { parseDay, showDay, showId, type TenantId, type Uuid } from '../../src/kit/index.ts'
import { routesOf } from '../../src/ledger/routes/all.ts'
import type { History } from '../model/histories.ts'
import { LEDGER_WRITERS, subjectOver } from './ledger-subjects.ts'
import type { PotsDatabase } from './pots-database.ts'

/** What the API tells of the past, held against the rows as they stand in their table. */

/** A row of the transfers as it stands in its table, with the balances that either side has after it. */
type Row = {
  time: bigint
  day: string
  sides: readonly (readonly [account: string, side: string, after: readonly string[], posted: bigint])[]
}

const SQL = `
select time_micros, book_date::text, debit_account::text, credit_account::text,
       array[debit_debits_pending, debit_debits_posted, debit_credits_pending, debit_credits_posted]::text[],
       array[credit_debits_pending, credit_debits_posted, credit_credits_pending, credit_credits_posted]::text[],
       case when flags & (2 | 8) <> 0 or id is null then 0 else amount end
  from ledger.transfers order by time_micros`

export const rowsOf = async (world: PotsDatabase, tenant: TenantId): Promise<Row[]> =>
  (await world.ask(tenant, SQL)).map(([time, day, debit, credit, debitAfter, creditAfter, posted]) => ({
    time: time as bigint,
    day: day as string,
    sides: [
      [debit as string, 'debit', debitAfter as string[], posted as bigint],
      [credit as string, 'credit', creditAfter as string[], posted as bigint],
    ],
  }))

type Shown = { readonly [name: string]: unknown }
type Get = (operation: string, input: { readonly params?: Shown; readonly query?: Shown }) => Promise<Shown>

const play = async (world: PotsDatabase, history: History) => {
  const tenant = await world.addTenant()
  const read = createRead(world.connections)
  const commit = world.commit({ writers: LEDGER_WRITERS })
  const subject = subjectOver({ commit, read, tenant, pools: world.pools }, () => commit.drain())
  for (const step of history) {
    if (step.kind === 'create_accounts') await subject.createAccounts(step.commands)
    else if (step.kind === 'create_transfers') await subject.createTransfers(step.commands)
    else if (step.kind === 'advance') await subject.advance(step.seconds)
    else await subject.closeBooks(step.through)
  }
  const routes = routesOf({ commit, read, clock: { now: Date.now } })
  const context = {
    tenant,
    mode: 'test',
    claim: null,
    bodyBytes: 0,
    deadlineMs: Number.MAX_SAFE_INTEGER,
  } as RequestContext
  const get: Get = async (operation, input) => {
    const route = routes.find((one) => one.operation === operation)
    const answer = (await route?.handle(context, { params: {}, query: {}, ...input })) as {
      body?: string
    } & Shown
    return answer.body === undefined ? answer : (JSON.parse(answer.body) as Shown)
  }
  const accounts = (
    await world.ask(tenant, 'select id::text from ledger.accounts order by time_micros')
  ).flat() as Uuid[]
  return { rows: await rowsOf(world, tenant), accounts, get }
}

const exact = (shown: unknown): string[] => {
  const balances = shown as Record<string, string>
  return ['debits_pending', 'debits_posted', 'credits_pending', 'credits_posted'].map(
    (name) => balances[`${name}_exact`] ?? '',
  )
}

const NOTHING = ['0', '0', '0', '0']
const sides = (rows: readonly Row[], account: string) =>
  rows.flatMap((row) =>
    row.sides
      .filter(([id]) => id === account)
      .map(([, side, after, posted]) => ({ ...row, side, after, posted })),
  )

/** A few of many, the first and the last among them. */
const some = <Value>(values: readonly Value[]): Value[] =>
  values.filter((_, index) => index % 5 === 0 || index === values.length - 1)

const checkAccount = async (rows: readonly Row[], one: Uuid, get: Get): Promise<void> => {
  const shown = showId('la', one)
  const lines = sides(rows, one)
  const at = async (query: Shown) =>
    exact((await get('retrieveLedgerAccount', { params: { id: shown }, query }))['balances'])
  assert.deepEqual(await at({}), lines.at(-1)?.after ?? NOTHING)
  for (const { time } of some(rows)) {
    assert.deepEqual(
      await at({ as_of_us: Number(time) }),
      lines.findLast((line) => line.time <= time)?.after ?? NOTHING,
    )
  }
  const days = [...new Set(rows.map(({ day }) => day))].flatMap((day) => [
    day,
    showDay((parseDay(day) ?? 0) - 1),
  ])
  for (const day of new Set(days)) {
    const until = lines.filter((line) => line.day <= day)
    const sum = (side: string) =>
      until.reduce((total, line) => total + (line.side === side ? line.posted : 0n), 0n)
    assert.deepEqual(
      await at({ as_of_book_date: day }),
      ['0', `${sum('debit')}`, '0', `${sum('credit')}`],
      `${shown} on ${day}`,
    )
  }
}

/** Pages of two, forward to the oldest line and back to the newest. */
const checkStatement = async (rows: readonly Row[], account: Uuid, get: Get): Promise<void> => {
  const newestFirst = sides(rows, account).toReversed()
  const page = async (query: Shown) => {
    const list = await get('listLedgerEntries', {
      params: { id: showId('la', account) },
      query: { limit: 2, ...query },
    })
    return { data: list['data'] as Shown[], more: list['has_more'] as boolean }
  }
  const walk = async (cursor: 'starting_after' | 'ending_before', from: Shown[]): Promise<Shown[]> => {
    const all = [...from]
    for (let left = 200; left > 0; left--) {
      const last = cursor === 'starting_after' ? all.at(-1) : all[0]
      const { data, more } = await page(last === undefined ? {} : { [cursor]: last['id'] })
      if (cursor === 'starting_after') all.push(...data)
      else all.unshift(...data)
      if (!more) break
    }
    return all
  }
  const lines = await walk('starting_after', [])
  assert.deepEqual(
    lines.map((line) => [line['created_us'], line['side'], ...exact(line['balances_after'])]),
    newestFirst.map((line) => [Number(line.time), line.side, ...line.after]),
  )
  for (const [index, line] of lines.entries()) {
    const older = lines[index + 1]
    assert.deepEqual(
      exact(line['balances_before']),
      older === undefined ? NOTHING : exact(older['balances_after']),
    )
  }
  if (lines.length > 0) assert.deepEqual(await walk('ending_before', lines.slice(-1)), lines)
}

const checkTrial = async (rows: readonly Row[], accounts: readonly Uuid[], get: Get): Promise<void> => {
  const totals = async (query: Shown) => {
    const trial = await get('retrieveLedgerTrialBalance', { query })
    assert.equal(trial['balanced'], true)
    const ledgers = trial['ledgers'] as { balances: unknown }[]
    return ledgers
      .map(({ balances }) => exact(balances).map(BigInt))
      .reduce((one, other) => one.map((value, place) => value + (other[place] ?? 0n)), [0n, 0n, 0n, 0n])
  }
  for (const { time, day } of some(rows)) {
    const last = accounts.map(
      (account) => sides(rows, account).findLast((line) => line.time <= time)?.after ?? NOTHING,
    )
    assert.deepEqual(
      await totals({ as_of_us: Number(time) }),
      [0, 1, 2, 3].map((place) => last.reduce((sum, after) => sum + BigInt(after[place] ?? 0), 0n)),
    )
    const posted = rows
      .filter((row) => row.day <= day)
      .reduce((sum, row) => sum + (row.sides[0]?.[3] ?? 0n), 0n)
    assert.deepEqual(await totals({ as_of_book_date: day }), [0n, posted, 0n, posted])
  }
}

/** Plays a history and holds everything that can be asked about the past against the plain rows. */
export const checkPast = async (world: PotsDatabase, history: History): Promise<void> => {
  const { rows, accounts, get } = await play(world, history)
  for (const account of accounts) {
    await checkAccount(rows, account, get)
    await checkStatement(rows, account, get)
  }
  await checkTrial(rows, accounts, get)
  assert.deepEqual((await get('retrieveLedgerHealth', {}))['ok'], true)
}
