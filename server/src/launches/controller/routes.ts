import { Type } from 'typebox'
import { defineRoute, type Route } from '../../http/index.ts'
import { secondsOf, type Uuid } from '../../kit/index.ts'
import { type Door, readable, readIdOf, Unreadable } from '../../requests/index.ts'
import { VERDICTS_PAGE, VERDICTS_PAGE_MOST } from '../limits.ts'
import { verdictObject } from '../objects.ts'
import { launchParams } from '../schemas.ts'
import { LAUNCH_PREFIX } from '../views.ts'
import { listVerdicts, readVerdictEntry, type VerdictEntry } from './store.ts'

const PREFIX = 'look_'
const NEWEST = 9_223_372_036_854_775_807n

const lookObject = Type.Object({
  id: Type.String({ description: 'look_…: its moment in microseconds.' }),
  object: Type.Literal('launch.look'),
  created: Type.Integer({ description: 'By the tenant’s clock.' }),
  stage: Type.Integer(),
  status: Type.String({ description: 'The launch’s state when it was looked at.' }),
  verdicts: Type.Array(verdictObject),
})

const showLook = (entry: VerdictEntry) => ({
  id: `${PREFIX}${entry.createdMicros}`,
  object: 'launch.look' as const,
  created: secondsOf(entry.createdMicros),
  stage: entry.stage,
  status: entry.status,
  verdicts: entry.verdicts.map((verdict) => ({ ...verdict })),
})

/** The id of a look is its moment, so a cursor needs no look-up. */
const readCursor = (text: string | undefined): bigint => {
  if (text === undefined) return NEWEST
  const digits = /^look_(\d{1,18})$/.exec(text)?.[1]
  if (digits === undefined)
    throw new Unreadable(
      'parameter_invalid_id',
      'starting_after',
      'Invalid id: starting_after must be the id of a look, look_ and a number.',
    )
  return BigInt(digits)
}

/** What the controller found, look by look. */
export const verdictRoutes = (door: Pick<Door, 'read'>): Route[] => [
  defineRoute({
    method: 'GET',
    path: '/v1/launches/:id/verdicts',
    operation: 'listLaunchVerdicts',
    summary: 'List what the controller found',
    description:
      'Every look at which something had changed, newest first: each guardrail with its value, n, bound, evidence and reason. Kept 90 days. Not one of Stripe’s operations.',
    permission: 'launches.read',
    params: launchParams,
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: VERDICTS_PAGE_MOST })),
      starting_after: Type.Optional(
        Type.String({ description: 'The id of a look: the page starts after it.' }),
      ),
    }),
    answer: Type.Object({
      object: Type.Literal('list'),
      data: Type.Array(lookObject),
      has_more: Type.Boolean(),
      url: Type.String(),
    }),
    errors: {},
    handle: (context, { params, query }) =>
      readable(async () => {
        const id: Uuid = readIdOf('launch', LAUNCH_PREFIX, params.id, 'id')
        const limit = query.limit ?? VERDICTS_PAGE
        const beforeMicros = readCursor(query.starting_after)
        const page = listVerdicts(context.tenant, id, { beforeMicros, limit: limit + 1 })
        const [rows = []] = await door.read(context.tenant, [page])
        return {
          object: 'list' as const,
          data: rows.slice(0, limit).map(readVerdictEntry(id)).map(showLook),
          has_more: rows.length > limit,
          url: `/v1/launches/${params.id}/verdicts`,
        }
      }),
  }),
]
