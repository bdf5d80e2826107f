import type { ClientBase } from 'pg'
import type { TenantId } from '../../kit/index.ts'
import { copyRows, fixedRows, type OnRow } from './copy-rows.ts'

/** A timer as copyTimers reads it. */
export const TIMER_ROWS = fixedRows({ subject: ['subject', 'uuid'], due: ['due_micros', 'bigint'] })

/** Reads a tenant's timers of one kind, for the capability whose kind it is. */
export const copyTimers = (
  client: ClientBase,
  { tenant, kind }: { readonly tenant: TenantId; readonly kind: string },
  onRow: OnRow,
): Promise<number> => {
  const literal = `'${kind.replaceAll("'", "''")}'`
  return copyRows(
    client,
    TIMER_ROWS,
    `from database.timers where tenant = ${tenant} and kind = ${literal}`,
    onRow,
  )
}
