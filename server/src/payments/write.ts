import type { Writer } from '../database/index.ts'
import { clearings, settlements } from './settlement-rows.ts'
import { writeExposures } from './store/exposed-intents.ts'
import { writeReleases } from './store/releases.ts'
import { attempts, balanceTransactions, charges, disputes, intents, refunds } from './store/tables.ts'

/** For the commit. */
export const writePayments: readonly Writer[] = [
  intents.write,
  attempts.write,
  charges.write,
  writeExposures,
  balanceTransactions.write,
  writeReleases,
  refunds.write,
  disputes.write,
  settlements.write,
  clearings.write,
]
