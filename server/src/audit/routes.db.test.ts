import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { openPotsDatabase, type PotsDatabase } from '../../test/support/pots-database.ts'
import { createRead, withOwner } from '../database/index.ts'
import { buildServer, createRegistry, type Principal } from '../http/index.ts'
import type { TenantId } from '../kit/index.ts'
import { appendActAsOwner, hashOfShown, OPERATOR, type Receipt, routesOf } from './index.ts'

let world: PotsDatabase
let app: FastifyInstance
const receipts: Receipt[] = []

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => quiet }

const principalOf = (tenant: TenantId): Principal => ({
  tenant,
  mode: 'test',
  keyId: 'key_1',
  kind: 'secret',
  permissions: 'all',
  person: null,
})

before(async () => {
  world = await openPotsDatabase()
  const [tenant, other] = [await world.addTenant(), await world.addTenant()]
  const clock = { now: Date.now }
  app = buildServer({
    routes: routesOf({ read: createRead(world.connections), commit: world.commit(), clock }),
    authenticate: (key) => principalOf(key === 'other' ? other : tenant),
    wall: clock,
    log: quiet,
    registry: createRegistry(),
    metricsKey: null,
    ready: () => ({ ready: true, checks: {} }),
    info: { title: 'Audit', version: '1.0.0', description: 'The log, for its tests.' },
    errors: {},
    checkAnswers: true,
  })
  for (let number = 1; number <= 12; number++) {
    const receipt = await withOwner(world.database.adminUrl, async (owner) => {
      await owner.query('begin')
      const made = await appendActAsOwner(owner, tenant, {
        actor: OPERATOR('ada'),
        action: number % 2 === 0 ? 'key.created' : 'key.revoked',
        subject: `key_${number % 3}`,
        reason: null,
        before: null,
        after: { number, deep: { text: 'ü', list: [1, null, true] } },
      })
      await owner.query('commit')
      return made
    })
    receipts.push(receipt)
  }
})
after(async () => {
  await app.close()
  await world.close()
})

type Entry = { readonly id: string; readonly position: number; readonly hash: string }
type List = { readonly data: readonly Entry[]; readonly has_more: boolean }

const get = async (path: string, key = 'own') => {
  const answer = await app.inject({ method: 'GET', url: path, headers: { authorization: `Bearer ${key}` } })
  return { status: answer.statusCode, body: answer.json() as List & Entry }
}

const positions = async (query: string): Promise<readonly number[]> => {
  const { status, body } = await get(`/v1/audit_entries${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.data.map(({ position }) => position)
}

const down = (from: number, to: number): number[] => Array.from({ length: from - to + 1 }, (_, i) => from - i)

test('the log is listed with the newest first, by page, and by what it is about', async () => {
  assert.deepEqual(await positions(''), down(12, 3))
  const { body } = await get('/v1/audit_entries?limit=5')
  assert.equal(body.has_more, true)
  const last = body.data.at(-1)?.id ?? ''
  assert.deepEqual(await positions(`?limit=5&starting_after=${last}`), down(7, 3))
  assert.deepEqual(await positions(`?limit=3&ending_before=${last}`), [11, 10, 9])
  assert.deepEqual(await positions('?action=key.created'), [12, 10, 8, 6, 4, 2])
  assert.deepEqual(await positions('?subject=key_1'), [10, 7, 4, 1])
  assert.deepEqual(await positions('?subject=key_1&action=key.revoked'), [7, 1])
  assert.deepEqual(await positions(`?action=key.created&limit=2&starting_after=${last}`), [6, 4])
  assert.deepEqual(await positions('?position=4'), [4])
  assert.deepEqual(await positions('?position=99'), [])
})

test('an entry is shown with all that its hash needs, and is the one of its receipt', async () => {
  for (const [index, receipt] of receipts.entries()) {
    const [entry] = (await get(`/v1/audit_entries?position=${index + 1}`)).body.data
    assert.ok(entry !== undefined)
    assert.deepEqual([entry.position, entry.hash], [receipt.position, receipt.hash])
    assert.equal(hashOfShown(entry as unknown as Record<string, unknown>), receipt.hash)
    assert.deepEqual((await get(`/v1/audit_entries/${entry.id}`)).body, entry)
  }
})

test('what is not there is not found, and another tenant sees nothing of it', async () => {
  const [entry] = (await get('/v1/audit_entries')).body.data
  assert.equal((await get(`/v1/audit_entries/${entry?.id}`, 'other')).status, 404)
  assert.deepEqual((await get('/v1/audit_entries', 'other')).body.data, [])
  assert.equal((await get('/v1/audit_entries/none')).status, 404)
  assert.equal((await get(`/v1/audit_entries?starting_after=${entry?.id}`, 'other')).status, 404)
})
