import { defineRoute, type Route, refusalReply } from '../../http/index.ts'
import { type Door, livemodeOf, readable, submitForReply } from '../../requests/index.ts'
import { BATCH_BODY_BYTES_MOST } from '../limits.ts'
import { createAccountsUnit, createTransfersUnit, type MadeAccounts, type MadeTransfers } from '../units.ts'
import { ACCOUNT_PREFIX, TRANSFER_PREFIX } from '../views.ts'
import { READING_REASONS } from './errors.ts'
import { readAccount, readTransfer, within } from './parse.ts'
import { batchReply } from './replies.ts'
import { batchObject, batchParameters } from './schemas.ts'
import { requestOf } from './submit.ts'

const neither = () => {
  const { kind, message } = READING_REASONS.parameters_missing
  return refusalReply({ kind, code: 'parameters_missing', message })
}

export const batchRoutes = (door: Door): Route[] => [
  defineRoute({
    method: 'POST',
    path: '/v1/ledger/batches',
    operation: 'createLedgerBatch',
    summary: 'Open thousands of accounts, or make thousands of transfers, in one request',
    description:
      'Up to 8,000 accounts or transfers, decided in order. Each has its own result; a run of items with the flag linked and the item after it succeed or fail as one. The answer is 200 also where items were refused.',
    permission: 'ledger.write',
    idempotency: 'stored',
    body: batchParameters,
    bodyLimitBytes: BATCH_BODY_BYTES_MOST,
    jsonOnly: true,
    answer: batchObject,
    errors: READING_REASONS,
    handle: (context, { body }) =>
      readable(() => {
        const nowMs = door.clock.now()
        const livemode = livemodeOf(context)
        if (body.accounts !== undefined) {
          const commands = body.accounts.map((item, index) =>
            readAccount(item, within('accounts', index), nowMs),
          )
          const ids = commands.map((command) => command.id)
          const request = requestOf(context, (made: MadeAccounts) =>
            batchReply(ACCOUNT_PREFIX, ids, made.statuses, livemode),
          )
          return submitForReply(door, context, createAccountsUnit(request, commands), async () => null)
        }
        if (body.transfers === undefined) return neither()
        const commands = body.transfers.map((item, index) =>
          readTransfer(item, within('transfers', index), nowMs),
        )
        const ids = commands.map((command) => command.id)
        const request = requestOf(context, (made: MadeTransfers) =>
          batchReply(TRANSFER_PREFIX, ids, made.statuses, livemode),
        )
        return submitForReply(door, context, createTransfersUnit(request, commands), async () => null)
      }),
  }),
]
