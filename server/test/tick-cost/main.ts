import { writeAudit } from '../../src/audit/index.ts'
import { emptyCustomer } from '../../src/customers/core/customer-fields.ts'
import { customers, writeCustomers } from '../../src/customers/index.ts'
import { connectionsOf, createCommit, createRead } from '../../src/database/index.ts'
import { writeExposure } from '../../src/exposure/index.ts'
import { newUuid, showId, type Uuid } from '../../src/kit/index.ts'
import { type ControllerDoor, tickTenant } from '../../src/launches/controller/tick.ts'
import { writeLaunches } from '../../src/launches/index.ts'
import { declareLaunch, putLaunch, startInDraft } from '../../src/launches/move.ts'
import { writeLedger } from '../../src/ledger/index.ts'
import { countInFlight, watchMoney, whenCharged, writePayments } from '../../src/payments/index.ts'
import { writeRouting } from '../../src/routing/index.ts'
import { stageOf } from '../support/launch-content.ts'
import { runningLaunch } from '../support/launch-watch.ts'
import { type Books, openPayments, type PaymentsWorld } from '../support/payments-world.ts'
import { answerOf, unitOf } from '../support/pots.ts'

/*
 * What the ticks of one minute cost at 1,000,000 payments a day: 12 ticks with 58 payments each, a quarter of them
 * exposed, over a day's history that is there already. It prints the time that the ticks take from beginning to end, with
 * everything that they ask the database, so the database's own share is below it.
 *
 *   node server/test/tick-cost/main.ts
 */

const PAYMENTS_A_DAY = 1_000_000
const TICKS = 12
const PER_TICK = Math.ceil((PAYMENTS_A_DAY / 86_400) * 5)
const EXPOSED_BP = 2_500
const EXPOSED_HISTORY = (PAYMENTS_A_DAY * EXPOSED_BP) / 10_000
const EVENTS_HISTORY = 500_000
const AT_ONCE = 8
const WARM = 600
const ACTOR = { kind: 'person', id: 'person_1', name: 'Ada', role: 'business' } as const

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const doorOf = (world: PaymentsWorld): ControllerDoor => {
  const connections = connectionsOf(world.pools.hot)
  const clock = { now: () => Date.now() }
  const writers = [
    writeLedger,
    ...writeCustomers,
    ...writePayments,
    ...writeExposure,
    writeRouting,
    ...writeAudit,
    ...writeLaunches,
  ]
  const commit = createCommit({ connections, writers, clock, classify: () => 'other' })
  const door = { commit, read: createRead(connections), clock }
  return {
    ...door,
    watchMoney: watchMoney(door),
    countInFlight: countInFlight(door),
    whenCharged: whenCharged(door),
    deliveryLag: async () => null,
    onError: (error) => print(String(error)),
  }
}

const start = async ({ commit }: ControllerDoor, { id: tenant }: Books): Promise<Uuid> => {
  const id = newUuid(Date.now())
  await answerOf(
    commit.submit(
      unitOf({
        tenant,
        reads: [(declare) => declareLaunch(declare, id)],
        decide: (draft) => {
          const made = runningLaunch(
            { id, createdMicros: draft.nextTime(), status: 'signed', startedMicros: null },
            {
              unit: 'customer',
              subject: { type: 'route', rails: ['express'] },
              stages: [
                stageOf({
                  exposure_bp: EXPOSED_BP,
                  caps: { per_payment: null, per_stage: null, per_day: null },
                }),
              ],
            },
          )
          putLaunch(draft, null, made)
          startInDraft(draft, made, { actor: ACTOR, reason: null })
          return null
        },
      }),
    ),
  )
  return id
}

const CUSTOMERS = 400

const makeCustomers = ({ commit }: ControllerDoor, { id: tenant }: Books): Promise<string[]> =>
  answerOf(
    commit.submit(
      unitOf<string[]>({
        tenant,
        decide: (draft) =>
          Array.from({ length: CUSTOMERS }, () => {
            const id = newUuid(Date.now())
            draft.put(customers.table, id, emptyCustomer(id, draft.nextTime()))
            return showId('cus', id)
          }),
      }),
    ),
  )

const payMany = async (books: Books, payers: readonly string[], count: number): Promise<void> => {
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const customer = payers[Math.floor(Math.random() * payers.length)]
      await books.pay(1_000, `&customer=${customer}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** Rows that are older than everything else: they make the indexes as deep as a day of payments does. */
const fill = async (books: Books): Promise<void> => {
  await books.tamper(`
    with one as (select * from payments.charges where tenant = $1 and exposed_by is not null limit 1)
    insert into payments.charges (tenant, id, created_micros, intent, attempt, customer, status, body, exposed_by)
    select one.tenant, gen_random_uuid(), n, gen_random_uuid(), gen_random_uuid(), one.customer, one.status, one.body, one.exposed_by
      from one, generate_series(1, ${EXPOSED_HISTORY}) as n`)
  await books.tamper(`
    insert into database.events (tenant, sequence, id, type, created_micros, created_day, data)
    select $1, -n, gen_random_uuid(), 'charge.succeeded', 1, date '2026-01-01', '{"object": {}}'::jsonb
      from generate_series(1, ${EVENTS_HISTORY}) as n`)
}

const measure = async (world: PaymentsWorld): Promise<void> => {
  const books = await world.tenant()
  const door = doorOf(world)
  const payers = await makeCustomers(door, books)
  await start(door, books)
  await payMany(books, payers, WARM)
  await tickTenant(door, books.id)
  print(`filling in ${EXPOSED_HISTORY} exposed charges and ${EVENTS_HISTORY} events`)
  await fill(books)
  let all = 0
  for (let tick = 0; tick < TICKS; tick++) {
    await payMany(books, payers, PER_TICK)
    const beganMs = performance.now()
    const facts = await tickTenant(door, books.id)
    const ms = performance.now() - beganMs
    all += ms
    print(`tick ${tick + 1}: ${facts} facts, ${ms.toFixed(1)} ms`)
  }
  print(`a minute at ${PAYMENTS_A_DAY} payments a day: ${all.toFixed(0)} ms in ${TICKS} ticks`)
}

const world = await openPayments()
try {
  await measure(world)
} finally {
  await world.close()
}
