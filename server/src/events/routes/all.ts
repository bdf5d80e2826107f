import type { Route } from '../../http/index.ts'
import { deliveryRoutes } from './deliveries.ts'
import type { EventsDoor } from './door.ts'
import { endpointRoutes } from './endpoints.ts'
import { eventRoutes } from './events.ts'
import { resendRoutes } from './resend.ts'

/** Events, webhook endpoints, and what was sent to them. */
export const routesOf = (door: EventsDoor): Route[] => [
  ...eventRoutes(door),
  ...endpointRoutes(door),
  ...deliveryRoutes(door),
  ...resendRoutes(door),
]
