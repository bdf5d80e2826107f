import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { account, transfer } from '../../../test/model/samples.ts'
import { toAccount, toTransfer } from '../../../test/support/ledger-subjects.ts'
import { openPotsDatabase, type PotsDatabase } from '../../../test/support/pots-database.ts'
import type { Statement } from '../../database/index.ts'
import type { TenantId, Uuid } from '../../kit/index.ts'
import { createAccountsUnit, createTransfersUnit } from '../units.ts'
import { accountsTable, burntTable, holdsTable, referencesTable, transfersTable } from './tables.ts'
import { writeLedger } from './writer.ts'

const ACCOUNTS = 2_000
const TRANSFERS = 4_000

let world: PotsDatabase
let tenant: TenantId

/** No ANALYZE: the planner knows nothing of this tenant, as it is with a new one under load. */
const fill = async (place: PotsDatabase, tenant: TenantId): Promise<void> => {
  const commit = place.commit({ writers: [writeLedger] })
  const request = { tenant, bytes: 0, deadlineMs: Number.MAX_SAFE_INTEGER, claim: null, reply: null }
  const accounts = Array.from({ length: ACCOUNTS }, (_, n) =>
    toAccount(account(n + 1, { currency: 'EUR', reference: `account ${n}` })),
  )
  await commit.submit(createAccountsUnit(request, accounts))
  const transfers = Array.from({ length: TRANSFERS }, (_, n) => toTransfer(transfer(100_000 + n)))
  await commit.submit(createTransfersUnit(request, transfers))
}

before(async () => {
  world = await openPotsDatabase()
  tenant = await world.addTenant()
  await fill(world, tenant)
})
after(() => world.close())

const inVain = (plan: readonly (readonly unknown[])[]): number => {
  const removed = plan.map(([line]) => Number(/Rows Removed by [^:]*: (\d+)/.exec(String(line))?.[1] ?? 0))
  return removed.reduce((sum, count) => sum + count, 0)
}

/** What a statement's plan throws away after reading it, over the connections that the commit uses. */
const rowsInVain = async ({ text, values }: Statement): Promise<number> => {
  const client = await world.pools.hot.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant)])
    const { rows } = await client.query<[string]>({
      text: `explain (analyze, timing off, costs off) ${text}`,
      values: [...values],
      rowMode: 'array',
    })
    await client.query('rollback')
    return inVain(rows)
  } finally {
    client.release()
  }
}

const ids = (first: number, count: number): Uuid[] =>
  Array.from({ length: count }, (_, n) => transfer(first + n).id as Uuid)

for (const keys of [1, 20, 1_000]) {
  test(`${keys} rows are looked up one by one, whatever the planner believes of the tenant`, async () => {
    const statements = [
      transfersTable.load(tenant, ids(100_000, keys)),
      transfersTable.load(tenant, ids(900_000, keys)),
      burntTable.load(tenant, ids(100_000, keys)),
      holdsTable.load(tenant, ids(100_000, keys)),
      accountsTable.load(tenant, ids(1, keys)),
      referencesTable.load(
        tenant,
        ids(0, keys).map((_, n) => `account ${n}`),
      ),
    ]
    for (const statement of statements) assert.equal(await rowsInVain(statement), 0, statement.name)
  })
}

test('a plan that was made when the tables were empty is not kept', async () => {
  const young = await openPotsDatabase({ hotConnections: 1 })
  try {
    const newcomer = await young.addTenant()
    const load = transfersTable.load(newcomer, ids(0, 1))
    const run = async (statement: Statement) => {
      const connection = await young.connections.acquire()
      try {
        await connection.run({ name: 'begin', text: 'begin', values: [] })
        const tenantIs = `select set_config('evenkeel.tenant', '${newcomer}', true)`
        await connection.run({ name: '', text: tenantIs, values: [] })
        const { rows } = await connection.run(statement)
        await connection.run({ name: 'rollback', text: 'rollback', values: [] })
        return rows
      } finally {
        connection.release(false)
      }
    }
    await run(load)
    await fill(young, newcomer)
    await pause(1_100)
    await run({ name: 'any', text: 'select 1', values: [] })
    const wanted = ids(900_000, 20)
      .map((id) => `'${id}'`)
      .join()
    const asked = `explain (analyze, timing off, costs off) execute transfers_load(${newcomer}, array[${wanted}]::uuid[])`
    assert.equal(inVain(await run({ name: '', text: asked, values: [] })), 0)
  } finally {
    await young.close()
  }
})

test('the same question asked of all rows at once reads what it does not want', async () => {
  const text = 'select id from ledger.transfers where tenant = $1 and id::text = any($2)'
  const planted = { name: 'planted', text, values: [tenant, ids(900_000, 20)] }
  assert.ok((await rowsInVain(planted)) >= TRANSFERS)
})
