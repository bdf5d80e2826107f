import type { ClientBase } from 'pg'
import { writeAsOwner } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import type { Act, Receipt } from './core/model.ts'
import { declareAudit, type RecordOptions, recordAct } from './record.ts'
import { writeAudit } from './store/tables.ts'

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
