import type { ClientBase } from 'pg'
import { askRows, copyRows } from '../../database/index.ts'
import type { Micros, TenantId } from '../../kit/index.ts'
import { ACCOUNT_FLAGS } from '../core/index.ts'
import { ACCOUNT_ROWS, Accounts } from './accounts.ts'
import type { Sheets } from './sheets.ts'
import { idAt, showAccount } from './shown.ts'

const AT = ACCOUNT_ROWS.at

/** The accounts before their first transfer, and the newest of their times: of all, and of those not imported. */
export type LoadedAccounts = {
  readonly accounts: Accounts
  readonly newestMicros: Micros
  readonly ownMicros: Micros
}

/** Reads the accounts in the order of their times, which also numbers them. */
export const loadAccounts = async (
  client: ClientBase,
  options: { readonly tenant: TenantId; readonly sheets: Sheets; readonly seed: number },
): Promise<LoadedAccounts> => {
  const { tenant, sheets } = options
  const ledgers = await askRows<{ number: number }>(
    client,
    'select number from ledger.ledgers where tenant = $1',
    [tenant],
  )
  const known = new Set(ledgers.map(({ number }) => number))
  const counted = await askRows<{ count: bigint }>(
    client,
    'select count(*) from ledger.accounts where tenant = $1',
    [tenant],
  )
  const accounts = new Accounts(options.seed, Number(counted[0]?.count ?? 0n))
  let newestMicros = 0n
  let ownMicros = 0n
  const rows = await copyRows(
    client,
    ACCOUNT_ROWS,
    `from ledger.accounts where tenant = ${tenant} order by time_micros`,
    (view, at) => {
      const account = accounts.add(view, at)
      const opened = view.getBigInt64(at + AT.opened)
      const ledger = view.getInt32(at + AT.ledger)
      const shown = () => ({ account: showAccount(idAt(view, at + AT.id)) })
      if (account < 0) sheets.ids.find(tenant, 'two accounts have one id', shown())
      if (!known.has(ledger))
        sheets.accounts.find(tenant, 'the ledger of an account does not exist', { ...shown(), ledger })
      if (opened <= newestMicros)
        sheets.sequence.find(tenant, 'two accounts stand at one time', { ...shown(), time: opened })
      newestMicros = opened
      if ((view.getInt32(at + AT.flags) & ACCOUNT_FLAGS.imported) === 0) ownMicros = opened
    },
  )
  sheets.accounts.rows += rows
  return { accounts, newestMicros, ownMicros }
}
