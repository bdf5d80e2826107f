import { Type } from 'typebox'
import { defineRoute, missingReply, type Route, refusalReply } from '../../http/index.ts'
import { type Door, livemodeOf, readable, submitForReply } from '../../requests/index.ts'
import { listLedgers } from '../store/queries.ts'
import { ledgersTable } from '../store/tables.ts'
import { createLedgerUnit, type MadeLedger } from '../units.ts'
import { showLedger } from '../views.ts'
import { READING_REASONS } from './errors.ts'
import { readCurrency, readLedger } from './parse.ts'
import { objectReply } from './replies.ts'
import { ledgerObject, ledgerParameters } from './schemas.ts'
import { requestOf } from './submit.ts'

const createLedger = (door: Door): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/ledger/ledgers',
    operation: 'createLedger',
    summary: 'Make a ledger',
    description:
      'A ledger has a number of your choice, a name and one currency, fixed for ever. Making the same one again changes nothing.',
    permission: 'ledger.write',
    idempotency: 'stored',
    body: ledgerParameters,
    answer: ledgerObject,
    errors: READING_REASONS,
    examples: { body: { number: 1, name: 'Customer money', currency: 'eur' } },
    handle: (context, { body }) =>
      readable(() => {
        const wanted = {
          number: readLedger(body.number, 'number'),
          name: body.name,
          currency: readCurrency(body.currency, 'currency'),
        }
        const render = ({ ledger, created }: MadeLedger) => {
          if (ledger.currency === wanted.currency && ledger.name === wanted.name) {
            const reply = objectReply(String(ledger.number), showLedger(ledger, livemodeOf(context)))
            return created ? reply : { ...reply, replayed: true as const }
          }
          const { kind, message, param } = READING_REASONS.ledger_exists
          return refusalReply({ kind, code: 'ledger_exists', message, param })
        }
        return submitForReply(
          door,
          context,
          createLedgerUnit(requestOf(context, render), wanted),
          async () => null,
        )
      }),
  })

const showOne = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/ledger/ledgers/:number',
    operation: 'retrieveLedger',
    summary: 'Show a ledger',
    description: 'A ledger by its number.',
    permission: 'ledger.read',
    params: Type.Object({ number: Type.Integer({ minimum: 1 }) }),
    answer: ledgerObject,
    errors: {},
    handle: async (context, { params }) => {
      const [rows = []] = await door.read(context.tenant, [
        ledgersTable.load(context.tenant, [String(params.number)]),
      ])
      const raw = rows[0]
      if (raw === undefined) return missingReply('ledger', String(params.number), 'number')
      return objectReply(null, showLedger(ledgersTable.read(raw).row, livemodeOf(context)))
    },
  })

const listAll = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/ledger/ledgers',
    operation: 'listLedgers',
    summary: 'List the ledgers',
    description: 'All ledgers, by their numbers.',
    permission: 'ledger.read',
    answer: Type.Object({
      object: Type.Literal('list'),
      data: Type.Array(ledgerObject),
      has_more: Type.Boolean(),
      url: Type.String(),
    }),
    errors: {},
    handle: async (context) => {
      const [rows = []] = await door.read(context.tenant, [listLedgers(context.tenant)])
      const data = rows.map((raw) => showLedger(ledgersTable.read(raw).row, livemodeOf(context)))
      return { object: 'list' as const, data, has_more: false, url: '/v1/ledger/ledgers' }
    },
  })

export const ledgerRoutes = (door: Door): Route[] => [createLedger(door), listAll(door), showOne(door)]
