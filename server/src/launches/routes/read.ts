import { Type } from 'typebox'
import { readTenantTime, tenantTime } from '../../database/index.ts'
import {
  defineRoute,
  listOf,
  listQuery,
  missingReply,
  type RequestContext,
  type Route,
  rangeFilter,
} from '../../http/index.ts'
import type { Reply, Uuid } from '../../kit/index.ts'
import { parseId } from '../../kit/index.ts'
import { listRecords, objectReply, readable, readIdOf } from '../../requests/index.ts'
import { findTick, readTick, watches } from '../controller/store.ts'
import { gatesOf, isCovered, startGatesOf } from '../core/gates.ts'
import { LAUNCH_STATUSES, type LaunchStatus } from '../core/model.ts'
import { visibleRisks } from '../core/premortem.ts'
import { LAUNCH_REASONS } from '../core/reasons.ts'
import type { LaunchesDoor } from '../door.ts'
import { launchObject, writtenRiskObject } from '../objects.ts'
import { launchParams } from '../schemas.ts'
import { launches, premortems } from '../store.ts'
import { LAUNCH_PREFIX, type ShownLaunch, showLaunch, showWrittenRisk } from '../views.ts'

export const readLaunchId = (text: string): Uuid => readIdOf('launch', LAUNCH_PREFIX, text, 'id')

/** A launch with its gates and what the controller knows of it, at this moment; null where there is none. */
export const findLaunch = async (
  door: LaunchesDoor,
  { tenant }: Pick<RequestContext, 'tenant'>,
  id: Uuid,
): Promise<ShownLaunch | null> => {
  const [found = [], watched = [], ticked = [], times = []] = await door.read(tenant, [
    launches.find(tenant, [id]),
    watches.find(tenant, [id]),
    findTick(tenant),
    tenantTime(tenant),
  ])
  if (found[0] === undefined) return null
  const launch = launches.read(found[0])
  const watch = watched[0] === undefined ? null : watches.read(watched[0])
  const budget = ticked[0] === undefined ? 'ok' : readTick(ticked[0]).budget
  const nowMicros = Number(readTenantTime(times))
  const question = { launch, nowMicros, budget, coverOk: isCovered(launch.content.cover) }
  const gates = launch.startedMicros === null ? startGatesOf(question) : gatesOf({ ...question, watch })
  const isAhead = launch.startedMicros === null && launch.content.unit === 'customer'
  const withoutUnit = isAhead ? await door.countWithoutCustomer(tenant) : null
  return showLaunch(launch, nowMicros, { watch, gates, withoutUnit })
}

export const againOf =
  (door: LaunchesDoor, context: RequestContext) =>
  async (objectId: string): Promise<Reply | null> => {
    const id = parseId(LAUNCH_PREFIX, objectId)
    const found = id === null ? null : await findLaunch(door, context, id)
    return found === null ? null : objectReply(found)
  }

const retrieve = (door: LaunchesDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/launches/:id',
    operation: 'retrieveLaunch',
    summary: 'Show a launch',
    description:
      'The record, and how it stands: its gates with their reasons, what the controller found, what waits and since when.',
    permission: 'launches.read',
    params: launchParams,
    answer: launchObject,
    errors: LAUNCH_REASONS,
    handle: (context, { params: { id: text } }) =>
      readable(
        async () =>
          (await findLaunch(door, context, readLaunchId(text))) ?? missingReply('launch', text.slice(0, 100)),
      ),
  })

const list = (door: LaunchesDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/launches',
    operation: 'listLaunches',
    summary: 'List launches',
    description: 'Newest first. Gates and what the controller found are shown of one launch only.',
    permission: 'launches.read',
    query: listQuery({
      created: Type.Optional(rangeFilter('When it was made')),
      status: Type.Optional(
        Type.Unsafe<LaunchStatus>({ type: 'string', enum: [...LAUNCH_STATUSES], description: 'Only these.' }),
      ),
    }),
    answer: listOf(launchObject),
    errors: LAUNCH_REASONS,
    handle: async (context, { query }) => {
      const [times = []] = await door.read(context.tenant, [tenantTime(context.tenant)])
      const nowMicros = Number(readTenantTime(times))
      return listRecords(door, context, {
        records: launches,
        prefix: LAUNCH_PREFIX,
        noun: 'launch',
        url: '/v1/launches',
        query,
        filters: query.status === undefined ? [] : [{ column: 'status', value: query.status }],
        show: (row) => showLaunch(row, nowMicros),
      })
    },
  })

const listRisks = (door: LaunchesDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/launches/:id/risks',
    operation: 'listLaunchRisks',
    summary: 'List the risks that were written for the pre-mortem',
    description:
      'Until the owner opens the pre-mortem, everybody sees only what they wrote themselves, and a program’s key nothing. Then all of them, as each was written, before they were merged.',
    permission: 'launches.read',
    params: launchParams,
    answer: Type.Object({
      object: Type.Literal('list'),
      data: Type.Array(writtenRiskObject),
      has_more: Type.Boolean(),
      url: Type.String(),
    }),
    errors: LAUNCH_REASONS,
    handle: (context, { params: { id: text } }) =>
      readable(async () => {
        const { tenant, person } = context
        const id = readLaunchId(text)
        const [found = [], written = []] = await door.read(tenant, [
          launches.find(tenant, [id]),
          premortems.find(tenant, [id]),
        ])
        if (found[0] === undefined) return missingReply('launch', text.slice(0, 100))
        const launch = launches.read(found[0])
        const premortem = written[0] === undefined ? { risks: [] } : premortems.read(written[0])
        const seen = visibleRisks(premortem, launch.premortem, person?.id ?? null)
        return {
          object: 'list' as const,
          data: seen.map((each) => showWrittenRisk(launch.id, each)),
          has_more: false,
          url: `/v1/launches/${text}/risks`,
        }
      }),
  })

export const readingRoutes = (door: LaunchesDoor): Route[] => [list(door), retrieve(door), listRisks(door)]
