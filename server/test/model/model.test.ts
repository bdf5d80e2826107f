import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_AMOUNT } from './command.ts'
import { topic } from './journal.ts'
import { afterEveryStep } from './play.ts'
import { foldLife } from './statement.ts'

/** What must be true of any ledger's books, asked of the model after every step of generated histories. */

test('in every ledger debits equal credits, posted and pending', () => {
  afterEveryStep(({ model }) => {
    for (const totals of model.ledgerTotals().values()) {
      assert.equal(totals.debitsPosted, totals.creditsPosted)
      assert.equal(totals.debitsPending, totals.creditsPending)
    }
  })
})

test('the pending balances of an account are the sum of its open holds', () => {
  afterEveryStep(({ model }) => {
    const open = [...model.transfers().values()].filter(
      (transfer) => transfer.flags.includes('pending') && model.fate(transfer.id) === 'pending',
    )
    for (const id of model.accounts().keys()) {
      const sum = (side: 'debit' | 'credit'): bigint =>
        open.filter((hold) => hold[side] === id).reduce((total, hold) => total + hold.amount, 0n)
      assert.equal(model.balances(id)?.debitsPending, sum('debit'))
      assert.equal(model.balances(id)?.creditsPending, sum('credit'))
    }
  })
})

test('no balance is below zero, and neither side of an account exceeds the largest amount', () => {
  afterEveryStep(({ model }) => {
    for (const id of model.accounts().keys()) {
      const balances = model.balances(id)
      assert.ok(balances !== null)
      const { debitsPending, debitsPosted, creditsPending, creditsPosted } = balances
      for (const one of [debitsPending, debitsPosted, creditsPending, creditsPosted]) assert.ok(one >= 0n)
      assert.ok(debitsPending + debitsPosted <= MAX_AMOUNT)
      assert.ok(creditsPending + creditsPosted <= MAX_AMOUNT)
    }
  })
})

test('the limits of accounts hold, also with everything pending counted against them', () => {
  afterEveryStep(({ model }) => {
    for (const [id, { flags }] of model.accounts()) {
      const balances = model.balances(id)
      assert.ok(balances !== null)
      const { debitsPending, debitsPosted, creditsPending, creditsPosted } = balances
      if (flags.includes('debits_must_not_exceed_credits'))
        assert.ok(debitsPending + debitsPosted <= creditsPosted)
      if (flags.includes('credits_must_not_exceed_debits'))
        assert.ok(creditsPending + creditsPosted <= debitsPosted)
    }
  })
})

test('an account is closed if it was opened so or has an open hold that closes it', () => {
  afterEveryStep(({ model }) => {
    const closers = [...model.transfers().values()].filter((one) => model.fate(one.id) === 'pending')
    for (const [id, { flags }] of model.accounts()) {
      const byHold = closers.some(
        (hold) =>
          (hold.debit === id && hold.flags.includes('closing_debit')) ||
          (hold.credit === id && hold.flags.includes('closing_credit')),
      )
      assert.equal(model.balances(id)?.closed, flags.includes('closed') || byHold)
    }
  })
})

test('every line of a statement follows from the one before, however it is folded', () => {
  afterEveryStep(({ model }) => {
    for (const id of model.accounts().keys()) {
      const lines = foldLife(model.journal.on(topic.life(id)), id)
      assert.deepEqual(model.balances(id), lines.at(-1)?.after)
      assert.deepEqual(
        model.entries(id).map((entry) => entry.after),
        lines.slice(1).map((line) => line.after),
      )
    }
  })
})

test('a history is the statement without expiries, for accounts flagged history alone', () => {
  afterEveryStep(({ model }) => {
    for (const [id, { flags }] of model.accounts()) {
      const transfers = model.entries(id).filter((entry) => entry.kind === 'transfer')
      const expected = flags.includes('history') ? transfers.map((entry) => entry.after) : []
      assert.deepEqual(model.history(id), expected)
    }
  })
})
