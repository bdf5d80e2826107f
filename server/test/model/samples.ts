import { idOf } from '../vectors/mapping.ts'
import { type AccountCommand, type TransferCommand, ZERO_ID } from './command.ts'
import { createModel } from './model.ts'

/** Plain commands for tests to vary. */

export const account = (id: number, more: Partial<AccountCommand> = {}): AccountCommand => ({
  id: idOf(id),
  ledger: 1,
  code: 1,
  flags: [],
  userData: 0n,
  timeMicros: 0n,
  currency: null,
  reference: null,
  ...more,
})

export const transfer = (id: number, more: Partial<TransferCommand> = {}): TransferCommand => ({
  id: idOf(id),
  debit: idOf(1),
  credit: idOf(2),
  amount: 5n,
  pendingId: ZERO_ID,
  ledger: 1,
  code: 1,
  flags: [],
  timeoutS: 0,
  userData: 0n,
  timeMicros: 0n,
  currency: null,
  externalReference: null,
  bookDate: null,
  valueDate: null,
  ...more,
})

/** A post of the whole hold, unless told otherwise. */
export const settlement = (id: number, hold: number, more: Partial<TransferCommand> = {}): TransferCommand =>
  transfer(id, {
    debit: ZERO_ID,
    credit: ZERO_ID,
    amount: 'max',
    pendingId: idOf(hold),
    ledger: 0,
    code: 0,
    flags: ['post_pending_transfer'],
    ...more,
  })

/** Accounts 1, 2 and 3 in ledger 1, which is in euros; the first has the reference “one”. */
export const opened = () => {
  const model = createModel()
  model.createAccounts([account(1, { currency: 'EUR', reference: 'one' }), account(2), account(3)])
  return model
}

/** A line of a table of answers. */
export type Row<Command> = readonly [expected: string, command: Command]
