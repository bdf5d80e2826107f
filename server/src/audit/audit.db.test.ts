import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openPotsDatabase, type PotsDatabase } from '../../test/support/pots-database.ts'
import { type Commit, type Outcome, withOwner } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import { hashOf, NO_HASH } from './core/entry.ts'
import type { Act, Receipt } from './index.ts'
import {
  appendActAsOwner,
  appendChangeAsOwner,
  declareAudit,
  PLATFORM,
  recordAct,
  writeAudit,
} from './index.ts'

let world: PotsDatabase

before(async () => {
  world = await openPotsDatabase()
})

after(() => world.close())

const actOf = (action: string): Act => ({
  actor: PLATFORM('test'),
  action,
  subject: 'launch_1',
  reason: null,
  before: null,
  after: { text: 'a\u0000b "ü" \ud800' },
})

const open = (): Commit => world.commit({ writers: writeAudit })

const act = async (
  commit: Commit,
  tenant: TenantId,
  actions: readonly string[],
  anchor = false,
): Promise<readonly Receipt[]> => {
  const outcome: Outcome<readonly Receipt[]> = await commit.submit({
    tenant,
    name: 'test.act',
    items: 1,
    bytes: 0,
    deadlineMs: Date.now() + 10_000,
    claim: null,
    reads: [declareAudit],
    decide: (draft) => ({
      kind: 'answer',
      answer: actions.map((action) => recordAct(draft, actOf(action), { anchor })),
      reply: null,
    }),
  })
  assert.ok(outcome.kind === 'decided')
  return outcome.answer
}

type Row = readonly [position: bigint, previousHash: string, hash: string, content: string]

const chainOf = async (tenant: TenantId): Promise<readonly Row[]> =>
  (await world.ask(
    tenant,
    'select position, previous_hash, hash, content from audit.entries order by position',
  )) as unknown as Row[]

const assertChained = (rows: readonly Row[]): void => {
  let previous = NO_HASH
  for (const [index, [position, previousHash, hash, content]] of rows.entries()) {
    assert.equal(position, BigInt(index + 1))
    assert.equal(previousHash, previous)
    assert.equal(hash, hashOf(previous, content))
    previous = hash
  }
}

describe('the audit log', () => {
  test('is one chain for each tenant, through units of one batch, batches and processes', async () => {
    const [tenant, other] = [await world.addTenant(), await world.addTenant()]
    const [first, second] = [open(), open()]
    const receipts = [
      ...(await act(first, tenant, ['a', 'b'])),
      ...(await Promise.all([act(first, tenant, ['c']), act(first, tenant, ['d'])])).flat(),
      ...(await act(second, tenant, ['e'])),
      ...(await act(first, tenant, ['f'])),
    ]
    await act(first, other, ['x'])
    const rows = await chainOf(tenant)
    assertChained(rows)
    assertChained(await chainOf(other))
    assert.deepEqual(
      receipts,
      rows.map(([position, , hash]) => ({ position: Number(position), hash })),
    )
    await Promise.all([first.drain(), second.drain()])
  })

  test('goes on where the owner records an act in a transaction of his own, and with nothing where it fails', async () => {
    const tenant = await world.addTenant()
    const commit = open()
    await act(commit, tenant, ['a'])
    const asOwner = (end: 'commit' | 'rollback'): Promise<Receipt> =>
      withOwner(world.database.adminUrl, async (owner) => {
        await owner.query('begin')
        const receipt = await appendActAsOwner(owner, tenant, actOf('key.created'))
        const next = await appendActAsOwner(owner, tenant, actOf('key.revoked'))
        assert.equal(next.position, receipt.position + 1)
        await owner.query(end)
        return receipt
      })
    assert.equal((await asOwner('rollback')).position, 2)
    const batches = async () => (await world.ask(tenant, 'select batch from database.heads'))[0]?.[0]
    const before = await batches()
    assert.equal((await asOwner('commit')).position, 2)
    // By that number every process sees that what it keeps in memory is old.
    assert.equal(await batches(), (before as bigint) + 2n)
    assert.equal((await act(commit, tenant, ['b']))[0]?.position, 4)
    assertChained(await chainOf(tenant))
    await commit.drain()
  })

  test('has a setting that was changed once, whoever starts with it, and says what it was', async () => {
    const tenant = await world.addTenant()
    const start = (fee: number): Promise<Receipt | null> =>
      withOwner(world.database.adminUrl, async (owner) => {
        await owner.query('begin')
        const { before, ...act } = actOf('settings.changed')
        const receipt = await appendChangeAsOwner(owner, tenant, { ...act, after: { fee } })
        await owner.query('commit')
        return receipt
      })
    const both = await Promise.all([start(1), start(1)])
    assert.equal(both.filter((receipt) => receipt !== null).length, 1)
    assert.equal(await start(1), null)
    assert.equal((await start(2))?.position, 2)
    const [, second] = await chainOf(tenant)
    const { before, after } = JSON.parse(second?.[3] ?? '')
    assert.deepEqual([before, after], [{ fee: 1 }, { fee: 2 }])
  })

  test('cannot be changed by the app’s role', async () => {
    const tenant = await world.addTenant()
    const commit = open()
    await act(commit, tenant, ['a'])
    for (const sql of [
      `update audit.entries set action = 'b'`,
      'delete from audit.entries',
      'truncate audit.entries',
      'delete from audit.heads',
    ])
      await assert.rejects(world.ask(tenant, sql), /permission denied/, sql)
    await commit.drain()
  })
})
