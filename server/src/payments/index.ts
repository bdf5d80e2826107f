import type { TimerHandler } from '../database/index.ts'
import type { Route } from '../http/index.ts'
import type { PaymentsDoor } from './door.ts'
import { expiryTimers } from './expire.ts'
import { attemptTimers } from './heal.ts'
import { paymentRoutes } from './routes/all.ts'

export type { PaymentsDoor } from './door.ts'
export { paymentsErrors } from './errors.ts'
export { paymentExpanders } from './expand.ts'
export { paymentNotified } from './notified.ts'
export { clientSecrets } from './secrets.ts'
export type { PaymentSettings } from './settings.ts'
export { writePayments } from './write.ts'

export const routesOf = (door: PaymentsDoor): Route[] => paymentRoutes(door)

export const paymentTimers = (door: PaymentsDoor): Readonly<Record<string, TimerHandler>> => ({
  ...attemptTimers(door),
  ...expiryTimers(door),
})
