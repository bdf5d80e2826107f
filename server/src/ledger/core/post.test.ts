import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Desk, id, NOW, secondPhase, transfer } from '../../../test/support/commands.ts'
import { type Day, dayOf } from '../../kit/index.ts'

const TODAY = dayOf(NOW, 'UTC')

const world = (): Desk => {
  const desk = new Desk()
  desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) })
  return desk
}

let number = 100
const pay = (desk: Desk, amount: bigint, bookDay: Day | null): void => {
  number++
  assert.deepEqual(desk.move(transfer({ id: id(number), amount, bookDay })), ['created'])
}

/** What the totals and the account say about a day: the totals for days that are over, the rest for the newest. */
const debitsOn = (desk: Desk, day: Day): bigint => {
  const account = desk.books.account(id(1))
  assert.ok(account)
  if (day === account.bookDay) return account.debitsPosted - account.dailyDebits
  return desk.books.days.get(`${id(1)} ${day}`)?.debits ?? 0n
}

describe('book days', () => {
  test('an account begins on the day it was opened, and usual postings write no total', () => {
    const desk = world()
    pay(desk, 5n, null)
    pay(desk, 6n, TODAY)
    assert.equal(desk.books.account(id(1))?.bookDay, TODAY)
    assert.equal(desk.books.days.size, 0)
    assert.equal(debitsOn(desk, TODAY), 11n)
  })

  test('a posting on a later day moves what the day before had to the totals, once for each side', () => {
    const desk = world()
    pay(desk, 5n, TODAY)
    pay(desk, 6n, TODAY + 1)
    pay(desk, 7n, TODAY + 1)
    assert.deepEqual(
      [...desk.books.days],
      [
        [`${id(1)} ${TODAY}`, { debits: 5n, credits: 0n }],
        [`${id(2)} ${TODAY}`, { debits: 0n, credits: 5n }],
      ],
    )
    assert.equal(debitsOn(desk, TODAY + 1), 13n)
    pay(desk, 1n, TODAY + 9)
    assert.deepEqual(
      [TODAY, TODAY + 1, TODAY + 2, TODAY + 9].map((day) => debitsOn(desk, day)),
      [5n, 13n, 0n, 1n],
    )
  })

  test('a posting into an earlier day goes to its total at once, before the account’s first day as well', () => {
    const desk = world()
    pay(desk, 5n, TODAY)
    pay(desk, 6n, TODAY - 400)
    pay(desk, 7n, TODAY - 400)
    assert.equal(desk.books.account(id(1))?.bookDay, TODAY)
    assert.deepEqual(
      [TODAY - 400, TODAY].map((day) => debitsOn(desk, day)),
      [13n, 5n],
    )
    pay(desk, 1n, TODAY + 1)
    assert.deepEqual(
      [TODAY - 400, TODAY, TODAY + 1].map((day) => debitsOn(desk, day)),
      [13n, 5n, 1n],
    )
  })

  test('a first posting in the future leaves no total behind for days without any', () => {
    const desk = world()
    pay(desk, 5n, TODAY + 3)
    assert.equal(desk.books.days.size, 0)
    assert.equal(debitsOn(desk, TODAY + 3), 5n)
  })

  test('what is held has no book day; the post has its own', () => {
    const desk = world()
    const hold = transfer({ id: id(50), amount: 9n, bookDay: TODAY - 5, flags: ['pending'] })
    assert.deepEqual(desk.move(hold), ['created'])
    assert.equal(desk.books.days.size, 0)
    assert.equal(desk.books.account(id(1))?.bookDay, TODAY)
    assert.deepEqual(
      desk.move(secondPhase('post', { id: id(51), pendingId: id(50), amount: 4n, bookDay: TODAY - 2 })),
      ['created'],
    )
    assert.equal(debitsOn(desk, TODAY - 2), 4n)
    assert.equal(debitsOn(desk, TODAY - 5), 0n)
  })

  test('a void posts nothing on any day', () => {
    const desk = world()
    pay(desk, 5n, TODAY)
    desk.move(transfer({ id: id(50), flags: ['pending'] }))
    desk.move(secondPhase('void', { id: id(51), pendingId: id(50), bookDay: TODAY + 4 }))
    assert.equal(desk.books.account(id(1))?.bookDay, TODAY)
    assert.equal(desk.books.days.size, 0)
  })

  test('a chain that is undone takes its totals back', () => {
    const desk = world()
    pay(desk, 5n, TODAY)
    const linked = ['linked'] as const
    desk.move(
      transfer({ id: id(60), bookDay: TODAY - 1, flags: linked }),
      transfer({ id: id(61), bookDay: TODAY + 1, flags: linked }),
      transfer({ id: id(62), code: 0 }),
    )
    assert.equal(desk.books.days.size, 0)
    assert.equal(debitsOn(desk, TODAY), 5n)
  })
})

describe('a transfer’s own record', () => {
  test('dates that are left out are the day of recording; a value date follows the book date', () => {
    const desk = world()
    pay(desk, 5n, null)
    const days = (uuid: ReturnType<typeof id>) => {
      const row = desk.books.transfer(uuid)
      return [row?.bookDay, row?.valueDay]
    }
    assert.deepEqual(days(id(number)), [TODAY, TODAY])
    pay(desk, 5n, TODAY - 9)
    assert.deepEqual(days(id(number)), [TODAY - 9, TODAY - 9])
    desk.move(transfer({ id: id(70), bookDay: TODAY - 9, valueDay: TODAY + 9 }))
    assert.deepEqual(days(id(70)), [TODAY - 9, TODAY + 9])
  })

  test('carries the balances of both accounts after it', () => {
    const desk = world()
    desk.move(transfer({ id: id(71), amount: 5n }), transfer({ id: id(72), amount: 2n, flags: ['pending'] }))
    const row = desk.books.transfer(id(72))
    assert.deepEqual(row?.debitAfter, {
      debitsPending: 2n,
      debitsPosted: 5n,
      creditsPending: 0n,
      creditsPosted: 0n,
    })
    assert.deepEqual(row?.creditAfter, {
      debitsPending: 0n,
      debitsPosted: 0n,
      creditsPending: 2n,
      creditsPosted: 5n,
    })
  })

  test('transfers of one request have times and numbers that rise by one', () => {
    const desk = world()
    desk.move(transfer({ id: id(71) }), transfer({ id: id(72) }), transfer({ id: id(73) }))
    const rows = [71, 72, 73].map((uuid) => desk.books.transfer(id(uuid)))
    assert.deepEqual(
      rows.map((row) => row?.sequence),
      [1n, 2n, 3n],
    )
    assert.deepEqual(
      rows.map((row) => (row?.timeMicros ?? 0n) - desk.books.now),
      [0n, 1n, 2n],
    )
  })

  test('a hold expires its time-out after it was recorded, and never without one', () => {
    const desk = world()
    desk.move(
      transfer({ id: id(71), flags: ['pending'], timeoutS: 7 }),
      transfer({ id: id(72), flags: ['pending'] }),
    )
    assert.equal(
      desk.books.hold(id(71))?.expiresMicros,
      (desk.books.transfer(id(71))?.timeMicros ?? 0n) + 7_000_000n,
    )
    assert.equal(desk.books.hold(id(72))?.expiresMicros, null)
  })
})
