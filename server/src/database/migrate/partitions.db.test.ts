import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ClientBase } from 'pg'
import { addTenant, type TestDatabase, withDatabase } from '../../../test/support/postgres.ts'
import { parseDay } from '../../kit/index.ts'
import { withClient, withOwner } from '../connect/owner.ts'
import { dropAged, ensurePartitions } from './partitions.ts'

let database: TestDatabase
before(async () => {
  database = await withDatabase()
  await addTenant(database, 1)
})
after(() => database.close())

const day = (text: string): number => parseDay(text) ?? Number.NaN

const insertEvent = (sequence: number, on: string): Promise<void> =>
  withClient(database.appUrl, async (app) => {
    await app.query('begin')
    await app.query(`select set_config('evenkeel.tenant', '1', true)`)
    await app.query(
      `insert into database.events (tenant, sequence, id, type, created_micros, created_day, data)
       values (1, $1, gen_random_uuid(), 'x', 0, $2, '{}')`,
      [sequence, on],
    )
    await app.query('commit')
  })

const placeOf = async (sequence: number): Promise<unknown> => {
  const found = await withClient(database.readerUrl, (reader) =>
    reader.query('select tableoid::regclass::text as place from database.events where sequence = $1', [
      sequence,
    ]),
  )
  return found.rows[0]?.place
}

const asOwner = <Value>(work: (owner: ClientBase) => Promise<Value>): Promise<Value> =>
  withOwner(database.adminUrl, work)

test('a row without a month of its own waits in the default partition, and moves when the month is made', async () => {
  await insertEvent(1, '2031-05-17')
  assert.equal(await placeOf(1), 'database.events_default')
  const made = await asOwner((owner) => ensurePartitions(owner, day('2031-04-30'), 1))
  assert.deepEqual(made.toSorted(), [
    'database.events_2031_04',
    'database.events_2031_05',
    'database.idempotency_answers_2031_04',
    'database.idempotency_answers_2031_05',
    'events.attempts_2031_04',
    'events.attempts_2031_05',
    'events.deliveries_2031_04',
    'events.deliveries_2031_05',
    'launches.verdicts_2031_04',
    'launches.verdicts_2031_05',
  ])
  assert.equal(await placeOf(1), 'database.events_2031_05')
  assert.deepEqual(await asOwner((owner) => ensurePartitions(owner, day('2031-04-30'), 1)), [])
})

test('two processes that make the same month at once do not disturb each other', async () => {
  const made = await Promise.all(
    [1, 2].map(() => asOwner((owner) => ensurePartitions(owner, day('2032-01-01'), 3))),
  )
  assert.equal(made.flat().length, 20)
})

test('a month goes when all of it is old enough, and rows of the default partition one by one', async () => {
  await insertEvent(2, '2019-03-31')
  await insertEvent(3, '2020-06-15')
  await asOwner((owner) => ensurePartitions(owner, day('2019-03-01'), 0))
  assert.equal(await placeOf(2), 'database.events_2019_03')
  assert.deepEqual(await asOwner((owner) => dropAged(owner, day('2020-05-04'))), [
    'database.idempotency_answers_2019_03',
    'events.deliveries_2019_03',
    'events.attempts_2019_03',
    'launches.verdicts_2019_03',
  ])
  assert.deepEqual(await asOwner((owner) => dropAged(owner, day('2020-05-05'))), ['database.events_2019_03'])
  assert.equal(await placeOf(2), undefined)
  assert.equal(await placeOf(3), 'database.events_default')
  await asOwner((owner) => dropAged(owner, day('2021-08-01')))
  assert.equal(await placeOf(3), undefined)
  assert.equal(await placeOf(1), 'database.events_2031_05')
})
