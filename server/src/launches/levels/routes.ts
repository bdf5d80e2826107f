import { type TSchema, Type } from 'typebox'
import { readTenantTime, tenantTime } from '../../database/index.ts'
import { defineRoute, type RequestContext, type Route } from '../../http/index.ts'
import { secondsOf } from '../../kit/index.ts'
import { type Door, objectReply, submitForReply } from '../../requests/index.ts'
import { LEVELS, type LevelName } from '../core/levels/levels.ts'
import { LEVEL_REASONS } from '../core/levels/reasons.ts'
import { LINE_LENGTH, THRESHOLD_MS_MOST } from '../limits.ts'
import { receiptObject } from '../objects.ts'
import { lookAt, readLevels } from './look.ts'
import { setLevelUnit } from './set-level.ts'
import { findLevels } from './store.ts'
import { showLevel, showSetting } from './views.ts'

const PATH = '/v1/service_levels'

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const integer = (description = '') => Type.Integer({ description })

const counted = Type.Object({ good: integer(), bad: integer() })

const settingFields = {
  id: Type.String({ description: 'sl_….' }),
  object: Type.Literal('service_level'),
  created: integer(),
  name: Type.Unsafe<LevelName>({ type: 'string', enum: [...LEVELS] }),
  target_bp: integer('The share that is to be good, in basis points: 9950 is 99.5 %.'),
  threshold_ms: nullable(integer('Slower or later than this is bad.')),
  routed: Type.Boolean({
    description: 'false: it is only measured. Its alarms wake nobody, and its budget holds no launch.',
  }),
}

const window = Type.Object({
  severity: Type.Unsafe<'page' | 'ticket'>({ type: 'string', enum: ['page', 'ticket'] }),
  long_minutes: integer(),
  short_minutes: integer(),
  burn_hundredths: integer('From how many times too fast on it fires, in hundredths: 1440 is 14.4.'),
  long: counted,
  short: counted,
  long_burn_hundredths: nullable(integer('Null where nothing was counted.')),
  short_burn_hundredths: nullable(integer()),
  firing: Type.Boolean({ description: 'Both windows exceed, and at least 10 were bad.' }),
})

const levelObject = Type.Object({
  ...settingFields,
  windows: Type.Array(window),
  budget: Type.Object({
    state: Type.Unsafe<'ok' | 'over' | 'unknown'>({ type: 'string', enum: ['ok', 'over', 'unknown'] }),
    left_bp: nullable(integer('Of the last 30 days, in basis points; below 0 is over.')),
  }),
})

const settingObject = Type.Object({ ...settingFields, receipt: Type.Optional(receiptObject) })

const listRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: PATH,
    operation: 'listServiceLevels',
    summary: 'List service levels',
    description:
      'What is promised of payments and webhooks, how fast the rest of the promise is used up, and what is left of the last 30 days. Over budget, no launch goes on to its next stage. Not one of Stripe’s operations.',
    permission: 'service_levels.read',
    answer: Type.Object({
      object: Type.Literal('list'),
      data: Type.Array(levelObject),
      has_more: Type.Boolean(),
      url: Type.String(),
    }),
    errors: {},
    handle: async ({ tenant }) => {
      const [raw = [], time = []] = await door.read(tenant, [findLevels(tenant), tenantTime(tenant)])
      const nowSeconds = secondsOf(readTenantTime(time))
      const looked = await lookAt(door, { tenant, rows: readLevels(raw), nowSeconds })
      return { object: 'list' as const, data: looked.map(showLevel), has_more: false, url: PATH }
    },
  })

/** For a key whose stored answer is kept no longer: the level as it is now; the receipt was given then. */
const again =
  (door: Door, { tenant }: RequestContext, name: LevelName) =>
  async () => {
    const [raw = []] = await door.read(tenant, [findLevels(tenant)])
    const row = readLevels(raw).find((each) => each.name === name)
    return row === undefined ? null : objectReply(showSetting(row))
  }

const setRoute = (door: Door): Route =>
  defineRoute({
    method: 'POST',
    path: `${PATH}/:name`,
    operation: 'setServiceLevel',
    summary: 'Set a service level',
    description:
      'Sets what is promised. The change stands in the audit log with its reason. A new level is only measured for 24 hours. Not one of Stripe’s operations.',
    permission: 'service_levels.write',
    idempotency: 'stored',
    params: Type.Object({ name: Type.Unsafe<LevelName>({ type: 'string', enum: [...LEVELS] }) }),
    body: Type.Object({
      target_bp: Type.Integer({ minimum: 1, maximum: 9_999, description: '9950 is 99.5 %.' }),
      threshold_ms: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: THRESHOLD_MS_MOST,
          description: 'Of payment_latency and webhook_lag: slower or later than this is bad.',
        }),
      ),
      routed: Type.Optional(Type.Boolean()),
      reason: Type.String({ maxLength: LINE_LENGTH, description: 'Why, for the audit log.' }),
    }),
    answer: settingObject,
    errors: LEVEL_REASONS,
    examples: { body: { target_bp: 9_900, reason: 'What the last month has shown' } },
    handle: (context, { params: { name }, body }) => {
      const unit = setLevelUnit(context, {
        name,
        targetBp: body.target_bp,
        thresholdMs: body.threshold_ms,
        isRouted: body.routed,
        reason: body.reason,
      })
      return submitForReply(door, context, unit, again(door, context, name))
    },
  })

export const levelRoutes = (door: Door): Route[] => [listRoute(door), setRoute(door)]
