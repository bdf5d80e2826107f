import { Type } from 'typebox'
import { readCounters } from '../../database/index.ts'
import { defineRoute, type Route } from '../../http/index.ts'
import { assert } from '../../kit/index.ts'
import { type Door, livemodeOf, readable } from '../../requests/index.ts'
import {
  countOrphans,
  newestTransfer,
  readTrialLine,
  sumHolds,
  trialBalance,
  trialBalanceByBookDate,
} from '../store/totals.ts'
import { integer, showHealth, showTrialBalance } from '../views.ts'
import { momentOf } from './accounts.ts'
import { READING_REASONS } from './errors.ts'
import { readDate } from './parse.ts'
import { trialBalanceObject } from './schemas.ts'

const trial = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/ledger/trial_balance',
    operation: 'retrieveLedgerTrialBalance',
    summary: 'Show the trial balance',
    description:
      'What the accounts of each ledger add up to, by code; now, at a recorded moment, or by book date. Debits equal credits.',
    permission: 'ledger.read',
    query: Type.Object(
      {
        as_of: Type.Optional(
          Type.Integer({
            minimum: 0,
            description: 'By recorded time: at the end of this second since 1970.',
          }),
        ),
        as_of_us: Type.Optional(
          Type.Integer({ minimum: 0, description: 'By recorded time: at this microsecond since 1970.' }),
        ),
        as_of_book_date: Type.Optional(
          Type.String({ description: 'By book date: posted up to and with this day.' }),
        ),
      },
      { 'x-exclusive': [['as_of', 'as_of_us', 'as_of_book_date']] },
    ),
    answer: trialBalanceObject,
    errors: READING_REASONS,
    handle: (context, { query }) =>
      readable(async () => {
        const { tenant } = context
        const { as_of_book_date } = query
        const day = as_of_book_date === undefined ? null : readDate(as_of_book_date, 'as_of_book_date')
        const moment = momentOf(query)
        const statement = day === null ? trialBalance(tenant, moment) : trialBalanceByBookDate(tenant, day)
        const [rows = []] = await door.read(tenant, [statement])
        const asOf = {
          ...(moment === null ? {} : { as_of_us: integer(moment) ?? 0 }),
          ...(as_of_book_date === undefined ? {} : { as_of_book_date }),
        }
        return showTrialBalance(rows.map(readTrialLine), livemodeOf(context), asOf)
      }),
  })

const health = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/ledger/health',
    operation: 'retrieveLedgerHealth',
    summary: 'Check the ledger',
    description:
      'Quick checks over everything that stands: debits less credits (the residual) is zero in every ledger, open holds add up to what is pending, nothing points to something that is not there. `evenkeel verify` proves far more, from every entry.',
    permission: 'ledger.read',
    answer: Type.Object({
      object: Type.Literal('ledger.health'),
      checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() })),
      livemode: Type.Boolean(),
      ok: Type.Boolean(),
    }),
    errors: {},
    handle: async (context) => {
      const { tenant } = context
      const [lines = [], holds = [], orphans = [], newest = [], counters = []] = await door.read(tenant, [
        trialBalance(tenant, null),
        sumHolds(tenant),
        countOrphans(tenant),
        newestTransfer(tenant),
        readCounters(tenant),
      ])
      const head = counters[0]
      assert(head !== undefined, 'a tenant has a head row')
      return showHealth(
        {
          lines: lines.map(readTrialLine),
          holds: holds.map(([ledger, count, sum]) => ({
            ledger: ledger as number,
            count: Number(count),
            sum: BigInt(sum as string),
          })),
          orphans: (orphans[0] ?? []).map(Number),
          newest: {
            sequence: (newest[0]?.[0] as bigint | undefined) ?? 0n,
            timeMicros: (newest[0]?.[1] as bigint | undefined) ?? 0n,
          },
          head: { transferMicros: head[1] as bigint, transferSequence: head[2] as bigint },
        },
        livemodeOf(context),
      )
    },
  })

export const reportRoutes = (door: Door): Route[] => [trial(door), health(door)]
