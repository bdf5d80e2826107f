import type { TenantId } from '../kit/index.ts'
import { type Connections, runAll } from './commit/connection.ts'
import { COMMIT, setTenant } from './commit/head.ts'
import type { RawRow, Statement } from './commit/table.ts'

/** Read-only, and all statements of one call see the same moment. */
const BEGIN_READING: Statement = {
  name: 'begin_reading',
  text: 'begin isolation level repeatable read read only',
  values: [],
}

/** Reads of one tenant: the rows of each statement, all of one snapshot and in one round trip. */
export type Read = (tenant: TenantId, statements: readonly Statement[]) => Promise<(readonly RawRow[])[]>

export const createRead =
  (connections: Connections): Read =>
  async (tenant, statements) => {
    const connection = await connections.acquire()
    let broken = true
    try {
      const results = await runAll(connection, [BEGIN_READING, setTenant(tenant), ...statements, COMMIT])
      broken = false
      return results.slice(2, -1).map((result) => result.rows)
    } finally {
      connection.release(broken)
    }
  }
