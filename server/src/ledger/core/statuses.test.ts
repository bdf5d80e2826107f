import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as model from '../../../test/model/statuses.ts'
import {
  ACCOUNT_FLAGS,
  accountFlagBits,
  accountFlagNames,
  TRANSFER_FLAGS,
  transferFlagBits,
  transferFlagNames,
} from './flags.ts'
import { ACCOUNT_STATUSES, burns, TRANSFER_STATUSES, type TransferStatus } from './statuses.ts'

describe('the closed lists of answers', () => {
  test('stand in the reference model’s order, with one more for a ledger that has no currency yet', () => {
    const accounts = Object.keys(ACCOUNT_STATUSES).filter((status) => status !== 'ledger_currency_missing')
    assert.deepEqual(['created', ...accounts], model.ACCOUNT_STATUSES)
    assert.deepEqual(['created', ...Object.keys(TRANSFER_STATUSES)], model.TRANSFER_STATUSES)
  })

  test('exactly seven answers burn an id, and those are the model’s', () => {
    const burning = (Object.keys(TRANSFER_STATUSES) as TransferStatus[]).filter(burns)
    assert.deepEqual(new Set(burning), model.BURNING)
    assert.equal(burning.length, 7)
    assert.equal(burns('created'), false)
  })

  test('every answer has a sentence for people', () => {
    for (const [status, entry] of [
      ...Object.entries(ACCOUNT_STATUSES),
      ...Object.entries(TRANSFER_STATUSES),
    ]) {
      assert.match(entry.message, /^[A-Z`].*\.$/, status)
    }
  })
})

describe('flags', () => {
  test('each is a bit of its own, and names and bits are each other’s inverse', () => {
    for (const table of [ACCOUNT_FLAGS, TRANSFER_FLAGS]) {
      const bits = Object.values(table)
      assert.equal(
        bits.reduce<number>((sum, bit) => sum | bit, 0),
        2 ** bits.length - 1,
      )
    }
    const all = (2 ** 9 - 1) as number
    for (let bits = 0; bits <= all; bits++) assert.equal(transferFlagBits(transferFlagNames(bits)), bits)
    for (let bits = 0; bits < 64; bits++) assert.equal(accountFlagBits(accountFlagNames(bits)), bits)
  })

  test('a name may come twice, and an unknown one is no flag, not even one that every object has', () => {
    assert.equal(transferFlagBits(['pending', 'pending']), TRANSFER_FLAGS.pending)
    for (const name of ['', 'Pending', 'toString', '__proto__', 'closed'])
      assert.equal(transferFlagBits([name]), null, name)
  })
})
