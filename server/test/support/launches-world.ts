import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { writeAudit } from '../../src/audit/index.ts'
import { type Commit, createRead, type Draft, type Round } from '../../src/database/index.ts'
import { endpoints, writeWebhooks } from '../../src/events/store/endpoints.ts'
import { writeExposure } from '../../src/exposure/index.ts'
import { buildServer, createRegistry, type PersonRole } from '../../src/http/index.ts'
import { newUuid, parseId, showId, type TenantId, type Uuid } from '../../src/kit/index.ts'
import { watches } from '../../src/launches/controller/store.ts'
import { newWatch } from '../../src/launches/core/guardrails/book.ts'
import type { Watch } from '../../src/launches/core/model.ts'
import {
  boardRoute,
  type LaunchesDoor,
  launchErrors,
  recordRoutes,
  recordTimers,
  writeLaunches,
} from '../../src/launches/index.ts'
import { launches } from '../../src/launches/store.ts'
import { openPotsDatabase, type PotsDatabase } from './pots-database.ts'

export type Shown = Record<string, unknown>
export type Answered = { readonly status: number; readonly body: Shown; readonly code: unknown }

/** program: a secret key. The others are persons, older than a day but for `newcomer`. */
export type Who =
  | 'program'
  | 'business'
  | 'business2'
  | 'technology'
  | 'technology2'
  | 'operator'
  | 'newcomer'

export type LaunchBooks = {
  readonly id: TenantId
  readonly ask: (
    who: Who,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    key?: string,
  ) => Promise<Answered>
  /** The same of another process. */
  readonly elsewhere: LaunchBooks['ask']
  /** What it says, where it must succeed. */
  readonly have: (who: Who, method: 'GET' | 'POST', path: string, body?: object) => Promise<Shown>
  readonly rows: (sql: string) => Promise<Shown[]>
  readonly events: () => Promise<{ readonly type: string; readonly object: Shown }[]>
  /** Actions in the audit log, in order. */
  readonly acts: () => Promise<string[]>
  /** Moves the tenant's clock and does what has fallen due. */
  readonly pass: (hours: number) => Promise<void>
  /** Lets the controller have found this of a launch; without more, that all is well. */
  readonly watch: (launch: string, found?: Partial<Watch>) => Promise<void>
  readonly endpoint: (enabledEvents: readonly string[]) => Promise<string>
  /** As payments are decided by them. */
  readonly controls: () => Promise<readonly Shown[]>
}

export type LaunchesWorld = {
  readonly tenant: () => Promise<LaunchBooks>
  readonly close: () => Promise<void>
}

const quiet = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields: object, message: string) => process.stderr.write(`${message} ${inspect(fields)}\n`),
  child: () => quiet,
}
const clock = { now: () => Date.now() }
const WAIT_MS = 20_000
const MICROS_PER_HOUR = 3_600_000_000n
const OLD_MS = 40 * 86_400_000
const WHOS: readonly Who[] = [
  'program',
  'business',
  'business2',
  'technology',
  'technology2',
  'operator',
  'newcomer',
]

const roleOf = (who: Who): PersonRole =>
  who.startsWith('technology') || who === 'newcomer'
    ? 'technology'
    : who === 'operator'
      ? 'operator'
      : 'business'

const idOf = (who: Who): Uuid => `00000000-0000-7000-8000-00000000000${WHOS.indexOf(who)}` as Uuid

export const personIdOf = (who: Who): string => showId('person', idOf(who))

const personOf = (who: Who) => ({
  id: personIdOf(who),
  name: who,
  role: roleOf(who),
  createdMs: clock.now() - (who === 'newcomer' ? 1_000 : OLD_MS),
})

const principalOf = (key: string) => {
  const [tenant = '', who = 'program'] = key.replace('sk_test_', '').split('-') as [string, Who]
  return {
    tenant: Number(tenant) as TenantId,
    mode: 'test' as const,
    keyId: who === 'program' ? 'key_1' : `key_${who}`,
    kind: who === 'program' ? ('secret' as const) : ('person' as const),
    permissions: 'all' as const,
    person: who === 'program' ? null : personOf(who),
  }
}

const serverOf = (door: LaunchesDoor): FastifyInstance =>
  buildServer({
    routes: [...recordRoutes(door), boardRoute({ ...door, capacity: async () => null })],
    authenticate: principalOf,
    wall: clock,
    log: quiet,
    registry: createRegistry(),
    metricsKey: null,
    ready: () => ({ ready: true, checks: {} }),
    info: { title: 'Launches', version: '1.0.0', description: 'Launches, for their tests.' },
    errors: launchErrors,
    checkAnswers: true,
  })

const askOf =
  (app: FastifyInstance, id: TenantId): LaunchBooks['ask'] =>
  async (who, method, url, body, key) => {
    const response = await app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer sk_test_${id}-${who}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { payload: body }),
    })
    const shown = response.json() as Shown
    return {
      status: response.statusCode,
      body: shown,
      code: (shown['error'] as Shown | undefined)?.['code'],
    }
  }

/** What the controller would have written if all was well. */
const wellOf = (row: ReturnType<typeof newWatch>, launch: ReturnType<typeof launches.read>, now: number) => ({
  ...row,
  stage: launch.stage,
  tickedMicros: now,
  matured: 1_000_000,
  verdicts: launch.content.guardrails.map(({ tier, metric }) => ({
    guardrail: `${tier}.${metric}`,
    tier,
    metric,
    verdict: 'OK' as const,
    action: 'none' as const,
    value: 0,
    n: 1_000,
    bound: 100,
    evidence: null,
    reason: 'Within its bound.',
  })),
})

type Rows = LaunchBooks['rows']
type Ground = { readonly base: PotsDatabase; readonly commit: Commit; readonly id: TenantId }

const putting = ({ commit, id }: Ground, reads: Round, put: (draft: Draft) => void) =>
  commit.submit({
    tenant: id,
    name: 'test.put',
    items: 1,
    bytes: 0,
    deadlineMs: clock.now() + WAIT_MS,
    claim: null,
    reads: [reads],
    decide: (draft) => {
      put(draft)
      return { kind: 'answer', answer: null, reply: null }
    },
  })

const watchOf =
  (ground: Ground): LaunchBooks['watch'] =>
  async (launch, found = {}) => {
    const uuid = parseId('launch', launch) as Uuid
    const reads: Round = (declare) => {
      declare(launches.table, uuid)
      declare(watches.table, uuid)
    }
    await putting(ground, reads, (draft) => {
      const row = draft.get(launches.table, uuid)
      assert.ok(row !== undefined)
      const made = draft.get(watches.table, uuid) ?? newWatch(uuid, draft.nextTime(), row.startedMicros ?? 0)
      draft.put(watches.table, uuid, { ...wellOf(made, row, Number(draft.now)), ...found })
    })
  }

const endpointOf =
  (ground: Ground): LaunchBooks['endpoint'] =>
  async (enabledEvents) => {
    const id = newUuid(clock.now())
    await putting(
      ground,
      (declare) => declare(endpoints.table, id),
      (draft) =>
        draft.put(endpoints.table, id, {
          id,
          createdMicros: draft.nextTime(),
          url: 'https://example.com/hook',
          enabledEvents,
          description: null,
          metadata: {},
          apiVersion: null,
          livemode: false,
          disabledReason: null,
          disabledMicros: null,
          fromSequence: 0n,
          secrets: [],
          deleted: false,
        }),
    )
    return showId('we', id)
  }

const passOf =
  ({ base, commit, id }: Ground, rows: Rows): LaunchBooks['pass'] =>
  async (hours) => {
    await base.asOwner(
      id,
      'update database.heads set clock_offset_micros = clock_offset_micros + $2 where tenant = $1',
      [id, BigInt(hours) * MICROS_PER_HOUR],
    )
    const due = await rows(
      `select t.kind, t.subject from database.timers t join database.heads h on h.tenant = t.tenant
        where t.tenant = $1 and not t.wall and t.due_micros <=
              (extract(epoch from clock_timestamp()) * 1000000)::bigint + h.clock_offset_micros
        order by t.due_micros`,
    )
    const handlers = recordTimers({ commit, clock })
    for (const { kind, subject } of due) await handlers[String(kind)]?.(id, [subject as Uuid])
  }

const booksOf = (ground: Ground, ask: LaunchBooks['ask'], elsewhere: LaunchBooks['ask']): LaunchBooks => {
  const { base, id } = ground
  const rows: Rows = async (sql) => (await base.pools.reader.query(sql, [id])).rows
  return {
    id,
    ask,
    elsewhere,
    rows,
    have: async (...line) => {
      const { status, body } = await ask(...line)
      assert.equal(status, 200, JSON.stringify(body))
      return body
    },
    events: async () =>
      (await rows('select type, data from database.events where tenant = $1 order by sequence')).map(
        ({ type, data }) => ({ type: String(type), object: (data as { object: Shown }).object }),
      ),
    acts: async () =>
      (await rows('select action from audit.entries where tenant = $1 order by position')).map(({ action }) =>
        String(action),
      ),
    pass: passOf(ground, rows),
    watch: watchOf(ground),
    endpoint: endpointOf(ground),
    controls: async () => {
      const [row] = await rows('select body from exposure.controls where tenant = $1')
      return (row?.['body'] ?? []) as Shown[]
    },
  }
}

const findPerson: LaunchesDoor['findPerson'] = async (_tenant, id) => {
  const who = WHOS.find((each) => each !== 'program' && idOf(each) === id)
  return who === undefined ? null : personOf(who)
}

export const openLaunches = async (): Promise<LaunchesWorld> => {
  const base = await openPotsDatabase()
  const writers = [...writeAudit, ...writeExposure, writeWebhooks, ...writeLaunches]
  const open = () => base.commit({ writers, clock, classify: () => 'transient' })
  const [commit, other] = [open(), open()]
  const doorOf = (by: Commit): LaunchesDoor => ({
    commit: by,
    read: createRead(base.connections),
    clock,
    railsOf: () => ({ names: ['sandbox-card', 'sandbox-express'], ordinary: 'sandbox-card' }),
    findPerson,
    countWithoutCustomer: async () => ({ payments: 1_000, without: 310 }),
  })
  const [app, second] = [serverOf(doorOf(commit)), serverOf(doorOf(other))]
  return {
    tenant: async () => {
      const id = await base.addTenant()
      return booksOf({ base, commit, id }, askOf(app, id), askOf(second, id))
    },
    close: async () => {
      await Promise.all([app.close(), second.close()])
      await Promise.all([commit.drain(), other.drain()])
      await base.close()
    },
  }
}

/** A launch as a small company would propose it. */
export const PROPOSAL = {
  name: 'Express acquirer',
  currency: 'EUR',
  subject: { type: 'route', rails: ['sandbox-express'] },
  benefit: { low: 800_000, high: 1_600_000, per: 'month', source: 'Offer', as_of: 1_795_000_000 },
  forecast: { payments_per_day: 4_000, average_amount: 2_200 },
  stages: [{ exposure_bp: 500, caps: { per_day: 100_000 } }, { exposure_bp: 2_500 }],
  rollback_plan: 'Tell the acquirer; settle what is in flight by hand.',
  cover: [{ person: 'Ada', contact: '+31 20 555 0101', hours: 48 }],
} as const

export const RISK = {
  text: 'The new acquirer declines cards that the old one takes',
  probability: 25,
  impact_low: 500_000,
  impact_high: 6_000_000,
  tripwire: { metric: 'decline_rate', bound: 1_500, action: 'rollback' },
} as const
