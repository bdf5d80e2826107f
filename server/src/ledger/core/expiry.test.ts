import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Desk, id, secondPhase, transfer } from '../../../test/support/commands.ts'
import { expire } from './resolve.ts'

const HOLD = id(100)

const seconds = (count: number): bigint => BigInt(count) * 1_000_000n

describe('an expiry', () => {
  const held = (): Desk => {
    const desk = new Desk()
    desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) })
    desk.move(transfer({ id: HOLD, amount: 10n, timeoutS: 5, flags: ['pending', 'closing_debit'] }))
    return desk
  }

  test('happens when its time has come and not a microsecond earlier, and only once', () => {
    const desk = held()
    desk.books.now += seconds(5) - 1n
    assert.equal(expire(desk.books, HOLD), false)
    desk.books.now += 1n
    assert.equal(expire(desk.books, HOLD), true)
    assert.equal(expire(desk.books, HOLD), false)
  })

  test('gives back what was held, opens what was closed, and takes a number and a line of its own', () => {
    const desk = held()
    desk.books.now += seconds(5)
    expire(desk.books, HOLD)
    assert.deepEqual(desk.balances(id(1)), [0n, 0n, 0n, 0n])
    assert.equal(desk.books.account(id(1))?.closed, false)
    const line = desk.books.transfers.get(`expiry of ${HOLD}`)
    assert.deepEqual(
      [
        line?.id,
        line?.pendingId,
        line?.sequence,
        line?.amount,
        line?.released,
        line?.flags,
        line?.timeMicros,
      ],
      [null, HOLD, 2n, 10n, 10n, 0, desk.books.now],
    )
    assert.deepEqual(desk.books.hold(HOLD)?.resolvedBy, 2n)
    assert.equal(desk.books.nextSequence(), 3n)
  })

  test('does nothing to what was posted, is no hold, or has no time-out', () => {
    const desk = held()
    desk.open({ id: id(3) })
    const timed = { debit: id(3), flags: ['pending'], timeoutS: 5 } as const
    desk.move(
      transfer({ id: id(11), ...timed }),
      transfer({ id: id(12), ...timed }),
      transfer({ id: id(13), debit: id(3), flags: ['pending'] }),
      transfer({ id: id(14), debit: id(3) }),
      secondPhase('post', { id: id(15), pendingId: id(11) }),
      secondPhase('void', { id: id(16), pendingId: id(12) }),
    )
    desk.books.now += seconds(1_000_000)
    for (const number of [11, 12, 13, 14, 15, 999]) assert.equal(expire(desk.books, id(number)), false)
    assert.equal(expire(desk.books, HOLD), true)
  })

  test('stands on the time line of transfers: what is imported after it must be later', () => {
    const desk = held()
    desk.books.now += seconds(5)
    expire(desk.books, HOLD)
    const at = desk.books.now
    desk.books.now += 10n
    const imported = (timeMicros: bigint) => transfer({ id: id(300), timeMicros, flags: ['imported'] })
    assert.deepEqual(desk.move(imported(at)), ['imported_event_timestamp_must_not_regress'])
    assert.deepEqual(desk.move(imported(at + 1n)), ['created'])
  })
})
