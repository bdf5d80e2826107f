import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { account, id, secondPhase, transfer } from '../../../test/support/commands.ts'
import { openPotsDatabase, type PotsDatabase } from '../../../test/support/pots-database.ts'
import type { Reply, TenantId } from '../../kit/index.ts'
import type { TransferCommand } from '../core/index.ts'
import { writeLedger } from '../store/writer.ts'
import { createAccountsUnit, createTransfersUnit, type MadeTransfers, type Request } from '../units.ts'
import { transferReply } from './replies.ts'

let world: PotsDatabase
before(async () => {
  world = await openPotsDatabase()
})
after(() => world.close())

const requestOf = <Made>(tenant: TenantId, reply: Request<Made>['reply']): Request<Made> => ({
  tenant,
  bytes: 0,
  deadlineMs: Number.MAX_SAFE_INTEGER,
  claim: null,
  reply,
})

/** Sends one transfer as its route does, through a process that has nothing in memory. */
const send = async (tenant: TenantId, command: TransferCommand): Promise<Reply> => {
  const commit = world.commit({ writers: [writeLedger] })
  const request = requestOf(tenant, (made: MadeTransfers) => transferReply(made, command.id, false))
  const outcome = await commit.submit(createTransfersUnit(request, [command]))
  assert.ok(outcome.kind === 'decided' && outcome.reply !== null)
  return outcome.reply
}

const opened = async (): Promise<TenantId> => {
  const tenant = await world.addTenant()
  const accounts = [account({ id: id(1), currency: 'EUR' }), account({ id: id(2) })]
  await world.commit({ writers: [writeLedger] }).submit(createAccountsUnit(requestOf(tenant, null), accounts))
  return tenant
}

describe('the answer to a transfer whose id is known', () => {
  test('shows the transfer and its hold when it is the same one', async () => {
    const tenant = await opened()
    const hold = transfer({ id: id(10), flags: ['pending'], timeoutS: 60 })
    assert.equal((await send(tenant, hold)).status, 200)
    const again = await send(tenant, hold)
    assert.equal(again.status, 200)
    assert.equal(JSON.parse(again.body).hold.state, 'pending')
  })

  test('names the difference, also when what is known is a hold and what is asked for is none', async () => {
    const tenant = await opened()
    await send(tenant, transfer({ id: id(10), flags: ['pending'] }))
    const other = await send(tenant, transfer({ id: id(10) }))
    assert.deepEqual([other.status, other.code], [400, 'exists_with_different_flags'])
    const post = await send(tenant, secondPhase('post', { id: id(10), pendingId: id(11) }))
    assert.deepEqual([post.status, post.code], [400, 'exists_with_different_flags'])
  })
})
