import { Type } from 'typebox'
import type { RawRow } from '../../database/index.ts'
import {
  type Answer,
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
import type { Micros, Reply, Uuid } from '../../kit/index.ts'
import { type Door, livemodeOf, readable, submitForReply } from '../../requests/index.ts'
import type { Hold, TransferCommand } from '../core/index.ts'
import { findTransfer, listTransfers, timeOfTransfer } from '../store/queries.ts'
import { HOLD_STATES, readTransfer as readTransferRow } from '../store/tables.ts'
import { createTransfersUnit, type MadeTransfers } from '../units.ts'
import { showTransfer } from '../views.ts'
import { READING_REASONS, TRANSFER_REASONS } from './errors.ts'
import { keysetOf } from './pages.ts'
import { alone, readAccountId, readTransfer, readTransferId, type TransferDetails } from './parse.ts'
import { objectReply, transferReply } from './replies.ts'
import { postParameters, transferObject, transferParameters, voidParameters } from './schemas.ts'
import { requestOf } from './submit.ts'

type TransferAnswer = Answer<typeof transferObject>

const missingTransfer = (text: string): Reply => missingReply('ledger_transfer', text)

const showRow = (raw: RawRow, livemode: boolean) => {
  const transfer = readTransferRow(raw)
  const [state, expiresMicros, resolvedBy] = raw.slice(26)
  if (typeof state !== 'number' || transfer.id === null) return showTransfer(transfer, undefined, livemode)
  const { id, debit, credit, amount, ledger } = transfer
  const hold: Hold = {
    id,
    state: HOLD_STATES[state] ?? 'pending',
    debit,
    credit,
    amount,
    ledger,
    expiresMicros: expiresMicros as bigint | null,
    resolvedBy: resolvedBy as bigint | null,
  }
  return showTransfer(transfer, hold, livemode)
}

const find = async (door: Door, context: RequestContext, id: Uuid): Promise<Reply | null> => {
  const [rows = []] = await door.read(context.tenant, [findTransfer(context.tenant, id)])
  return rows[0] === undefined ? null : objectReply(null, showRow(rows[0], livemodeOf(context)))
}

const submit = (door: Door, context: RequestContext, command: TransferCommand): Promise<TransferAnswer> => {
  const request = requestOf(context, (made: MadeTransfers) =>
    transferReply(made, command.id, livemodeOf(context)),
  )
  return submitForReply(door, context, createTransfersUnit(request, [command]), (objectId) =>
    find(door, context, readTransferId(objectId, 'id')),
  )
}

const create = (door: Door): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/ledger/transfers',
    operation: 'createLedgerTransfer',
    summary: 'Move money between two accounts',
    description:
      'Debits one account and credits another of the same ledger, at once or, with the flag pending, in two phases. The same command with the same id again answers 200 with the header Idempotent-Replayed; other content under the same id is refused, naming the first field that differs.',
    permission: 'ledger.write',
    idempotency: 'stored',
    body: transferParameters,
    answer: transferObject,
    errors: TRANSFER_REASONS,
    examples: {
      body: {
        debit_account: 'la_0199a1b2c3d47e5f8091a2b3c4d5e6f7',
        credit_account: 'la_0199a1b2c3d47e5f8091a2b3c4d5e6f8',
        amount: 1999,
        ledger: 1,
        code: 1,
      },
    },
    handle: (context, { body }) =>
      readable(() => submit(door, context, readTransfer(body, alone, door.clock.now()))),
  })

const resolve = (door: Door, kind: 'post' | 'void'): Route => {
  const posts = kind === 'post'
  return defineRoute({
    method: 'POST',
    path: `/v1/ledger/transfers/:id/${kind}`,
    operation: `${kind}LedgerTransfer`,
    summary: posts ? 'Post a pending transfer' : 'Void a pending transfer',
    description: posts
      ? 'Moves the held money, all of it or a part; the rest of the hold is released.'
      : 'Releases the whole hold and moves nothing.',
    permission: 'ledger.write',
    idempotency: 'stored',
    params: Type.Object({ id: Type.String({ description: 'The pending transfer.' }) }),
    body: posts ? postParameters : voidParameters,
    answer: transferObject,
    errors: TRANSFER_REASONS,
    handle: (context, { params, body }) =>
      readable(() => {
        readTransferId(params.id, 'id')
        const details: TransferDetails = body
        const input = { ...details, pending_id: params.id, flags: [`${kind}_pending_transfer`] }
        return submit(door, context, readTransfer(input, alone, door.clock.now()))
      }),
  })
}

const retrieve = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/ledger/transfers/:id',
    operation: 'retrieveLedgerTransfer',
    summary: 'Show a transfer',
    description:
      'A transfer as it was recorded, with both accounts’ balances after it and, if it is pending, what became of the hold.',
    permission: 'ledger.read',
    params: Type.Object({ id: Type.String() }),
    answer: transferObject,
    errors: READING_REASONS,
    handle: (context, { params }) =>
      readable(
        async () =>
          (await find(door, context, readTransferId(params.id, 'id'))) ?? missingTransfer(params.id),
      ),
  })

const idFilter = (what: string) => Type.Optional(Type.String({ description: what }))

const list = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/ledger/transfers',
    operation: 'listLedgerTransfers',
    summary: 'List transfers',
    description: 'Transfers, newest first. For both sides of one account, list its entries.',
    permission: 'ledger.read',
    query: listQuery({
      debit_account: idFilter('Only transfers that debit this account.'),
      credit_account: idFilter('Only transfers that credit this account.'),
      pending_id: idFilter('Only what posted or voided this pending transfer.'),
      external_reference: Type.Optional(
        Type.String({ description: 'Only transfers with this external reference.' }),
      ),
      created: Type.Optional(rangeFilter('When it was recorded')),
    }),
    answer: listOf(transferObject),
    errors: READING_REASONS,
    handle: (context, { query }) =>
      readable(async () => {
        const page = readPage(query)
        const { tenant } = context
        let after: Micros | null = null
        if (page.cursor !== null) {
          const cursor = readTransferId(page.cursor, 'starting_after')
          const [rows = []] = await door.read(tenant, [timeOfTransfer(tenant, cursor)])
          if (rows[0] === undefined) return missingTransfer(page.cursor)
          after = rows[0][0] as Micros
        }
        const filter = {
          debit:
            query.debit_account === undefined ? null : readAccountId(query.debit_account, 'debit_account'),
          credit:
            query.credit_account === undefined ? null : readAccountId(query.credit_account, 'credit_account'),
          pendingId: query.pending_id === undefined ? null : readTransferId(query.pending_id, 'pending_id'),
          externalReference: query.external_reference ?? null,
        }
        const [rows = []] = await door.read(tenant, [
          listTransfers(tenant, filter, keysetOf(page, after, query.created)),
        ])
        return listObject('/v1/ledger/transfers', page, rows, (raw) => showRow(raw, livemodeOf(context)))
      }),
  })

export const transferRoutes = (door: Door): Route[] => [
  create(door),
  list(door),
  retrieve(door),
  resolve(door, 'post'),
  resolve(door, 'void'),
]
