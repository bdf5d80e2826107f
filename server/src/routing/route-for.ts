import type { Declare, Draft } from '../database/index.ts'
import { firstMatch } from './core/match.ts'
import type { RoutingFacts } from './core/model.ts'
import { ROUTING, routingTable } from './store.ts'

/** What routeFor reads, in a unit's first round. It stays in memory until somebody changes it. */
export const declareRouting = (declare: Declare): void => declare(routingTable, ROUTING)

/** The rails of the first rule that matches, in the order in which they are tried; null where none does. */
export const routeFor = (draft: Draft, facts: RoutingFacts): readonly string[] | null => {
  const rules = draft.get(routingTable, ROUTING)?.rules ?? []
  const at = firstMatch(rules, facts)
  return at === null ? null : (rules[at]?.rails ?? null)
}
