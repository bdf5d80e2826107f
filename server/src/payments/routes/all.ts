import type { Route } from '../../http/index.ts'
import type { PaymentsDoor } from '../door.ts'
import { chargeRoutes } from './charges.ts'
import { followUpRoutes } from './follow-ups.ts'
import { intentRoutes } from './intents.ts'

export const paymentRoutes = (door: PaymentsDoor): Route[] => [
  ...intentRoutes(door),
  ...followUpRoutes(door),
  ...chargeRoutes(door),
]
