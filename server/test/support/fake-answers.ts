import type { RawRow, Statement } from '../../src/database/commit/table.ts'
import type { TenantId } from '../../src/kit/index.ts'

/** What the database in memory is made of: its rows, its errors and its answers. */

export type Head = { counters: bigint[]; batch: bigint; offset: bigint }

export type Transaction = {
  tenant: TenantId | null
  failed: boolean
  readonly rows: Map<string, RawRow>
  head: Head | null
  batchId: { readonly number: bigint; readonly id: string } | null
}

/** A statement of a test's own table says in plain values what its binary parameters hold. */
export type PlainStatement = Statement & {
  readonly plain:
    | { readonly load: readonly string[] }
    | { readonly write: readonly (readonly [string, RawRow])[] }
}

/** Told of each statement before it is run: an error is its answer, and the transaction has failed. */
export type Intercept = (statement: Statement) => Error | null

/** What happens at COMMIT, once: the connection is lost before the database has it, or before we have its answer. */
export type Loss = 'before' | 'after'

export const databaseError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code, severity: 'ERROR' })

export const lost = (): Error =>
  Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })

export type Answer = { readonly rows: readonly RawRow[]; readonly command: string; readonly rowCount: number }

export const answer = (command: string, rows: readonly RawRow[] = []): Answer => ({
  rows,
  command,
  rowCount: rows.length,
})
