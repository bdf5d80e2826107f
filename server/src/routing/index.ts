import { ROUTING_REASONS } from './core/reasons.ts'

export type { RoutingFacts } from './core/model.ts'
export { declareRouting, routeFor } from './route-for.ts'
export { type RailNames, type RoutingDoor, routesOf } from './routes.ts'
export { writeRouting } from './store.ts'
export { ROUTING_TABLES } from './table-rules.ts'

/** For docs/ERRORS.md. */
export const routingErrors = { Routing: ROUTING_REASONS } as const
