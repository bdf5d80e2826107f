import { Type } from 'typebox'
import { defineRoute, listOf, listQuery, missingReply, type Route, rangeFilter } from '../../http/index.ts'
import { parseId } from '../../kit/index.ts'
import { expandAnswer, expandList, findRecord, listRecords, livemodeOf } from '../../requests/index.ts'
import type { BalanceTransaction } from '../core/model.ts'
import type { PaymentsDoor } from '../door.ts'
import { pathsFrom } from '../expandable.ts'
import { findBalances } from '../find-balance.ts'
import { shownTransactions } from '../find-transactions.ts'
import { balanceTransactions } from '../store/tables.ts'
import { BALANCE_TRANSACTION_PREFIX } from '../views.ts'
import { showBalance } from '../views-balance.ts'
import { expandableOrNull } from './refund-schemas.ts'

const TRANSACTIONS = '/v1/balance_transactions'

const part = () =>
  Type.Array(
    Type.Object({
      amount: Type.Integer({ description: 'Negative where more was taken than there was.' }),
      currency: Type.String(),
      source_types: Type.Object({ card: Type.Integer() }),
    }),
  )

const balanceObject = Type.Object({
  object: Type.Literal('balance'),
  available: part(),
  livemode: Type.Boolean(),
  pending: part(),
})

const transactionObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('balance_transaction'),
  amount: Type.Integer(),
  available_on: Type.Integer(),
  balance_type: Type.Literal('payments'),
  created: Type.Integer(),
  currency: Type.String(),
  description: Type.Union([Type.String(), Type.Null()]),
  exchange_rate: Type.Null(),
  fee: Type.Integer(),
  fee_details: Type.Array(
    Type.Object({
      amount: Type.Integer(),
      application: Type.Null(),
      currency: Type.String(),
      description: Type.Union([Type.String(), Type.Null()]),
      type: Type.String(),
    }),
  ),
  net: Type.Integer(),
  reporting_category: Type.String(),
  source: expandableOrNull('What moved the balance: a charge, a refund or a dispute.'),
  status: Type.String({ description: 'available, or pending.' }),
  type: Type.String({ description: 'charge, refund, refund_failure or adjustment.' }),
})

const SOURCE_LEVELS = 3

/** A source is a charge, a refund or a dispute, so it goes on by the links of any of them. */
const SOURCE_PATHS = [
  ...new Set(
    (['charge', 'refund', 'dispute'] as const).flatMap((kind) => [
      'source',
      ...pathsFrom(kind, SOURCE_LEVELS).map((path) => `source.${path}`),
    ]),
  ),
]

const balance = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/balance',
    operation: 'retrieveBalance',
    summary: 'Show the balance',
    description:
      'What is available and what is pending, in each currency, as the ledger’s accounts have it. Payments are pending until their release; refunds and disputes are taken from what is available, which may become negative.',
    permission: 'balance.read',
    answer: balanceObject,
    errors: {},
    handle: async (context) =>
      showBalance(await findBalances(door.read, context.tenant), livemodeOf(context)),
  })

const retrieve = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: `${TRANSACTIONS}/:id`,
    operation: 'retrieveBalanceTransaction',
    summary: 'Show a movement of the balance',
    description: 'What it added or took away, what that cost, and whether it is available.',
    permission: 'balance.read',
    params: Type.Object({ id: Type.String({ description: 'txn_….' }) }),
    expandable: SOURCE_PATHS,
    answer: transactionObject,
    errors: {},
    handle: async (context, { params: { id: text } }) => {
      const id = parseId(BALANCE_TRANSACTION_PREFIX, text)
      const row = id === null ? null : await findRecord(door, context, balanceTransactions, id)
      const [shown] = row === null ? [] : await shownTransactions(door.read, context.tenant, [row])
      return shown === undefined
        ? missingReply('balance_transaction', text)
        : expandAnswer(door, context, shown)
    },
  })

const list = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: TRANSACTIONS,
    operation: 'listBalanceTransactions',
    summary: 'List movements of the balance',
    description: 'Newest first.',
    permission: 'balance.read',
    query: listQuery({
      type: Type.Optional(Type.String({ description: 'Only those of this type.' })),
      source: Type.Optional(Type.String({ description: 'Only those of this charge, refund or dispute.' })),
      currency: Type.Optional(Type.String({ maxLength: 3, description: 'Only those in this currency.' })),
      created: Type.Optional(rangeFilter('When it was made')),
    }),
    expandable: SOURCE_PATHS,
    answer: listOf(transactionObject),
    errors: {},
    handle: async (context, { query }) => {
      const found = await listRecords(door, context, {
        records: balanceTransactions,
        prefix: BALANCE_TRANSACTION_PREFIX,
        noun: 'balance_transaction',
        url: TRANSACTIONS,
        query,
        filters: [
          ...(query.type === undefined ? [] : [{ column: 'type', value: query.type }]),
          ...(query.source === undefined ? [] : [{ column: 'source', value: query.source }]),
          ...(query.currency === undefined
            ? []
            : [{ column: 'currency', value: query.currency.toUpperCase() }]),
        ],
        show: (row): BalanceTransaction => row,
      })
      if (!('data' in found)) return found
      const data = await shownTransactions(door.read, context.tenant, found.data)
      return expandList(door, context, { ...found, data })
    },
  })

export const balanceRoutes = (door: PaymentsDoor): Route[] => [balance(door), list(door), retrieve(door)]
