import {
  BEGIN,
  COMMIT,
  type Connections,
  type RawRow,
  runAll,
  type Statement,
  setTenant,
} from '../../database/index.ts'
import type { TenantId } from '../../kit/index.ts'

/** Statements of one tenant in one transaction and one round trip: the rows of each. Only for what is beside the commit. */
export const runFor = async (
  connections: Connections,
  tenant: TenantId,
  statements: readonly Statement[],
): Promise<readonly (readonly RawRow[])[]> => {
  const connection = await connections.acquire()
  let broken = true
  try {
    const results = await runAll(connection, [BEGIN, setTenant(tenant), ...statements, COMMIT])
    broken = false
    return results.slice(2, -1).map(({ rows }) => rows)
  } finally {
    connection.release(broken)
  }
}
