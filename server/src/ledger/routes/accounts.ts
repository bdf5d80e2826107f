import { Type } from 'typebox'
import {
  defineRoute,
  listObject,
  listOf,
  listQuery,
  missingReply,
  type RequestContext,
  type Route,
  rangeFilter,
  readPage,
} from '../../http/index.ts'
import { assert, type Day, type Micros, type Reply, type Uuid } from '../../kit/index.ts'
import { type Door, livemodeOf, readable, submitForReply } from '../../requests/index.ts'
import type { Account } from '../core/index.ts'
import { findAccount, listAccounts, sumDays, timeOfAccount } from '../store/queries.ts'
import { readAccount as readAccountRow } from '../store/tables.ts'
import { createAccountsUnit } from '../units.ts'
import { integer, showAccount, showAccountAsOf } from '../views.ts'
import { ACCOUNT_REASONS, READING_REASONS } from './errors.ts'
import { endOfSecond, keysetOf } from './pages.ts'
import { alone, readAccount, readAccountId, readDate } from './parse.ts'
import { accountReply, objectReply } from './replies.ts'
import { accountObject, accountParameters } from './schemas.ts'
import { requestOf } from './submit.ts'

export const missingAccount = (text: string): Reply => missingReply('ledger_account', text)

const load = async (
  door: Door,
  context: RequestContext,
  id: Uuid,
  asOf: Micros | null,
): Promise<Account | null> => {
  const [rows = []] = await door.read(context.tenant, [findAccount(context.tenant, id, asOf)])
  return rows[0] === undefined ? null : readAccountRow(rows[0])
}

/** By book date: all that is posted where the newest day is not later, else what the daily totals add up to. */
const loadByBookDate = async (
  door: Door,
  context: RequestContext,
  id: Uuid,
  day: Day,
): Promise<Account | null> => {
  const [accounts = [], sums = []] = await door.read(context.tenant, [
    findAccount(context.tenant, id, null),
    sumDays(context.tenant, id, day),
  ])
  if (accounts[0] === undefined) return null
  const account = readAccountRow(accounts[0])
  const held = { debitsPending: 0n, creditsPending: 0n }
  if (day >= account.bookDay) return { ...account, ...held }
  const [debitsPosted, creditsPosted] = sums[0] ?? []
  assert(typeof debitsPosted === 'bigint' && typeof creditsPosted === 'bigint', 'a sum has a row')
  return { ...account, ...held, debitsPosted, creditsPosted }
}

const create = (door: Door): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/ledger/accounts',
    operation: 'createLedgerAccount',
    summary: 'Open an account',
    description:
      'Opens an account in a ledger. The same command with the same id again answers 200 with the header Idempotent-Replayed; other content under the same id is refused, naming the first field that differs.',
    permission: 'ledger.write',
    idempotency: 'stored',
    body: accountParameters,
    answer: accountObject,
    errors: ACCOUNT_REASONS,
    examples: {
      body: {
        ledger: 1,
        code: 10,
        currency: 'eur',
        reference: 'customer:ada',
        flags: ['debits_must_not_exceed_credits'],
      },
    },
    handle: (context, { body }) =>
      readable(() => {
        const command = readAccount(body, alone, door.clock.now())
        const request = requestOf(context, (made: Parameters<typeof accountReply>[0]) =>
          accountReply(made, command.id, livemodeOf(context)),
        )
        return submitForReply(door, context, createAccountsUnit(request, [command]), async (objectId) => {
          const account = await load(door, context, readAccountId(objectId, 'id'), null)
          return account === null ? null : objectReply(null, showAccount(account, livemodeOf(context)))
        })
      }),
  })

const asOfQuery = Type.Object(
  {
    as_of: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'By recorded time: the balances at the end of this second since 1970.',
      }),
    ),
    as_of_us: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'By recorded time: the balances at this microsecond since 1970.',
      }),
    ),
    as_of_book_date: Type.Optional(
      Type.String({ description: 'By book date: what is posted up to and with this day, as YYYY-MM-DD.' }),
    ),
  },
  { 'x-exclusive': [['as_of', 'as_of_us', 'as_of_book_date']] },
)

const retrieve = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/ledger/accounts/:id',
    operation: 'retrieveLedgerAccount',
    summary: 'Show an account and its balances',
    description:
      'The balances as they are, or as they were at a recorded moment, or by book date. None of it scans the history.',
    permission: 'ledger.read',
    params: Type.Object({ id: Type.String() }),
    query: asOfQuery,
    answer: accountObject,
    errors: READING_REASONS,
    handle: (context, { params, query }) =>
      readable(async () => {
        const id = readAccountId(params.id, 'id')
        const livemode = livemodeOf(context)
        if (query.as_of_book_date !== undefined) {
          const day = readDate(query.as_of_book_date, 'as_of_book_date')
          const account = await loadByBookDate(door, context, id, day)
          const asOf = { as_of_book_date: query.as_of_book_date }
          return account === null
            ? missingAccount(params.id)
            : objectReply(null, showAccountAsOf(account, livemode, asOf))
        }
        const moment = momentOf(query)
        const account = await load(door, context, id, moment)
        if (account === null) return missingAccount(params.id)
        if (moment === null) return objectReply(null, showAccount(account, livemode))
        return objectReply(null, showAccountAsOf(account, livemode, { as_of_us: integer(moment) ?? 0 }))
      }),
  })

export const momentOf = (query: { readonly as_of?: number; readonly as_of_us?: number }): Micros | null => {
  if (query.as_of_us !== undefined) return BigInt(query.as_of_us)
  return query.as_of === undefined ? null : endOfSecond(query.as_of)
}

const list = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/ledger/accounts',
    operation: 'listLedgerAccounts',
    summary: 'List accounts',
    description: 'Accounts with their balances, newest first.',
    permission: 'ledger.read',
    query: listQuery({
      ledger: Type.Optional(Type.Integer({ minimum: 1, description: 'Only accounts of this ledger.' })),
      reference: Type.Optional(Type.String({ description: 'Only the account with this reference.' })),
      created: Type.Optional(rangeFilter('When it was opened')),
    }),
    answer: listOf(accountObject),
    errors: READING_REASONS,
    handle: (context, { query }) =>
      readable(async () => {
        const page = readPage(query)
        const cursor = page.cursor === null ? null : readAccountId(page.cursor, 'starting_after')
        let after: Micros | null = null
        if (cursor !== null) {
          const [rows = []] = await door.read(context.tenant, [timeOfAccount(context.tenant, cursor)])
          if (rows[0] === undefined) return missingAccount(page.cursor ?? '')
          after = rows[0][0] as Micros
        }
        const filter = { ledger: query.ledger ?? null, reference: query.reference ?? null }
        const keyset = keysetOf(page, after, query.created)
        const [rows = []] = await door.read(context.tenant, [listAccounts(context.tenant, filter, keyset)])
        return listObject('/v1/ledger/accounts', page, rows, (raw) =>
          showAccount(readAccountRow(raw), livemodeOf(context)),
        )
      }),
  })

export const accountRoutes = (door: Door): Route[] => [create(door), list(door), retrieve(door)]
