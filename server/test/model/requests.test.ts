import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chainsOf } from './batch.ts'
import type { TransferCommand } from './command.ts'
import type { HistoryStep } from './histories.ts'
import { afterEveryStep, pictureOf } from './play.ts'
import { BURNING, TRANSFER_STATUSES } from './statuses.ts'

/** What must be true of any ledger's answers to a request, asked of the model over generated histories. */

test('a chain happens as a whole or not at all', () => {
  afterEveryStep(({ step, statuses }) => {
    if (!('commands' in step)) return
    let place = 0
    for (const { members } of chainsOf<(typeof step.commands)[number]>(step.commands)) {
      const answers = statuses.slice(place, place + members.length)
      const created = answers.filter((status) => status === 'created').length
      assert.ok(created === 0 || created === members.length, answers.join(' '))
      place += members.length
    }
  })
})

test('what was created stays as it was, and only what is answered created is new', () => {
  afterEveryStep(({ model, step, statuses, before }) => {
    for (const [id, transfer] of before.transfers) assert.deepEqual(model.transfer(id), transfer)
    for (const [id, fate] of before.fates) if (fate !== 'pending') assert.equal(model.fate(id), fate)
    const created = statuses.filter((status) => status === 'created').length
    const grown = (size: number, kind: HistoryStep['kind']) => size + (step.kind === kind ? created : 0)
    assert.equal(model.transfers().size, grown(before.transfers.size, 'create_transfers'))
    assert.equal(model.accounts().size, grown(before.accounts.size, 'create_accounts'))
  })
})

test('a request without anything created changes no balance', () => {
  afterEveryStep(({ model, step, statuses, before }) => {
    if (!('commands' in step) || statuses.includes('created')) return
    assert.deepEqual(pictureOf(model), before)
  })
})

test('the clock alone moves no posted balance', () => {
  afterEveryStep(({ model, step, before }) => {
    if (step.kind !== 'advance') return
    for (const [id, balances] of before.accounts) {
      assert.equal(model.balances(id)?.debitsPosted, balances?.debitsPosted)
      assert.equal(model.balances(id)?.creditsPosted, balances?.creditsPosted)
    }
  })
})

test('a closing changes nothing that stands, and is never taken back', () => {
  afterEveryStep(({ model, step, before }) => {
    const { closedThrough, ...rest } = pictureOf(model)
    if (step.kind !== 'close') return assert.equal(closedThrough, before.closedThrough)
    const { closedThrough: closedBefore, ...restBefore } = before
    assert.deepEqual(rest, restBefore)
    assert.equal(closedThrough, [closedBefore ?? '', step.through].sort().at(-1))
  })
})

test('nothing is booked on a day that is closed', () => {
  afterEveryStep(({ model, before }) => {
    const closed = model.closedThrough()
    for (const [id, { bookDate }] of model.transfers())
      assert.ok(closed === null || before.transfers.has(id) || bookDate > closed, `${id} on ${bookDate}`)
  })
})

const isAlone = (commands: readonly TransferCommand[], place: number): boolean =>
  !commands[place]?.flags.includes('linked') && !commands[place - 1]?.flags.includes('linked')

test('a request that is sent again at once creates nothing a second time', () => {
  afterEveryStep(({ model, step, statuses }) => {
    if (step.kind !== 'create_transfers') return
    const size = model.transfers().size
    const again = model.createTransfers(step.commands)
    for (const [place, status] of statuses.entries()) {
      if (status !== 'created') continue
      assert.notEqual(again[place], 'created')
      if (isAlone(step.commands, place)) assert.equal(again[place], 'exists')
    }
    // An overflow leaves its id free, and what was in its way may be gone by the end of the same request.
    if (statuses.some((status) => status.startsWith('overflows_'))) return
    assert.equal(model.transfers().size, size)
  })
})

test('exactly the seven refusals burn an id, and a burnt id never gets past the look at the id', () => {
  const laterThanBurnt = new Set<string>(
    TRANSFER_STATUSES.slice(TRANSFER_STATUSES.indexOf('id_already_failed') + 1),
  )
  assert.equal(BURNING.size, 7)
  afterEveryStep(({ model, step, statuses, before }) => {
    if (step.kind !== 'create_transfers') return
    const burntBefore = new Set<string>()
    for (const [place, { id }] of step.commands.entries()) {
      const status = statuses[place] ?? ''
      assert.equal(BURNING.has(status) && !model.isBurnt(id), false)
      if (burntBefore.has(id))
        assert.ok(!laterThanBurnt.has(status) && status !== 'created', `${id} ${status}`)
      if (BURNING.has(status)) burntBefore.add(id)
      if (before.transfers.has(id)) assert.ok(!model.isBurnt(id))
    }
  })
})
