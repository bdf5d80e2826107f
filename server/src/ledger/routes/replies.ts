import { type Replayed, refusalReply } from '../../http/index.ts'
import { type Reply, showId, type Uuid } from '../../kit/index.ts'
import {
  ACCOUNT_STATUSES,
  type AccountStatus,
  type StatusEntry,
  TRANSFER_STATUSES,
  type TransferStatus,
} from '../core/index.ts'
import type { MadeAccounts, MadeTransfers } from '../units.ts'
import { ACCOUNT_PREFIX, showAccount, showTransfer, TRANSFER_PREFIX } from '../views.ts'

export const objectReply = (objectId: string | null, object: unknown): Reply => ({
  status: 200,
  body: JSON.stringify(object),
  objectId,
  code: null,
})

/** The same command again: the object as it stands, marked as an answer to a repeat. */
const existing = (reply: Reply): Replayed => ({ ...reply, replayed: true })

const refused = (code: string, entry: StatusEntry): Reply =>
  refusalReply({
    kind: entry.kind === 'not_found' ? 'not_found' : 'invalid',
    code,
    message: entry.message,
    param: entry.param ?? null,
  })

export const accountReply = (made: MadeAccounts, id: Uuid, livemode: boolean): Reply => {
  const status = made.statuses[0] ?? 'linked_event_chain_open'
  const account = made.account(id)
  if (account !== undefined && (status === 'created' || status === 'exists')) {
    const reply = objectReply(showId(ACCOUNT_PREFIX, id), showAccount(account, livemode))
    return status === 'created' ? reply : existing(reply)
  }
  return refused(status, ACCOUNT_STATUSES[status === 'created' ? 'exists' : status])
}

export const transferReply = (made: MadeTransfers, id: Uuid, livemode: boolean): Reply => {
  const status = made.statuses[0] ?? 'linked_event_chain_open'
  // Only these two say that the command's flags are the transfer's, and by its flags the hold was declared.
  const shown = status === 'created' || status === 'exists' ? made.transfer(id) : undefined
  if (shown !== undefined) {
    const object = showTransfer(shown.transfer, shown.hold, livemode)
    const reply = objectReply(showId(TRANSFER_PREFIX, id), object)
    return status === 'created' ? reply : existing(reply)
  }
  return refused(status, TRANSFER_STATUSES[status === 'created' ? 'exists' : status])
}

/** One result for each item, in order. The reply is built by hand from its few parts: it may hold thousands. */
export const batchReply = (
  prefix: string,
  ids: readonly Uuid[],
  statuses: readonly (AccountStatus | TransferStatus)[],
  livemode: boolean,
): Reply => {
  let created = 0
  let existed = 0
  const results = statuses.map((status, index) => {
    if (status === 'created') created++
    else if (status === 'exists') existed++
    const id = ids[index]
    return { id: id === undefined ? '' : showId(prefix, id), status }
  })
  const counts = { created, existing: existed, livemode, refused: statuses.length - created - existed }
  return objectReply(null, { object: 'ledger.batch', ...counts, results })
}
