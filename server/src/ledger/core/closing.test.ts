import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { account, transfer } from '../../../test/model/samples.ts'
import { toAccount, toTransfer } from '../../../test/support/ledger-subjects.ts'
import { MemoryBooks } from '../../../test/support/memory-books.ts'
import { type Day, dayOf, type Micros, type Uuid } from '../../kit/index.ts'
import { createAccounts } from './accounts.ts'
import {
  type Closed,
  type Closing,
  closedThrough,
  decideClose,
  decideReopen,
  NOTHING_CLOSED,
  sealed,
} from './closing.ts'
import { createTransfers } from './transfers.ts'

const TODAY: Day = 100

const closing = (
  number: number,
  after: Day | null,
  through: Day,
  digest: string | null = 'digest',
): Closing => ({
  number,
  id: `00000000-0000-4000-8000-00000000000${number}` as Uuid,
  after,
  through,
  createdMicros: 1n,
  digest,
  entries: digest === null ? null : 2n,
  form: 1,
  reopenedMicros: null,
  reopenedReason: null,
})

const closed = (...standing: readonly Closing[]): Closed => ({ count: standing.length, standing })
const TWO = closed(closing(1, null, 30), closing(2, 30, 60))

describe('closing through a day', () => {
  const rows: readonly (readonly [string, Closed, Day, string])[] = [
    ['yesterday of books that were never closed', NOTHING_CLOSED, TODAY - 1, 'closes 1 after null'],
    ['today', NOTHING_CLOSED, TODAY, 'closing_date_not_over'],
    ['tomorrow', NOTHING_CLOSED, TODAY + 1, 'closing_date_not_over'],
    ['the day after the newest closing', TWO, 61, 'closes 3 after 60'],
    ['the newest closing’s own day', TWO, 60, 'period_already_closed'],
    ['a day between two closings', TWO, 45, 'period_already_closed'],
    [
      'today, though later ones were closed',
      closed(closing(1, null, TODAY + 9)),
      TODAY,
      'closing_date_not_over',
    ],
    ['the day of one that is not added up yet', closed(closing(1, null, 60, null)), 60, 'again 1'],
    [
      'a day before one that is not added up yet',
      closed(closing(1, null, 60, null)),
      59,
      'period_already_closed',
    ],
    ['after some were reopened', { count: 7, standing: [closing(1, null, 30)] }, 60, 'closes 8 after 30'],
  ]
  for (const [what, state, through, expected] of rows)
    test(`${what}: ${expected}`, () => {
      const decided = decideClose(state, { through, today: TODAY })
      const said = {
        refused: () => (decided.kind === 'refused' ? decided.reason : ''),
        again: () => (decided.kind === 'again' ? `again ${decided.closing.number}` : ''),
        closes: () => (decided.kind === 'closes' ? `closes ${decided.number} after ${decided.after}` : ''),
      }
      assert.equal(said[decided.kind](), expected)
    })
})

describe('reopening the period of a day', () => {
  const rows: readonly (readonly [string, Closed, Day, string])[] = [
    ['of books that were never closed', NOTHING_CLOSED, 10, 'nothing_closed'],
    ['after the last closed day', TWO, 61, 'date_not_closed'],
    ['the last closed day', TWO, 60, 'opens 2, closed through 30'],
    ['the first day of the second period', TWO, 31, 'opens 2, closed through 30'],
    ['the last day of the first period, which opens both', TWO, 30, 'opens 1 2, closed through null'],
    ['long ago', TWO, 0, 'opens 1 2, closed through null'],
  ]
  for (const [what, state, day, expected] of rows)
    test(`${what}: ${expected}`, () => {
      const decided = decideReopen(state, day)
      if (decided.kind === 'refused') return assert.equal(decided.reason, expected)
      const through = closedThrough({ count: state.count, standing: decided.standing })
      const numbers = decided.reopened.map(({ number }) => number).join(' ')
      assert.equal(`opens ${numbers}, closed through ${through}`, expected)
    })
})

describe('what a period adds up to', () => {
  const figures = { digest: 'found', entries: 8n }

  test('is recorded once, and only while the closing stands', () => {
    const open = closed(closing(1, null, 30), closing(2, 30, 60, null))
    const done = sealed(open, 2, figures)
    assert.deepEqual([done?.closing.digest, done?.closing.entries], ['found', 8n])
    assert.equal(done?.closed.standing[1]?.digest, 'found')
    assert.equal(sealed(TWO, 2, figures)?.closing.digest, 'digest')
    assert.equal(sealed(TWO, 2, figures)?.closed, TWO)
    assert.equal(sealed(TWO, 3, figures), undefined)
  })
})

describe('the commit', () => {
  const NOW: Micros = 1_767_225_600_000_000n
  const day = dayOf(NOW, 'UTC')

  const books = (through: Day | null): MemoryBooks => {
    const made = new MemoryBooks(NOW)
    createAccounts(made, [account(1, { currency: 'EUR' }), account(2)].map(toAccount))
    made.closed = through
    return made
  }

  test('refuses by the day that a transfer names, and never by the day on which it is recorded', () => {
    const made = books(day - 1)
    const statuses = createTransfers(made, [
      { ...toTransfer(transfer(10)), bookDay: day - 1 },
      { ...toTransfer(transfer(11)), bookDay: day - 400 },
      { ...toTransfer(transfer(12)), bookDay: day },
      { ...toTransfer(transfer(13)), valueDay: day - 1 },
      toTransfer(transfer(14)),
    ])
    assert.deepEqual(statuses, [
      'book_date_in_closed_period',
      'book_date_in_closed_period',
      'created',
      'created',
      'created',
    ])
  })

  test('says so after what is wrong with the transfer itself, and before what is wrong with its accounts', () => {
    const made = books(day - 1)
    const late = { ...toTransfer(transfer(10)), bookDay: day - 1 }
    assert.deepEqual(createTransfers(made, [{ ...late, currency: 'USD' }]), [
      'transfer_must_have_the_same_currency_as_accounts',
    ])
    const one = made.account(late.debit)
    if (one !== undefined) made.putAccount({ ...one, closed: true })
    assert.deepEqual(createTransfers(made, [late]), ['book_date_in_closed_period'])
    assert.equal(
      made.burnt(late.id),
      undefined,
      'what may pass when the period is reopened does not burn the id',
    )
  })

  test('answers a repeat of what was booked before the closing as ever', () => {
    const made = books(null)
    const early = { ...toTransfer(transfer(10)), bookDay: day - 1 }
    assert.deepEqual(createTransfers(made, [early]), ['created'])
    made.closed = day - 1
    assert.deepEqual(createTransfers(made, [early]), ['exists'])
  })
})
