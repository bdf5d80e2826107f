import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MICROS_PER_SECOND, showDay } from '../../src/kit/index.ts'
import { createAccounts, createTransfers, expire } from '../../src/ledger/core/index.ts'
import { type HistoryStep, histories } from '../model/histories.ts'
import { createModel, type Model } from '../model/model.ts'
import { NOW } from '../support/commands.ts'
import { toAccount, toDay, toTransfer } from '../support/ledger-subjects.ts'
import { MemoryBooks } from '../support/memory-books.ts'
import { audit, statementOf } from './audit.ts'
import { runs } from './size.ts'

/** In the order in which they fall due, as the timers bring them. */
const expireDue = (books: MemoryBooks): void => {
  const holds = [...books.holds.values()].filter(({ expiresMicros }) => expiresMicros !== null)
  holds.sort((one, other) => Number((one.expiresMicros ?? 0n) - (other.expiresMicros ?? 0n)))
  for (const { id } of holds) expire(books, id)
}

const playOn = (books: MemoryBooks, step: HistoryStep): readonly string[] => {
  if (step.kind === 'advance') {
    books.now += BigInt(step.seconds) * MICROS_PER_SECOND
    expireDue(books)
    return []
  }
  if (step.kind === 'close') {
    books.close(toDay(step.through))
    return []
  }
  books.now += 1_000n
  expireDue(books)
  return step.kind === 'create_accounts'
    ? createAccounts(books, step.commands.map(toAccount))
    : createTransfers(books, step.commands.map(toTransfer))
}

const playOnModel = (model: Model, step: HistoryStep): void => {
  if (step.kind === 'create_accounts') model.createAccounts(step.commands)
  else if (step.kind === 'create_transfers') model.createTransfers(step.commands)
  else if (step.kind === 'advance') model.advance(step.seconds)
  else model.closeBooks(step.through)
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner))

const pictureOf = (books: MemoryBooks): string =>
  show([
    books.closed,
    ...[books.ledgers, books.accounts, books.transfers, books.holds, books.days].map((map) => [...map]),
  ])

/** The statement as both can tell it: transfers and expiries, with the balances after each. */
const ourStatement = (books: MemoryBooks, account: Parameters<Model['entries']>[0]) =>
  statementOf(books, account).map((row) => {
    const { debitsPending, debitsPosted, creditsPending, creditsPosted } =
      row.debit === account ? row.debitAfter : row.creditAfter
    return [
      row.id === null ? 'expiry' : 'transfer',
      row.id ?? row.pendingId,
      debitsPending,
      debitsPosted,
      creditsPending,
      creditsPosted,
    ]
  })

const modelStatement = (model: Model, account: Parameters<Model['entries']>[0]) =>
  model
    .entries(account)
    .map(({ kind, transferId, after }) => [
      kind,
      transferId,
      after.debitsPending,
      after.debitsPosted,
      after.creditsPending,
      after.creditsPosted,
    ])

test('after every request debits are credits, statements fold to the balances, days add up, numbers have no gap', () => {
  fc.assert(
    fc.property(histories(), (history) => {
      const books = new MemoryBooks(NOW)
      for (const step of history) {
        playOn(books, step)
        assert.deepEqual(audit(books), [])
      }
    }),
    runs({ ci: 500, full: 20_000, seed: 20_260_302 }),
  )
})

test('every account’s statement, expiries among it, and every transfer’s dates are the reference model’s', () => {
  fc.assert(
    fc.property(histories(), (history) => {
      const books = new MemoryBooks(NOW)
      const model = createModel({ startMicros: NOW })
      for (const step of history) {
        playOn(books, step)
        playOnModel(model, step)
      }
      for (const id of books.accounts.keys())
        assert.deepEqual(ourStatement(books, id), modelStatement(model, id))
      for (const [id, { bookDate, valueDate }] of model.transfers()) {
        const row = books.transfer(id)
        assert.deepEqual([showDay(row?.bookDay ?? 0), showDay(row?.valueDay ?? 0)], [bookDate, valueDate])
      }
    }),
    runs({ ci: 500, full: 20_000, seed: 20_260_303 }),
  )
})

/**
 * Refusals that leave their id free although what was in the way may be gone by the end of the same request: an
 * overflow; and, in a chain that is undone, a post of more than a balancing hold could get.
 */
const mayPassLater = (step: HistoryStep, statuses: readonly string[]): boolean => {
  if (statuses.some((status) => status.startsWith('overflows_'))) return true
  const balances =
    step.kind === 'create_transfers' &&
    step.commands.some(({ flags }) => flags.includes('balancing_debit') || flags.includes('balancing_credit'))
  return balances && statuses.includes('exceeds_pending_transfer_amount')
}

test('a request that is sent again at once changes nothing', () => {
  fc.assert(
    fc.property(histories(), (history) => {
      const books = new MemoryBooks(NOW)
      for (const step of history) {
        const statuses = playOn(books, step)
        if (step.kind === 'advance' || mayPassLater(step, statuses)) continue
        const before = pictureOf(books)
        const again = playOn(books, step)
        assert.equal(pictureOf(books), before)
        for (const [place, status] of statuses.entries())
          if (status === 'created') assert.notEqual(again[place], 'created')
      }
    }),
    runs({ ci: 500, full: 20_000, seed: 20_260_304 }),
  )
})
