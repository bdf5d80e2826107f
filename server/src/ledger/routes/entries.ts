import { Type } from 'typebox'
import {
  defineRoute,
  listObject,
  listOf,
  listQuery,
  missingReply,
  type Route,
  rangeFilter,
  readPage,
} from '../../http/index.ts'
import { type Door, livemodeOf, readable } from '../../requests/index.ts'
import { findAccount, listEntries } from '../store/queries.ts'
import { readTransfer } from '../store/tables.ts'
import { parseEntryId, showEntry } from '../views.ts'
import { missingAccount } from './accounts.ts'
import { READING_REASONS } from './errors.ts'
import { keysetOf } from './pages.ts'
import { readAccountId, readDate } from './parse.ts'
import { entryObject } from './schemas.ts'

/** Where TRANSFER_COLUMNS end: the column after them says which side of the transfer the entry is. */
const SIDE_COLUMN = 26

export const entryRoutes = (door: Door): Route[] => [
  defineRoute({
    method: 'GET',
    path: '/v1/ledger/accounts/:id/entries',
    operation: 'listLedgerEntries',
    summary: "List an account's entries",
    description:
      "The account's statement, newest first: each line with the four balances before and after it. An expiry has a line of its own. Pages are read by keyset, so the last is as fast as the first.",
    permission: 'ledger.read',
    params: Type.Object({ id: Type.String() }),
    query: listQuery({
      side: Type.Optional(
        Type.Unsafe<'debit' | 'credit'>({
          type: 'string',
          enum: ['debit', 'credit'],
          description: 'Only one side.',
        }),
      ),
      book_date_from: Type.Optional(
        Type.String({ description: 'Only book dates from this day, as YYYY-MM-DD.' }),
      ),
      book_date_to: Type.Optional(
        Type.String({ description: 'Only book dates up to and with this day, as YYYY-MM-DD.' }),
      ),
      created: Type.Optional(rangeFilter('When it was recorded')),
    }),
    answer: listOf(entryObject),
    errors: READING_REASONS,
    handle: (context, { params, query }) =>
      readable(async () => {
        const id = readAccountId(params.id, 'id')
        const page = readPage(query)
        const after = page.cursor === null ? null : parseEntryId(page.cursor)
        if (page.cursor !== null && after === null)
          return missingReply('ledger_entry', page.cursor, 'starting_after')
        const filter = {
          side: query.side ?? null,
          bookFrom:
            query.book_date_from === undefined ? null : readDate(query.book_date_from, 'book_date_from'),
          bookTo: query.book_date_to === undefined ? null : readDate(query.book_date_to, 'book_date_to'),
        }
        const keyset = keysetOf(page, after, query.created)
        const { tenant } = context
        const [accounts = [], rows = []] = await door.read(tenant, [
          findAccount(tenant, id, null),
          listEntries(tenant, id, filter, keyset),
        ])
        if (accounts[0] === undefined) return missingAccount(params.id)
        return listObject(`/v1/ledger/accounts/${params.id}/entries`, page, rows, (raw) =>
          showEntry(
            readTransfer(raw),
            raw[SIDE_COLUMN] === 'debit' ? 'debit' : 'credit',
            livemodeOf(context),
          ),
        )
      }),
  }),
]
