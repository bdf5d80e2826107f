import { Type } from 'typebox'
import { defineRoute, type RequestContext, type Route } from '../http/index.ts'
import type { Reply } from '../kit/index.ts'
import { type Door, livemodeOf, readable, submitForReply } from '../requests/index.ts'
import { checkRules } from './core/check-rules.ts'
import { firstMatch } from './core/match.ts'
import type { RoutingTable } from './core/model.ts'
import { ROUTING_REASONS } from './core/reasons.ts'
import { REASON_CHARS } from './limits.ts'
import { factsParameters, readFacts, readRules, rulesParameter } from './parameters.ts'
import { findRouting, readRouting } from './store.ts'
import { refusal, replaceUnit, routingReply } from './units.ts'
import { type Around, changedObject, previewObject, routingObject, showRouting } from './views.ts'

/** The rails that a tenant's payments can take, the default one first; none where these books have no rail. */
export type RailNames = (mode: 'live' | 'test') => readonly string[]

export type RoutingDoor = Door & { readonly railNames: RailNames }

const PATH = '/v1/routing'

const aroundOf = (door: RoutingDoor, context: RequestContext): Around => ({
  rails: door.railNames(context.mode),
  livemode: livemodeOf(context),
})

const find = async (door: RoutingDoor, { tenant }: RequestContext): Promise<RoutingTable | null> => {
  const [rows = []] = await door.read(tenant, [findRouting(tenant)])
  return rows[0] === undefined ? null : readRouting(rows[0])
}

/** For a key whose stored answer is kept no longer: the table as it is now; the receipt was given then. */
const again = (door: RoutingDoor, context: RequestContext) => async (): Promise<Reply> =>
  routingReply(showRouting(await find(door, context), aroundOf(door, context)))

const retrieveRoute = (door: RoutingDoor): Route =>
  defineRoute({
    method: 'GET',
    path: PATH,
    operation: 'retrieveRouting',
    summary: 'Show which rails payments take',
    description:
      'The table of rules, the default rail, and the rails that there are. Not one of Stripe’s operations.',
    permission: 'routing.read',
    answer: routingObject,
    errors: {},
    handle: async (context) => showRouting(await find(door, context), aroundOf(door, context)),
  })

const EXAMPLE = [{ name: 'Dutch cards', countries: ['NL'], rails: ['sandbox-express', 'sandbox-card'] }]

const replaceRoute = (door: RoutingDoor): Route =>
  defineRoute({
    method: 'POST',
    path: PATH,
    operation: 'replaceRouting',
    summary: 'Say which rails payments take',
    description:
      'Replaces the whole table. It holds for every attempt that is made afterwards, in all processes; what was begun ends at its rail. Not one of Stripe’s operations.',
    permission: 'routing.write',
    idempotency: 'stored',
    body: Type.Object({
      rules: rulesParameter(),
      if_version: Type.Optional(
        Type.Integer({
          minimum: 0,
          description: 'The version that you have read: where the table has changed since, nothing is done.',
        }),
      ),
      reason: Type.Optional(Type.String({ maxLength: REASON_CHARS, description: 'Why, for the audit log.' })),
    }),
    answer: changedObject,
    errors: ROUTING_REASONS,
    examples: { body: { rules: EXAMPLE, if_version: 0 } },
    handle: (context, { body }) =>
      readable(() => {
        const rules = readRules(body.rules)
        const around = aroundOf(door, context)
        const problem = checkRules(rules, around.rails)
        if (problem !== null) return refusal(problem.code, problem.message, problem.param)
        const unit = replaceUnit(context, {
          rules,
          ifVersion: body.if_version ?? null,
          reason: body.reason ?? null,
          around,
        })
        return submitForReply(door, context, unit, again(door, context))
      }),
  })

const previewRoute = (door: RoutingDoor): Route =>
  defineRoute({
    method: 'POST',
    path: `${PATH}/preview`,
    operation: 'previewRouting',
    summary: 'Show which rails a payment would take',
    description:
      'By the rules as they stand, or by those that are sent along and are not set yet. A launch may send the payment another way; that is decided with the payment. Not one of Stripe’s operations.',
    permission: 'routing.read',
    idempotency: 'none',
    body: Type.Object({ ...factsParameters, rules: Type.Optional(rulesParameter()) }),
    answer: previewObject,
    errors: ROUTING_REASONS,
    examples: { body: { currency: 'eur', amount: 2_500, country: 'NL', brand: 'visa' } },
    handle: (context, { body }) =>
      readable(async () => {
        const facts = readFacts(body)
        const { rails, livemode } = aroundOf(door, context)
        const sent = body.rules === undefined ? null : readRules(body.rules)
        const problem = sent === null ? null : checkRules(sent, rails)
        if (problem !== null) return refusal(problem.code, problem.message, problem.param)
        const table = sent === null ? await find(door, context) : null
        const rules = sent ?? table?.rules ?? []
        const at = firstMatch(rules, facts)
        const rule = at === null ? undefined : rules[at]
        return {
          object: 'routing.preview' as const,
          rails: [...(rule?.rails ?? rails.slice(0, 1))],
          rule: rule === undefined || at === null ? null : { position: at, name: rule.name },
          version: sent === null ? (table?.version ?? 0) : null,
          livemode,
        }
      }),
  })

export const routesOf = (door: RoutingDoor): Route[] => [
  retrieveRoute(door),
  replaceRoute(door),
  previewRoute(door),
]
