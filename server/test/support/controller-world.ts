import assert from 'node:assert/strict'
import { writeAudit } from '../../src/audit/index.ts'
import { type Commit, createRead, type Draft } from '../../src/database/index.ts'
import { recordEvent } from '../../src/events/index.ts'
import { type Controls, declareControls, readControls, writeExposure } from '../../src/exposure/index.ts'
import { newUuid, showId, type TenantId, type Uuid } from '../../src/kit/index.ts'
import { TICK, type Tick, ticks, watches } from '../../src/launches/controller/store.ts'
import { type ControllerDoor, tickAtStop, tickTenant } from '../../src/launches/controller/tick.ts'
import { declareTick, declareWatch } from '../../src/launches/controller/waking.ts'
import type { WatchRow } from '../../src/launches/core/guardrails/book.ts'
import type { Finding } from '../../src/launches/core/guardrails/verdicts.ts'
import type { Launch, LaunchContent } from '../../src/launches/core/model.ts'
import { writeLaunches } from '../../src/launches/index.ts'
import { declareLaunch, putLaunch, readLaunch, startInDraft } from '../../src/launches/move.ts'
import { runningLaunch } from './launch-watch.ts'
import { answerOf, unitOf } from './pots.ts'
import { openPotsDatabase, type PotsDatabase } from './pots-database.ts'

/** Launches and their controller over a database of the test file's own; payments are events that the test tells. */
export type Told = {
  readonly arm?: 'exposed' | 'control'
  readonly n?: number
  readonly outcome?: 'succeeded' | 'declined' | 'failed'
  readonly stage?: number
  readonly amount?: number
  readonly latencyMs?: number
}

export type ControllerWorld = {
  readonly database: PotsDatabase
  readonly tenant: () => Promise<Site>
  readonly close: () => Promise<void>
}

export type Process = {
  readonly commit: Commit
  readonly door: ControllerDoor
  readonly tick: () => Promise<number>
  readonly stop: (atMicros: bigint) => Promise<number>
}

export type Site = {
  readonly id: TenantId
  /** What the ports tell, in every process. */
  readonly money: { findings: readonly Finding[]; inFlight: number; isDown: boolean }
  readonly process: () => Process
  readonly start: (content?: Partial<LaunchContent>) => Promise<Uuid>
  readonly pay: (launch: Uuid, told: Told) => Promise<void>
  readonly change: (launch: Uuid, by: (draft: Draft, launch: Launch) => unknown) => Promise<void>
  readonly launch: (id: Uuid) => Promise<Launch>
  readonly watch: (id: Uuid) => Promise<WatchRow | null>
  readonly tickRow: () => Promise<Tick | null>
  readonly controls: () => Promise<Controls>
  readonly events: () => Promise<string[]>
  readonly moveClock: (hours: number) => Promise<void>
}

const HOUR_MICROS = 3_600_000_000n
const YEARS_MICROS = 1e14
const CLOCK = { now: () => Date.now() }
const ACTOR = { kind: 'person', id: 'person_1', name: 'Ada', role: 'business' } as const

let accounts = 0

/** A charge as the API shows it, as far as the controller reads it. */
const chargeOf = (launch: Uuid, told: Told) => {
  const { arm = 'exposed', outcome = 'succeeded', stage = 0, amount = 1_000, latencyMs = 200 } = told
  return {
    id: showId('ch', newUuid(Date.now())),
    object: 'charge',
    amount,
    currency: 'eur',
    created: Math.floor(Date.now() / 1_000),
    customer: `cus_${accounts++}`,
    payment_method_details: { card: { fingerprint: 'f' } },
    outcome: { type: outcome === 'declined' ? 'issuer_declined' : 'authorized' },
    failure_code:
      outcome === 'succeeded' ? null : outcome === 'declined' ? 'card_declined' : 'processing_error',
    rail_latency_ms: latencyMs,
    fallback_of: null,
    launches: [{ launch: showId('launch', launch), stage, exposed: arm === 'exposed', reason: 'bucket' }],
  }
}

const writersOf = () => [...writeLaunches, ...writeAudit, ...writeExposure]

/** A unit of the test's own, over a launch and what the controller knows of it. */
type Decide = <Answer>(launch: Uuid | null, by: (draft: Draft) => Answer) => Promise<Answer>

const decideOf =
  (commit: Commit, tenant: TenantId): Decide =>
  (launch, decide) =>
    answerOf(
      commit.submit(
        unitOf({
          tenant,
          duringAdvance: true,
          reads: [
            (declare) => {
              declareControls(declare)
              declareTick(declare)
              if (launch === null) return
              declareLaunch(declare, launch)
              declareWatch(declare, launch)
            },
          ],
          decide,
        }),
      ),
    )

const processOf = (database: PotsDatabase, id: TenantId, money: Site['money']): Process => {
  const commit = database.commit({ writers: writersOf() })
  const door: ControllerDoor = {
    commit,
    read: createRead(database.connections),
    clock: CLOCK,
    watchMoney: async () => {
      if (money.isDown) throw new Error('the money cannot be looked at')
      return money.findings
    },
    countInFlight: async () => money.inFlight,
    whenCharged: async () => new Map(),
    deliveryLag: async () => null,
    onError: () => undefined,
  }
  return {
    commit,
    door,
    tick: () => tickTenant(door, id),
    stop: (atMicros) => tickAtStop(door, id, atMicros),
  }
}

const present = <Answer>(found: Answer | null | undefined): Answer => {
  assert.ok(found !== null && found !== undefined, 'it is there')
  return found
}

/** Signed by both, and started. */
const startOf =
  (decide: Decide): Site['start'] =>
  async (content = {}) => {
    const id = newUuid(Date.now())
    await decide(id, (draft) => {
      const made = runningLaunch(
        {
          id,
          createdMicros: draft.nextTime(),
          status: 'signed',
          startedMicros: null,
          stageStartedMicros: null,
        },
        { maturity_hours: 0, ...content },
      )
      const expiresMicros = Number(draft.now) + YEARS_MICROS
      const signed = { ...made, signatures: made.signatures.map((each) => ({ ...each, expiresMicros })) }
      putLaunch(draft, null, signed)
      startInDraft(draft, signed, { actor: ACTOR, reason: null })
      return null
    })
    return id
  }

const payOf =
  (decide: Decide): Site['pay'] =>
  async (launch, told) => {
    const type = (told.outcome ?? 'succeeded') === 'succeeded' ? 'charge.succeeded' : 'charge.failed'
    await decide(null, (draft) => {
      for (let each = 0; each < (told.n ?? 1); each++)
        recordEvent(draft, { type, object: chargeOf(launch, told), request: null })
      return null
    })
  }

const MOVE_CLOCK =
  'update database.heads set clock_offset_micros = clock_offset_micros + $2 where tenant = $1'

const siteOf = (database: PotsDatabase, id: TenantId): Site => {
  const decide = decideOf(database.commit({ writers: writersOf() }), id)
  const money: Site['money'] = { findings: [], inFlight: 0, isDown: false }
  return {
    id,
    money,
    process: () => processOf(database, id, money),
    start: startOf(decide),
    pay: payOf(decide),
    change: async (launch, by) => {
      await decide(launch, (draft) => {
        by(draft, present(readLaunch(draft, launch)))
        return null
      })
    },
    launch: (launch) => decide(launch, (draft) => present(readLaunch(draft, launch))),
    watch: (launch) => decide(launch, (draft) => draft.get(watches.table, launch) ?? null),
    tickRow: () => decide(null, (draft) => draft.get(ticks, TICK) ?? null),
    controls: () => decide(null, readControls),
    events: async () => {
      const types = await database.ask(id, 'select type from database.events order by sequence')
      return types.map(([type]) => String(type))
    },
    moveClock: (hours) => database.asOwner(id, MOVE_CLOCK, [id, BigInt(hours) * HOUR_MICROS]),
  }
}

export const openController = async (): Promise<ControllerWorld> => {
  const database = await openPotsDatabase()
  return {
    database,
    tenant: async () => siteOf(database, await database.addTenant()),
    close: () => database.close(),
  }
}
