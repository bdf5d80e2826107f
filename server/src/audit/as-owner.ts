import type { ClientBase } from 'pg'
import { writeAsOwner } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import type { ChainHead } from './core/entry.ts'
import type { Act, Receipt } from './core/model.ts'
import { declareAudit, type RecordOptions, recordAct } from './record.ts'
import { findHead, readHead, writeAudit } from './store/tables.ts'

/** The end of the tenant's chain, in a transaction that has set him. */
export const headAsOwner = async (owner: ClientBase, tenant: TenantId): Promise<ChainHead> => {
  const { text, values } = findHead(tenant)
  const { rows } = await owner.query<unknown[]>({ text, values: [...values], rowMode: 'array' })
  return readHead(rows[0])
}

/** Records an act in the transaction in which the owner does it: a key and what is recorded of it are one commit. */
export const appendActAsOwner = (
  owner: ClientBase,
  tenant: TenantId,
  act: Act,
  options: RecordOptions = {},
): Promise<Receipt> =>
  writeAsOwner(owner, tenant, {
    writers: writeAudit,
    reads: [declareAudit],
    decide: (draft) => recordAct(draft, act, options),
  })
