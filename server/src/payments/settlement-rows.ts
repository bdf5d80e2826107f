import { defineRecords } from '../database/index.ts'
import type { Clearing, SettlementRow } from './core/settlement.ts'

export const settlements = defineRecords<SettlementRow>({
  table: 'payments.settlements',
  columns: [
    { name: 'rail', type: 'text', of: (row) => row.rail },
    { name: 'currency', type: 'text', of: (row) => row.currency },
  ],
  bigints: ['net', 'cost', 'expected', 'difference'],
  immutable: true,
})

export const clearings = defineRecords<Clearing>({
  table: 'payments.clearings',
  columns: [{ name: 'off_by', type: 'uuid', of: (row) => row.offBy ?? null, changes: true }],
  bigints: ['cleared', 'paid'],
})
