import { Type } from 'typebox'
import { readTenantDay, tenantDay } from '../database/index.ts'
import { defineRoute, type Route, refusalReply } from '../http/index.ts'
import { assert, type TenantId } from '../kit/index.ts'
import { type Door, readable, readMoneyCurrency, readNamedId } from '../requests/index.ts'
import { ask, LAUNCH_PREFIX } from './core/ask.ts'
import type { Taken } from './core/caps.ts'
import { type Compiled, readUnit } from './core/compile.ts'
import type { Controls } from './core/model.ts'
import { exposureReasons } from './core/reasons.ts'
import { UNIT_CHARS } from './limits.ts'
import { createExposureMemory, type ExposureMemory } from './memory.ts'
import { ofrepRoutes } from './ofrep.ts'
import {
  type Counter,
  findControls,
  findCounters,
  NO_CONTROLS,
  readControlsRow,
  readCounter,
} from './store.ts'
import { controlsObject, exposureObject, showControls, showExposure, takenBy } from './views.ts'

export type ExposureDoor = Pick<Door, 'read' | 'clock'>

type Standing = { readonly controls: Controls; readonly counters: readonly Counter[]; readonly day: number }

/** Controls, counters and the tenant's day, all of one moment. */
const readStanding = async ({ read }: ExposureDoor, tenant: TenantId): Promise<Standing> => {
  const [[row] = [], counters = [], days = []] = await read(tenant, [
    findControls(tenant),
    findCounters(tenant),
    tenantDay(tenant),
  ])
  const today = readTenantDay(days)
  assert(today !== null, 'a tenant that asks has its day')
  return {
    controls: row === undefined ? NO_CONTROLS : readControlsRow(row),
    counters: counters.map(readCounter),
    day: today.day,
  }
}

const retrieveControls = (door: ExposureDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/exposure/controls',
    operation: 'retrieveExposureControls',
    summary: 'Show what is exposed now',
    description:
      'Every live launch as payments decide over it: exposure, stage, filters, and of its caps what is reserved. What is written here is what the next attempt goes by. Not one of Stripe’s operations.',
    permission: 'exposure.read',
    answer: controlsObject,
    errors: {},
    handle: async (context) => {
      const { controls, counters, day } = await readStanding(door, context.tenant)
      return showControls(controls, counters, day)
    },
  })

/** Only a question about money under a cap looks at the counters; all others are answered from memory. */
const takenFor = async (
  door: ExposureDoor,
  tenant: TenantId,
  { control }: Compiled,
  amount: number | undefined,
): Promise<Taken | null> => {
  if (control.caps === null || amount === undefined) return null
  const { counters, day } = await readStanding(door, tenant)
  return takenBy(counters, control, day)
}

const askRoute = (door: ExposureDoor, memory: ExposureMemory): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/exposure',
    operation: 'askExposure',
    summary: 'Ask whether a unit is exposed to a launch',
    description:
      'Answers what an attempt with these facts would be told, and reserves nothing. The unit is what the launch tells apart: a customer (cus_…), a card’s fingerprint, a merchant, or a targeting key of your own; without it nobody is exposed. The answer is from memory, and at most a second old; of a cap it says how it stands now. Where an earlier launch has the payment (other_launch) is decided with the payment, not here. Not one of Stripe’s operations.',
    permission: 'exposure.read',
    idempotency: 'none',
    body: Type.Object({
      launch: Type.String({ description: 'The launch, launch_…' }),
      unit: Type.Optional(
        Type.String({ maxLength: UNIT_CHARS, description: 'Whom the launch tells apart.' }),
      ),
      country: Type.Optional(
        Type.String({
          pattern: '^[A-Z]{2}$',
          'x-form': 'two capitals of ISO 3166-1, such as NL',
          description: 'Of the card. Without it the unit passes no filter by country.',
        }),
      ),
      currency: Type.Optional(
        Type.String({
          pattern: '^[a-zA-Z]{3}$',
          'x-form': 'three letters of ISO 4217, such as eur',
          description: 'Without it the unit passes no filter by currency, and caps are not asked.',
        }),
      ),
      amount: Type.Optional(
        Type.Integer({ minimum: 0, description: 'In minor units (ISO 4217) of the currency.' }),
      ),
    }),
    answer: exposureObject,
    errors: exposureReasons,
    examples: { body: { launch: 'launch_0199a1b2c3d47e5f8091a2b3c4d5e6f7', unit: 'user-123' } },
    handle: (context, { body }) =>
      readable(async () => {
        const launch = readNamedId('launch', LAUNCH_PREFIX, body.launch, 'launch')
        const one = (await memory.rules(context.tenant)).launches.get(launch)
        if (one === undefined) {
          return refusalReply({ ...exposureReasons.launch_not_live, code: 'launch_not_live' })
        }
        const { currency, amount, country = null } = body
        const unit = body.unit === undefined ? null : readUnit(one.control.unit, body.unit)
        const question = {
          unit,
          country,
          currency: currency === undefined ? null : readMoneyCurrency(currency, 'currency').code,
          amount: amount === undefined ? null : BigInt(amount),
        }
        const answered = ask(one, question, await takenFor(door, context.tenant, one, amount))
        return showExposure(one.control, unit, answered)
      }),
  })

export const routesOf = (door: ExposureDoor): Route[] => {
  const memory = createExposureMemory(door)
  return [retrieveControls(door), askRoute(door, memory), ...ofrepRoutes(memory)]
}
