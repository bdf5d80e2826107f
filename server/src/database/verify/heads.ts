import type { ClientBase } from 'pg'
import type { Micros, TenantId } from '../../kit/index.ts'
import { askRows } from './ask.ts'

/** A tenant's head row as verify sees it. */
export type HeadRow = {
  readonly tenant: TenantId
  readonly newestMicros: Micros
  readonly accountMicros: Micros
  readonly transferMicros: Micros
  readonly transferSequence: bigint
  readonly eventSequence: bigint
  readonly batch: bigint
}

/** All tenants there are: each has a head row. */
export const readHeads = (client: ClientBase): Promise<HeadRow[]> =>
  askRows<HeadRow>(
    client,
    `select tenant, newest_micros as "newestMicros", account_micros as "accountMicros",
            transfer_micros as "transferMicros", transfer_sequence as "transferSequence",
            event_sequence as "eventSequence", batch
       from database.heads order by tenant`,
  )
