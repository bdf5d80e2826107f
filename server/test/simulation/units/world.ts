import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import type { Uuid } from '../../../src/kit/index.ts'
import { onNotification, paymentTimers } from '../../../src/payments/index.ts'
import type { Notification } from '../../../src/rails/index.ts'
import { type Books, openPayments, type PaymentsWorld } from '../../support/payments-world.ts'
import { type Acquirer, createAcquirer } from './acquirer.ts'
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

export const openSimulated = async (): Promise<Simulated> => {
  let jumpedMs = 0
  let tenant: Books['id'] | null = null
  const clock = { now: (): number => Date.now() + jumpedMs }
  const jump = (byMs: number): void => {
    jumpedMs += byMs
  }
  const process = createProcess(() => jump(SILENCE_MS))
  const acquirer = createAcquirer(
    () => {
      if (tenant === null) throw new Error('nobody is there yet')
      return tenant
    },
    () => jump(SILENCE_MS),
    () => tellAll(),
    () => BigInt(clock.now()) * MICROS_PER_MS,
  )
  const rail = process.rail(acquirer.rail)
  const world = await openPayments({
    clock,
    rail,
    around: process.commit,
    onError: (fields, message) => {
      if (!isOfCrash(fields)) globalThis.process.stderr.write(`${message} ${inspect(fields)}\n`)
    },
  })
  const handlers = paymentTimers(world.door)
  /** In its order. What is about something that is not there yet is told again later. */
  const tellAll = async (): Promise<void> => {
    const refused: Notification[] = []
    for (const told of acquirer.outbox.splice(0)) {
      try {
        await onNotification(world.door, rail)(told)
      } catch (error) {
        refused.push(told)
        const isExpected = process.isDead() || String(error).includes('not there yet')
        // Thrown, it would be taken for a rail that does not answer.
        if (!isExpected) acquirer.problems.push(`what was told was not taken in: ${String(error)}`)
      }
    }
    acquirer.outbox.unshift(...refused)
  }
  /** What is due by the tenant's clock; what waits for the wall clock, as if its time had come. */
  const due = (books: Books): Promise<Record<string, unknown>[]> =>
    books.rows(
      `select t.kind, t.subject from database.timers t join database.heads h on h.tenant = t.tenant
        where t.tenant = $1 and (t.wall or t.due_micros <= greatest(h.newest_micros,
              (extract(epoch from clock_timestamp()) * 1000000)::bigint + h.clock_offset_micros))
        order by t.kind, t.due_micros, t.subject`,
    )
  return {
    world,
    acquirer,
    process,
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
    fire: async (books, crashAt) => {
      await books.endLeases()
      const found = await due(books)
      process.start(crashAt)
      for (const [kind, rows] of Map.groupBy(found, (row) => String(row['kind']))) {
        try {
          const subjects = rows.map(({ subject }) => subject as Uuid)
          await handlers[kind]?.(books.id, subjects)
        } catch (error) {
          if (!process.isDead()) throw error
          // What the dead one did beside it comes to its next await, and dies there.
          await pause(DYING_MS)
        }
      }
      process.start(null)
    },
    tell: tellAll,
    close: world.close,
  }
}
