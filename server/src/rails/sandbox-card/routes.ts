import type pg from 'pg'
import { Type } from 'typebox'
import { defineRoute, missingReply, type RequestContext, type Route, refusalReply } from '../../http/index.ts'
import type { Reasons, TenantId } from '../../kit/index.ts'
import type { Settlement } from '../port/index.ts'
import type { Authentication, Authentications } from './authentications.ts'
import { type Knobs, QUIET } from './knobs.ts'
import { LATENCY_MOST_MS, RATE_MOST } from './limits.ts'
import { isSandboxRail, SANDBOX_RAILS, type SandboxRail } from './sandbox-rails.ts'
import { csvOf } from './settlement.ts'
import { inTransaction, loadKnobs, storeKnobs } from './transaction.ts'
import { decode } from './wire.ts'

/** Test helpers are for sandboxes: the live tenant has no acquirer that can be told what to do. */
export const RAILS_REASONS = {
  sandbox_only: {
    kind: 'invalid',
    message: 'Test helpers work in a sandbox only. Use the key of a sandbox.',
  },
} as const satisfies Reasons

const sandboxOnly = () => refusalReply({ ...RAILS_REASONS.sandbox_only, code: 'sandbox_only' })

type Options = { readonly pool: pg.Pool; readonly authentications: Authentications }

const shown = Type.Object({
  id: Type.String(),
  object: Type.Literal('test_helpers.authentication'),
  status: Type.Union([Type.Literal('open'), Type.Literal('succeeded'), Type.Literal('failed')]),
  amount: Type.Integer({ description: 'In minor units of ISO 4217.' }),
  currency: Type.String(),
  livemode: Type.Boolean(),
})

const showAuthentication = ({ id, status, amount, currency }: Authentication) => ({
  id,
  object: 'test_helpers.authentication' as const,
  status,
  amount: Number(amount),
  currency: currency.toLowerCase(),
  livemode: false,
})

const idParameter = (what: string) => Type.Object({ id: Type.String({ maxLength: 100, description: what }) })

const resolveRoute = (
  { authentications }: Options,
  verb: 'complete' | 'fail',
  result: 'succeeded' | 'failed',
): Route =>
  defineRoute({
    method: 'POST',
    path: `/v1/test_helpers/authentications/:id/${verb}`,
    operation: `${verb}TestAuthentication`,
    summary: verb === 'complete' ? 'Complete an authentication' : 'Fail an authentication',
    description:
      'What the customer does at the sandbox’s page for 3D Secure, for tests without a browser. Only the first answer counts.',
    permission: 'payments.write',
    idempotency: 'natural',
    params: idParameter('The end of the address that next_action.redirect_to_url leads to: sbx3ds_…'),
    answer: shown,
    errors: RAILS_REASONS,
    handle: async (context, { params }) => {
      if (context.mode === 'live') return sandboxOnly()
      const found = await authentications.resolve(params.id, result, context.tenant)
      return found === null ? missingReply('authentication', params.id) : showAuthentication(found)
    },
  })

const share = (what: string) =>
  Type.Integer({ minimum: 0, maximum: RATE_MOST, description: `${what}, of ${RATE_MOST}.` })

const KNOBS = {
  latency_ms: Type.Integer({
    minimum: 0,
    maximum: LATENCY_MOST_MS,
    description: 'Milliseconds before each answer.',
  }),
  unknown_rate: share('How many orders are not answered; every second of them never arrives'),
  decline_rate: share('How many authorisations are declined though they would succeed'),
  refuse_rate: share(
    'How many authorisations the rail refuses itself, before anything is sent to the issuer; never one that came before',
  ),
  double_post_rate: share('How many captures stand twice in their settlement: the card was debited twice'),
  lose_answers: Type.Boolean({ description: 'Every order is done, and none is answered.' }),
  duplicate_notifications: Type.Boolean({ description: 'Each notification comes twice.' }),
  settle_wrong: Type.Boolean({
    description: 'The first line of each settlement is one minor unit too small.',
  }),
  amount_outcomes: Type.Boolean({
    description: 'The last four digits of an amount choose what happens (docs/guides/test-values.md).',
  }),
}

const RAIL_PATH = '/v1/test_helpers/rails/:rail'

const railParameter = Type.Object({
  rail: Type.String({ maxLength: 100, description: `One of ${SANDBOX_RAILS.join(', ')}.` }),
})

const railObject = Type.Object({
  id: Type.Enum([...SANDBOX_RAILS]),
  object: Type.Literal('test_helpers.rail'),
  livemode: Type.Boolean(),
  ...KNOBS,
})

const showRail = (rail: SandboxRail, knobs: Knobs) => ({
  id: rail,
  object: 'test_helpers.rail' as const,
  livemode: false,
  ...QUIET,
  ...knobs,
})

const showKnobs = ({ pool }: Options): Route =>
  defineRoute({
    method: 'GET',
    path: RAIL_PATH,
    operation: 'retrieveTestRail',
    summary: 'Show a rail of the sandbox',
    description: 'How one of the sandbox’s card rails is set to misbehave.',
    permission: 'payments.read',
    params: railParameter,
    answer: railObject,
    errors: RAILS_REASONS,
    handle: async (context, { params: { rail } }) => {
      if (context.mode === 'live') return sandboxOnly()
      if (!isSandboxRail(rail)) return missingReply('rail', rail, 'rail')
      return showRail(rail, await inTransaction(pool, context.tenant, (one) => loadKnobs(one, rail)))
    },
  })

const setKnobs = ({ pool }: Options): Route =>
  defineRoute({
    method: 'POST',
    path: RAIL_PATH,
    operation: 'updateTestRail',
    summary: 'Set a rail of the sandbox',
    description:
      'Makes one of the sandbox’s card rails slow, silent or wrong; the others stay as they are, and so does what is left out. Everything is off at first.',
    permission: 'payments.write',
    idempotency: 'natural',
    params: railParameter,
    body: Type.Partial(Type.Object(KNOBS)),
    answer: railObject,
    errors: RAILS_REASONS,
    handle: async (context, { params: { rail }, body }) => {
      if (context.mode === 'live') return sandboxOnly()
      if (!isSandboxRail(rail)) return missingReply('rail', rail, 'rail')
      const { tenant } = context
      return inTransaction(pool, tenant, async (transaction) => {
        const { expand: _, ...wanted } = body as typeof body & { readonly expand?: unknown }
        const knobs = { ...(await loadKnobs(transaction, rail)), ...wanted }
        await storeKnobs(transaction, rail, knobs)
        return showRail(rail, knobs)
      })
    },
  })

const settlementObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('test_helpers.settlement'),
  livemode: Type.Boolean(),
  day: Type.String(),
  currency: Type.String(),
  gross: Type.Integer({ description: 'In minor units of ISO 4217, as all amounts here.' }),
  cost: Type.Integer(),
  net: Type.Integer(),
  lines: Type.Integer({ description: 'How many lines the file has.' }),
  file: Type.Object({ name: Type.String(), type: Type.Literal('text/csv'), content: Type.String() }),
})

const loadSettlement = (pool: pg.Pool, tenant: TenantId, id: string): Promise<Settlement | null> =>
  inTransaction(pool, tenant, async ({ run }) => {
    const [row] = await run({
      name: 'settlement_load',
      text: `select body::text from rails.notifications where tenant = $1 and id = $2 and kind = 'settlement'`,
      values: [tenant, id],
    })
    return row === undefined
      ? null
      : (decode(row[0] as string) as { readonly settlement: Settlement }).settlement
  })

const showSettlement = (settlement: Settlement) => ({
  id: settlement.id,
  object: 'test_helpers.settlement' as const,
  livemode: false,
  day: settlement.day,
  currency: settlement.currency.toLowerCase(),
  gross: Number(settlement.gross),
  cost: Number(settlement.cost),
  net: Number(settlement.net),
  lines: settlement.lines.length,
  file: {
    name: `${settlement.id}.csv`,
    type: 'text/csv' as const,
    content: csvOf(settlement),
  },
})

const settlementRoute = ({ pool }: Options): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/test_helpers/settlements/:id',
    operation: 'retrieveTestSettlement',
    summary: 'Show a settlement of the sandbox acquirer',
    description: 'What the acquirer paid for a day in one currency, with its file as CSV.',
    permission: 'payments.read',
    params: idParameter(
      'As the rail calls it: sbxset_ (sbxset_express_ for sandbox-express), the day’s number since 1970, the currency, the part.',
    ),
    answer: settlementObject,
    errors: RAILS_REASONS,
    handle: async (context: RequestContext, { params }) => {
      if (context.mode === 'live') return sandboxOnly()
      const found = await loadSettlement(pool, context.tenant, params.id)
      return found === null ? missingReply('settlement', params.id) : showSettlement(found)
    },
  })

export const sandboxRoutes = (options: Options): Route[] => [
  resolveRoute(options, 'complete', 'succeeded'),
  resolveRoute(options, 'fail', 'failed'),
  showKnobs(options),
  setKnobs(options),
  settlementRoute(options),
]
