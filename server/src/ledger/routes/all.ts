import type { Route } from '../../http/index.ts'
import type { Door } from '../../requests/index.ts'
import { accountRoutes } from './accounts.ts'
import { batchRoutes } from './batches.ts'
import { closingRoutes } from './closings.ts'
import { entryRoutes } from './entries.ts'
import { ledgerRoutes } from './ledgers.ts'
import { reportRoutes } from './reports.ts'
import { transferRoutes } from './transfers.ts'

/** All of the ledger's routes. */
export const routesOf = (door: Door): Route[] => [
  ...ledgerRoutes(door),
  ...accountRoutes(door),
  ...entryRoutes(door),
  ...transferRoutes(door),
  ...batchRoutes(door),
  ...reportRoutes(door),
  ...closingRoutes(door),
]
