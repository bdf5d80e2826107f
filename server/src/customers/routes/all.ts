import type { Route } from '../../http/index.ts'
import type { CustomersDoor } from '../door.ts'
import { customerRoutes } from './customers.ts'
import { paymentMethodRoutes } from './payment-methods.ts'
import { searchRoute } from './search.ts'
import { setupAttemptRoute } from './setup-attempts.ts'
import { setupIntentRoutes } from './setup-intents.ts'
import { tokenRoutes } from './tokens.ts'

/** All of the customers' routes. */
export const routesOf = (door: CustomersDoor): Route[] => [
  searchRoute(door),
  ...customerRoutes(door),
  ...paymentMethodRoutes(door),
  ...tokenRoutes(door),
  ...setupIntentRoutes(door),
  setupAttemptRoute(door),
]
