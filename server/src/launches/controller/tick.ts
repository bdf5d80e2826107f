import {
  type Draft,
  newestEventNumber,
  readTenantTime,
  type Statement,
  tenantTime,
  type Unit,
} from '../../database/index.ts'
import { assert, type Micros, type TenantId, type Uuid } from '../../kit/index.ts'
import type { Door } from '../../requests/index.ts'
import { byLaunch } from '../core/guardrails/fold.ts'
import type { Finding } from '../core/guardrails/verdicts.ts'
import { type Levels, lookAtLevels, readLevels, tellLevels } from '../levels/look.ts'
import { findLevels, type LevelRow } from '../levels/store.ts'
import {
  FULL_LOOK_EVERY_MS,
  LOOK_BACK_MS,
  PAGE_NUMBERS,
  PAGES_MOST,
  QUIET_FACTS_MOST,
  QUIET_LAUNCHES_MOST,
  STUCK_AFTER_MS,
  TICK_EVERY_MS,
  WORK_DEADLINE_MS,
} from '../limits.ts'
import { declareLaunch, readLaunch } from '../move.ts'
import type { CountInFlight, DeliveryLag, WatchMoney, WhenCharged } from '../ports.ts'
import { actInDraft } from './act.ts'
import { exposedIn, findFacts, launchesIn, type Read, readFacts } from './facts.ts'
import {
  findLive,
  findTick,
  type Live,
  readLive,
  readTick,
  TICK,
  type Tick,
  ticks,
  watches,
} from './store.ts'
import { declareTick, setTick } from './waking.ts'

/** What the controller stands on: the door, and what payments and webhooks tell it. */
export type ControllerDoor = Door & {
  readonly watchMoney: WatchMoney
  readonly countInFlight: CountInFlight
  readonly whenCharged: WhenCharged
  readonly deliveryLag: DeliveryLag
  readonly onError: (error: unknown) => void
}

const MICROS_PER_MS = 1_000n

/** What was read before the unit: all of one snapshot, but for what the ports tell. */
type Ground = {
  readonly tick: Tick
  readonly live: readonly Live[]
  /** The newest event when the live launches were read: stamps up to it are of these. */
  readonly newest: bigint
  readonly levels: readonly LevelRow[]
  readonly nowMicros: Micros
}

const readGround = async (door: ControllerDoor, tenant: TenantId): Promise<Ground | null> => {
  const statements: Statement[] = [
    findTick(tenant),
    findLive(tenant),
    newestEventNumber(tenant),
    findLevels(tenant),
    tenantTime(tenant),
  ]
  const [tick = [], live = [], newest = [], levels = [], time] = await door.read(tenant, statements)
  if (tick[0] === undefined) return null
  const row = readTick(tick[0])
  if (row.isAsleep) return null
  return {
    tick: row,
    live: live.map(readLive),
    newest: (newest[0]?.[0] ?? 0n) as bigint,
    levels: readLevels(levels),
    nowMicros: readTenantTime(time),
  }
}

/** What the ports tell of one launch. Where they fail it is not known, and that is a verdict of its own. */
type Told = {
  readonly findings: readonly Finding[] | null | 'unasked'
  readonly inFlight: number | null
}

const UNASKED: Told = { findings: 'unasked', inFlight: null }

const askPorts = async (
  door: ControllerDoor,
  tenant: TenantId,
  { id, startedMicros }: Live,
  sinceMicros: Micros,
): Promise<Told> => {
  try {
    const since = sinceMicros > startedMicros ? sinceMicros : startedMicros
    const findings = await door.watchMoney(tenant, id, since, STUCK_AFTER_MS)
    return { findings, inFlight: await door.countInFlight(tenant, id) }
  } catch (error) {
    door.onError(error)
    return { findings: null, inFlight: null }
  }
}

const askAll = async (
  door: ControllerDoor,
  tenant: TenantId,
  { live, tick }: Ground,
  { isFull, exposed }: { readonly isFull: boolean; readonly exposed: ReadonlySet<Uuid> },
): Promise<ReadonlyMap<Uuid, Told>> => {
  const sinceMicros = isFull ? 0n : BigInt(tick.tickedMicros) - BigInt(LOOK_BACK_MS) * MICROS_PER_MS
  const told = new Map<Uuid, Told>()
  // One after the other: a tick is not in a hurry, and payments need the connections.
  for (const each of live) {
    const isNews = isFull || each.status === 'rolling_back' || exposed.has(each.id)
    told.set(each.id, isNews ? await askPorts(door, tenant, each, sinceMicros) : UNASKED)
  }
  return told
}

type Page = {
  readonly tenant: TenantId
  readonly ground: Ground
  readonly from: bigint
  readonly upTo: bigint
  readonly read: Read
  readonly levels: Levels
  readonly told: ReadonlyMap<Uuid, Told>
  readonly isFull: boolean
  readonly stopMicros: Micros | null
  readonly deadlineMs: number
}

/** Nothing is live and nothing promised, and no event came since that could have changed it. */
const maySleep = (draft: Draft, { ground, upTo }: Page): boolean =>
  ground.live.length === 0 && ground.levels.length === 0 && draft.counters.eventSequence === upTo

const takePage = (draft: Draft, page: Page, ids: readonly Uuid[]): boolean => {
  const { ground, upTo, read, told } = page
  const tick = draft.get(ticks, TICK)
  // Another process has taken these events in; what it found counts, and this is nothing.
  if (tick === undefined || tick.isAsleep || tick.sequence !== page.from) return false
  const isLast = upTo >= ground.newest
  const maySleepNow = maySleep(draft, page)
  const levels = tellLevels(draft, tick, page.levels, read.attempts)
  const facts = byLaunch(read.facts)
  for (const id of ids) {
    const launch = readLaunch(draft, id)
    if (launch === null) continue
    const { findings = null, inFlight = null } = told.get(id) ?? {}
    const countedIn = ground.live.find((each) => each.id === id)?.status ?? null
    const turn = { launch, facts: facts.get(id) ?? [], findings, inFlight, countedIn }
    actInDraft(draft, { ...turn, budget: levels.budget })
  }
  const isAsleep = isLast && maySleepNow
  draft.put(ticks, TICK, {
    ...tick,
    ...levels,
    sequence: upTo,
    isAsleep,
    stopMicros: page.stopMicros === null ? tick.stopMicros : Number(page.stopMicros),
    tickedMicros: Number(draft.now),
    lookedFullMs: page.isFull ? draft.wallMs : tick.lookedFullMs,
  })
  setTick(draft, isAsleep ? null : isLast ? TICK_EVERY_MS : 0)
  return true
}

const pageUnit = (page: Page): Unit<boolean> => {
  const ids = [...new Set([...page.ground.live.map(({ id }) => id), ...launchesIn(page.read.facts)])]
  return {
    tenant: page.tenant,
    name: 'launches.tick',
    items: 1,
    bytes: 0,
    deadlineMs: page.deadlineMs,
    claim: null,
    duringAdvance: true,
    reads: [
      (declare) => {
        declareTick(declare)
        for (const id of ids) {
          declareLaunch(declare, id)
          declare(watches.table, id)
        }
      },
    ],
    decide: (draft) => ({ kind: 'answer', answer: takePage(draft, page, ids), reply: null }),
  }
}

const takeNext = async (
  door: ControllerDoor,
  tenant: TenantId,
  options: { readonly ground: Ground; readonly stopMicros: Micros | null },
): Promise<{ readonly isDone: boolean; readonly facts: number }> => {
  const { ground, stopMicros } = options
  const { tick, newest, live } = ground
  const nowSeconds = Number(ground.nowMicros / 1_000_000n)
  const levels = await lookAtLevels(door, tick, { tenant, rows: ground.levels, nowSeconds })
  const from = tick.sequence
  const upTo = newest - from > BigInt(PAGE_NUMBERS) ? from + BigInt(PAGE_NUMBERS) : newest
  const raw = upTo > from ? ((await door.read(tenant, [findFacts(tenant, from, upTo)]))[0] ?? []) : []
  const read = await readFacts(tenant, raw, door.whenCharged)
  const isFull =
    stopMicros !== null ||
    (live.length <= QUIET_LAUNCHES_MOST && read.facts.length <= QUIET_FACTS_MOST) ||
    door.clock.now() - tick.lookedFullMs >= FULL_LOOK_EVERY_MS
  const told = await askAll(door, tenant, ground, { isFull, exposed: exposedIn(read.facts) })
  const deadlineMs = door.clock.now() + WORK_DEADLINE_MS
  const page = { tenant, ground, from, upTo, read, levels, told, isFull, stopMicros, deadlineMs }
  const outcome = await door.commit.submit(pageUnit(page))
  assert(outcome.kind === 'decided', 'a unit without a key is decided')
  return { isDone: !outcome.answer || upTo >= newest, facts: read.facts.length }
}

/**
 * One look at all live launches of a tenant: takes in what has happened since the last one, page by page, and does what
 * the guardrails say. Whoever does it at the same moment finds that it is done. Returns how many facts it took in.
 */
export const tickTenant = async (
  door: ControllerDoor,
  tenant: TenantId,
  stopMicros: Micros | null = null,
): Promise<number> => {
  let facts = 0
  for (let pages = 0; pages < PAGES_MOST; pages++) {
    const ground = await readGround(door, tenant)
    if (ground === null) return facts
    const taken = await takeNext(door, tenant, { ground, stopMicros })
    facts += taken.facts
    if (taken.isDone) return facts
  }
  return facts
}

/** At a stop of a clock that is moved on: once, and again only while payments have moved there. */
export const tickAtStop = async (
  door: ControllerDoor,
  tenant: TenantId,
  stopMicros: Micros,
): Promise<number> => {
  const ground = await readGround(door, tenant)
  if (ground === null) return 0
  const isNew = ground.tick.stopMicros !== Number(stopMicros)
  if (!isNew && ground.tick.sequence >= ground.newest) return 0
  const facts = await tickTenant(door, tenant, stopMicros)
  return isNew ? facts + 1 : facts
}
