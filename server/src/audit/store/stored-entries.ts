import type { ClientBase } from 'pg'
import type { Micros, TenantId, Uuid } from '../../kit/index.ts'
import type { ChainHead } from '../core/entry.ts'
import type { StoredEntry } from '../core/verify-chain.ts'
import { ENTRIES_AT_ONCE } from '../limits.ts'
import { readHead } from './tables.ts'

const CURSOR = `
declare audit_walk no scroll cursor for
 select position, id::text, created_micros, action, subject, previous_hash, hash, content
   from audit.entries where tenant = $1 order by position, hash`

type Row = readonly [bigint, Uuid, Micros, string, string, string, string, string]

const readStored = (row: Row): StoredEntry => {
  const [position, id, createdMicros, action, subject, previousHash, hash, content] = row
  return { position: Number(position), id, createdMicros, action, subject, previousHash, hash, content }
}

/** Walks a tenant's chain within the reader's transaction, whatever stands there: no constraint is relied on. */
export const walkEntries = async (
  reader: ClientBase,
  tenant: TenantId,
  onEntry: (entry: StoredEntry) => void,
): Promise<void> => {
  await reader.query(CURSOR.replace('$1', String(tenant)))
  try {
    for (;;) {
      const { rows } = await reader.query<unknown[]>({
        text: `fetch ${ENTRIES_AT_ONCE} from audit_walk`,
        rowMode: 'array',
      })
      for (const row of rows) onEntry(readStored(row as unknown as Row))
      if (rows.length < ENTRIES_AT_ONCE) break
    }
  } finally {
    await reader.query('close audit_walk')
  }
}

type Restore = Pick<StoredEntry, 'action' | 'position' | 'content'>

/** The entries of a tenant that are of an action, in the order of their recording. */
export const entriesOf = async (
  reader: ClientBase,
  tenant: number,
  action: string,
): Promise<readonly Restore[]> => {
  const { rows } = await reader.query<Restore>(
    'select action, position::integer, content from audit.entries where tenant = $1 and action = $2 order by position',
    [tenant, action],
  )
  return rows
}

export const headOf = async (reader: ClientBase, tenant: TenantId): Promise<ChainHead> => {
  const { rows } = await reader.query<unknown[]>({
    text: 'select position, hash from audit.heads where tenant = $1',
    values: [tenant],
    rowMode: 'array',
  })
  return readHead(rows[0])
}

/** Whoever has a chain, or a head that says so. */
export const chainedTenants = async (reader: ClientBase): Promise<readonly TenantId[]> => {
  const { rows } = await reader.query<{ tenant: TenantId }>(
    'select tenant from audit.entries union select tenant from audit.heads order by tenant',
  )
  return rows.map(({ tenant }) => tenant)
}
