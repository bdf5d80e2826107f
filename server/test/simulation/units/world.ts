import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import type { Uuid } from '../../../src/kit/index.ts'
import { onNotification, paymentTimers } from '../../../src/payments/index.ts'
import { type Books, openPayments, type PaymentsWorld } from '../../support/payments-world.ts'
import { type Acquirer, createAcquirer, type Told } from './acquirer.ts'
import { type CrashAt, createProcess, type Process } from './crashes.ts'

const SILENCE_MS = 3_100
const DYING_MS = 100
const HOURS_INTO_DAY = 6
const MS_PER_HOUR = 3_600_000
const MS_PER_DAY = 86_400_000
const MICROS_PER_MS = 1_000n

/** Payments over PostgreSQL, an acquirer that keeps books, a wall clock that jumps, and a process that dies. */
export type Simulated = {
  readonly world: PaymentsWorld
  readonly acquirer: Acquirer
  readonly process: Process
  /** A tenant without a past, in the morning of its first day. */
  readonly begin: () => Promise<Books>
  /** Whoever is dead has lost what he had in hand. */
  readonly outlast: (books: Books) => Promise<void>
  readonly fire: (books: Books, crashAt: CrashAt | null) => Promise<void>
  readonly tell: () => Promise<void>
  readonly close: () => Promise<void>
}

const isOfCrash = (fields: object): boolean => inspect(fields).includes('Crash')

const startOffsetDays = (nowMs: number): number => {
  const morning = HOURS_INTO_DAY * MS_PER_HOUR
  const ofDay = nowMs % MS_PER_DAY
  return (morning - ofDay + (ofDay > morning ? MS_PER_DAY : 0)) / MS_PER_DAY
}

/** What is due by the tenant's clock; what waits for the wall clock, as if its time had come. */
const DUE = `
select t.kind, t.subject from database.timers t join database.heads h on h.tenant = t.tenant
 where t.tenant = $1 and (t.wall or t.due_micros <= greatest(h.newest_micros,
       (extract(epoch from clock_timestamp()) * 1000000)::bigint + h.clock_offset_micros))
 order by t.kind, t.due_micros, t.subject`

type Ground = Pick<Simulated, 'world' | 'acquirer' | 'process'>

/** In its order. What is about something that is not there yet is told again later. */
const tellAll = async ({ world, acquirer, process }: Ground): Promise<void> => {
  const refused: Told[] = []
  for (const one of acquirer.outbox.splice(0)) {
    const rail = world.door.rails.find(({ name }) => name === one.rail)
    if (rail === undefined) throw new Error(`there is no rail ${one.rail}`)
    try {
      await onNotification(world.door, rail)(one.told)
    } catch (error) {
      refused.push(one)
      const isExpected = process.isDead() || String(error).includes('not there yet')
      // Thrown, it would be taken for a rail that does not answer.
      if (!isExpected) acquirer.problems.push(`what was told was not taken in: ${String(error)}`)
    }
  }
  acquirer.outbox.unshift(...refused)
}

const fireAll = async ({ world, process }: Ground, books: Books, crashAt: CrashAt | null): Promise<void> => {
  const handlers = paymentTimers(world.door)
  await books.endLeases()
  const found = await books.rows(DUE)
  process.start(crashAt)
  for (const [kind, rows] of Map.groupBy(found, (row) => String(row['kind']))) {
    try {
      await handlers[kind]?.(
        books.id,
        rows.map(({ subject }) => subject as Uuid),
      )
    } catch (error) {
      if (!process.isDead()) throw error
      // What the dead one did beside it comes to its next await, and dies there.
      await pause(DYING_MS)
    }
  }
  process.start(null)
}

const onError = (fields: object, message: string): void => {
  if (!isOfCrash(fields)) globalThis.process.stderr.write(`${message} ${inspect(fields)}\n`)
}

export const openSimulated = async (): Promise<Simulated> => {
  let jumpedMs = 0
  let tenant: Books['id'] | null = null
  let ground: Ground | null = null
  const clock = { now: (): number => Date.now() + jumpedMs }
  const jump = (): void => {
    jumpedMs += SILENCE_MS
  }
  const process = createProcess(jump)
  const acquirer = createAcquirer({
    tenant: () => {
      if (tenant === null) throw new Error('nobody is there yet')
      return tenant
    },
    onSilence: jump,
    onTold: async () => {
      if (ground !== null) await tellAll(ground)
    },
    nowMicros: () => BigInt(clock.now()) * MICROS_PER_MS,
  })
  const rails = acquirer.rails.map((rail) => process.rail(rail))
  const world = await openPayments({ clock, rails, around: process.commit, onError })
  const made: Ground = { world, acquirer, process }
  ground = made
  return {
    ...made,
    begin: async () => {
      jumpedMs = 0
      acquirer.clear()
      process.start(null)
      const books = await world.tenant()
      tenant = books.id
      await books.moveMicros(BigInt(Math.round(startOffsetDays(Date.now()) * MS_PER_DAY)) * MICROS_PER_MS)
      return books
    },
    outlast: (books) => books.endLeases(),
    fire: (books, crashAt) => fireAll(made, books, crashAt),
    tell: () => tellAll(made),
    close: world.close,
  }
}
