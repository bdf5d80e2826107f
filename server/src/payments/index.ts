import type { TimerHandler } from '../database/index.ts'
import type { Route } from '../http/index.ts'
import { disputeTimers } from './dispute-desk.ts'
import type { PaymentsDoor } from './door.ts'
import { expiryTimers } from './expire.ts'
import { attemptTimers } from './heal.ts'
import { refundTimers } from './refund-timer.ts'
import { releaseTimers } from './release.ts'
import { paymentRoutes } from './routes/all.ts'
import { balanceRoutes } from './routes/balance.ts'
import { disputeRoutes } from './routes/disputes.ts'
import { refundRoutes } from './routes/refunds.ts'

export type { PaymentsDoor } from './door.ts'
export { paymentsErrors } from './errors.ts'
export { paymentExpanders } from './expand.ts'
export { onNotification } from './notifications.ts'
export { clientSecrets } from './secrets.ts'
export type { PaymentSettings } from './settings.ts'
export { PAYMENTS_TABLES } from './table-rules.ts'
export { verifyPayments } from './verify.ts'
export { countInFlight, watchMoney } from './watch.ts'
export { whenCharged } from './when-charged.ts'
export { countWithoutCustomer } from './without-customer.ts'
export { writePayments } from './write.ts'

export const routesOf = (door: PaymentsDoor): Route[] => [
  ...paymentRoutes(door),
  ...refundRoutes(door),
  ...disputeRoutes(door),
  ...balanceRoutes(door),
]

export const paymentTimers = (door: PaymentsDoor): Readonly<Record<string, TimerHandler>> => ({
  ...attemptTimers(door),
  ...expiryTimers(door),
  ...refundTimers(door),
  ...disputeTimers(door),
  ...releaseTimers(door),
})
