import { findHead, readHead } from '../../audit/index.ts'
import { readTenantDay, tenantDay } from '../../database/index.ts'
import { defineRoute, missingReply, type RequestContext, type Route } from '../../http/index.ts'
import { MICROS_PER_SECOND, parseId, type TenantId, type Uuid } from '../../kit/index.ts'
import { livemodeOf, readable } from '../../requests/index.ts'
import { findTick, readTick, watches } from '../controller/store.ts'
import type { LevelName } from '../core/levels/levels.ts'
import type { LaunchesDoor } from '../door.ts'
import { type LookedLevel, lookAt, readLevels } from '../levels/look.ts'
import { findLevels } from '../levels/store.ts'
import { readLaunchId } from '../routes/read.ts'
import { launchParams } from '../schemas.ts'
import { launches } from '../store.ts'
import { figuresOf } from './figures.ts'
import type { BoardInput, BudgetLevel, Capacity } from './input.ts'
import { boardPage } from './page.ts'
import { boardObject } from './schema.ts'
import { exposure, isZone } from './words.ts'

export type BoardDoor = Pick<LaunchesDoor, 'read' | 'findPerson'> & {
  /** What the platform's own benchmark held on this machine; null where it was never run here. */
  readonly capacity: () => Promise<Capacity | null>
}

const LEVEL_WORDS: Readonly<Record<LevelName, string>> = {
  payment_success: 'Payments succeed',
  payment_latency: 'Payments are fast',
  webhook_lag: 'Webhooks are on time',
}

const ALL_BP = 10_000

const budgetLevel = ({ level, budget }: LookedLevel): BudgetLevel => ({
  name: `${LEVEL_WORDS[level.name]}, ${exposure(level.targetBp)}${level.isRouted ? '' : ' (only measured)'}`,
  spentBp: budget.leftBp === null ? null : ALL_BP - budget.leftBp,
})

const PERSON_PREFIX = 'person'

const ownerName = async (door: BoardDoor, tenant: TenantId, owner: string): Promise<string | null> => {
  const id = parseId(PERSON_PREFIX, owner)
  return id === null ? null : ((await door.findPerson(tenant, id))?.name ?? null)
}

/** Everything of the page, of one moment but for the service levels, which are added up right after it. */
const readInput = async (door: BoardDoor, context: RequestContext, id: Uuid): Promise<BoardInput | null> => {
  const { tenant } = context
  const [found = [], watched = [], ticked = [], levelled = [], days = [], heads = []] = await door.read(
    tenant,
    [
      launches.find(tenant, [id]),
      watches.find(tenant, [id]),
      findTick(tenant),
      findLevels(tenant),
      tenantDay(tenant),
      findHead(tenant),
    ],
  )
  const day = readTenantDay(days)
  if (found[0] === undefined || day === null) return null
  const launch = launches.read(found[0])
  const rows = readLevels(levelled)
  const nowSeconds = Number(day.nowMicros / MICROS_PER_SECOND)
  const levels = rows.length === 0 ? [] : await lookAt(door, { tenant, rows, nowSeconds })
  return {
    launch,
    watch: watched[0] === undefined ? null : watches.read(watched[0]),
    ownerName: await ownerName(door, tenant, launch.content.owner),
    livemode: livemodeOf(context),
    nowMicros: Number(day.nowMicros),
    timeZone: isZone(day.timeZone) ? day.timeZone : 'UTC',
    budget: {
      state: ticked[0] === undefined ? 'ok' : readTick(ticked[0]).budget,
      levels: levels.map(budgetLevel),
    },
    capacity: await door.capacity(),
    audit: readHead(heads[0]),
  }
}

export const boardRoute = (door: BoardDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/launches/:id/board',
    operation: 'retrieveLaunchBoard',
    summary: 'Show the board page of a launch',
    description:
      'One printed page for those who decide, with the figures that it is made of: what is asked, what it may bring and cost, what is watched, how far it is, who signed, and the story so far in money.',
    permission: 'launches.read',
    params: launchParams,
    answer: boardObject,
    errors: {},
    handle: (context, { params: { id } }) =>
      readable(async () => {
        const input = await readInput(door, context, readLaunchId(id))
        if (input === null) return missingReply('launch', id.slice(0, 100))
        const figures = figuresOf(input)
        return { ...figures, html: boardPage(figures) }
      }),
  })
