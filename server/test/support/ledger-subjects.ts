import { writeAudit } from '../../src/audit/index.ts'
import {
  type Commit,
  classifyError,
  connectionsOf,
  createCommit,
  createRead,
  openPools,
  type Pools,
  type Read,
  type Unit,
} from '../../src/database/index.ts'
import type { RequestContext } from '../../src/http/index.ts'
import {
  type Day,
  MICROS_PER_SECOND,
  type Micros,
  parseDay,
  type TenantId,
  UUID_ZERO,
  type Uuid,
} from '../../src/kit/index.ts'
import { closeUnit } from '../../src/ledger/closing/units.ts'
import { ACCOUNT_FLAGS, accountFlagBits, transferFlagBits } from '../../src/ledger/core/flags.ts'
import {
  type Account,
  AMOUNT_MAX,
  type Balances,
  createAccounts,
  createTransfers,
  expire,
  type AccountCommand as OurAccount,
  type TransferCommand as OurTransfer,
  type Transfer,
} from '../../src/ledger/core/index.ts'
import { EXPIRY_TIMER } from '../../src/ledger/draft-books.ts'
import { findAccount, findTransfer, listHistory } from '../../src/ledger/store/queries.ts'
import { readAccount, readTransfer } from '../../src/ledger/store/tables.ts'
import { writeLedger } from '../../src/ledger/store/writer.ts'
import { createAccountsUnit, createTransfersUnit, expireUnit, type Request } from '../../src/ledger/units.ts'
import type { AccountCommand, TransferCommand } from '../model/command.ts'
import type { AccountState, FourBalances, Subject, SubjectSource, TransferState } from '../vectors/subject.ts'
import { MemoryBooks } from './memory-books.ts'
import { addTenant, type TestDatabase, withDatabase } from './postgres.ts'

export const toAccount = (command: AccountCommand): OurAccount => ({
  ...command,
  flags: accountFlagBits(command.flags) ?? 0,
  metadata: null,
})

const dayOrNull = (text: string | null) => (text === null ? null : parseDay(text))

export const toDay = (text: string): Day => {
  const day = parseDay(text)
  if (day === null) throw new Error(`${text} is no day`)
  return day
}

export const toTransfer = (command: TransferCommand): OurTransfer => ({
  ...command,
  amount: command.amount === 'max' ? AMOUNT_MAX : command.amount,
  flags: transferFlagBits(command.flags) ?? 0,
  bookDay: dayOrNull(command.bookDate),
  valueDay: dayOrNull(command.valueDate),
  metadata: null,
})

const accountState = (account: Account | undefined): AccountState | null =>
  account === undefined
    ? null
    : {
        debitsPending: account.debitsPending,
        debitsPosted: account.debitsPosted,
        creditsPending: account.creditsPending,
        creditsPosted: account.creditsPosted,
        closed: account.closed,
      }

/** Dates by the day of recording differ from the model's clock, so only those that were asked for are told. */
const transferState = (transfer: Transfer | undefined): TransferState | null =>
  transfer === undefined
    ? null
    : {
        amount: transfer.amount,
        debit: transfer.debit,
        credit: transfer.credit,
        pendingId: transfer.pendingId,
        ledger: transfer.ledger,
        code: transfer.code,
        userData: transfer.userData,
        timeoutS: transfer.timeoutS,
        currency: transfer.currency,
        externalReference: transfer.externalReference,
      }

const sideAfter = (transfer: Transfer, account: Uuid): Balances =>
  transfer.debit === account ? transfer.debitAfter : transfer.creditAfter

const historyOf = (account: Account | undefined, transfers: readonly Transfer[]): readonly FourBalances[] =>
  account === undefined || (account.flags & ACCOUNT_FLAGS.history) === 0
    ? []
    : transfers.map((transfer) => sideAfter(transfer, account.id))

/** The time that stands for now: later than any imported time of the recorded histories, earlier than their future. */
const NOW: Micros = 1_750_000_000_000_000n
const BETWEEN_REQUESTS: Micros = 1_000n

/** The pure core over books in memory. */
export const pureSource: SubjectSource = {
  name: 'the pure decide',
  open: () => {
    const books = new MemoryBooks(NOW)
    const expireDue = (): void => {
      for (const id of books.holds.keys()) expire(books, id)
    }
    const next = (): void => {
      books.now += BETWEEN_REQUESTS
      expireDue()
    }
    return {
      createAccounts: (commands) => {
        next()
        return createAccounts(books, commands.map(toAccount))
      },
      createTransfers: (commands) => {
        next()
        return createTransfers(books, commands.map(toTransfer))
      },
      advance: (seconds) => {
        books.now += BigInt(seconds) * MICROS_PER_SECOND
        expireDue()
      },
      closeBooks: (through) => books.close(toDay(through)),
      balances: (id) => accountState(books.account(id)),
      transfer: (id) => transferState(books.transfer(id)),
      history: (id) => {
        const rows = [...books.transfers.values()].filter(
          (row) => row.id !== null && (row.debit === id || row.credit === id),
        )
        return historyOf(books.account(id), rows)
      },
    }
  },
}

export type Store = {
  readonly commit: Commit
  readonly read: Read
  readonly tenant: TenantId
  readonly pools: Pools
}

const request: Omit<Request<unknown>, 'tenant'> = {
  bytes: 0,
  deadlineMs: Number.MAX_SAFE_INTEGER,
  claim: null,
  reply: null,
}

const decided = async <Answer>({ commit }: Store, unit: Unit<Answer>): Promise<Answer> => {
  const outcome = await commit.submit(unit)
  if (outcome.kind !== 'decided') throw new Error(`the unit was ${outcome.kind}`)
  return outcome.answer
}

/** Moves the tenant's own clock, as a sandbox's clock is moved, and ends what is due. */
const advance = async (store: Store, seconds: number): Promise<void> => {
  const client = await store.pools.plain.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('evenkeel.tenant', $1, true)`, [String(store.tenant)])
    await client.query(
      'update database.heads set clock_offset_micros = clock_offset_micros + $2 where tenant = $1',
      [store.tenant, BigInt(seconds) * MICROS_PER_SECOND],
    )
    const { rows } = await client.query<{ subject: Uuid }>(
      'select subject from database.timers where tenant = $1 and kind = $2',
      [store.tenant, EXPIRY_TIMER],
    )
    await client.query('commit')
    if (rows.length > 0) {
      const ids = rows.map((row) => row.subject)
      await decided(store, expireUnit({ ...request, tenant: store.tenant }, ids))
    }
  } finally {
    client.release()
  }
}

/** As the door closes: in a commit with its act in the audit log. Nobody adds its figures up, which changes no answer. */
const closeBooks = async (store: Store, through: string): Promise<void> => {
  const { tenant } = store
  const { deadlineMs } = request
  const context = {
    tenant,
    deadlineMs,
    bodyBytes: 0,
    claim: null,
    person: null,
    keyId: 'key_1',
  } as RequestContext
  await decided(store, closeUnit(context, toDay(through), null))
}

/** Anything that a test submits by itself, seen as a ledger. */
export const subjectOver = (store: Store, close: () => Promise<void>): Subject => {
  const { tenant, read } = store
  const account = async (id: Uuid): Promise<Account | undefined> => {
    const [rows = []] = await read(tenant, [findAccount(tenant, id, null)])
    return rows[0] === undefined ? undefined : readAccount(rows[0])
  }
  return {
    createAccounts: (commands) =>
      decided(store, createAccountsUnit({ ...request, tenant }, commands.map(toAccount))),
    createTransfers: (commands) =>
      decided(store, createTransfersUnit({ ...request, tenant }, commands.map(toTransfer))),
    advance: (seconds) => advance(store, seconds),
    closeBooks: (through) => closeBooks(store, through),
    balances: async (id) => accountState(await account(id)),
    transfer: async (id) => {
      if (id === UUID_ZERO) return null
      const [rows = []] = await read(tenant, [findTransfer(tenant, id)])
      return transferState(rows[0] === undefined ? undefined : readTransfer(rows[0]))
    },
    history: async (id) => {
      const [rows = []] = await read(tenant, [listHistory(tenant, id)])
      return historyOf(await account(id), rows.map(readTransfer))
    },
    close,
  }
}

/** What the ledger and its closings write: for whoever opens a commit to play a history on. */
export const LEDGER_WRITERS = [writeLedger, ...writeAudit]

/** The ledger in PostgreSQL, through the commit. Each subject is a tenant of its own in one database. */
export const openPostgresSource = async (): Promise<
  SubjectSource & { readonly close: () => Promise<void> }
> => {
  const database: TestDatabase = await withDatabase()
  const pools = openPools({ appUrl: database.appUrl, readerUrl: database.readerUrl })
  const connections = connectionsOf(pools.hot)
  const read = createRead(connections)
  let tenants = 0
  return {
    name: 'PostgreSQL',
    open: async () => {
      tenants++
      const tenant = await addTenant(database, tenants)
      const commit = createCommit({
        connections,
        writers: LEDGER_WRITERS,
        clock: { now: () => Date.now() },
        classify: (error) => (classifyError(error) === 'transient' ? 'transient' : 'other'),
      })
      return subjectOver({ commit, read, tenant, pools }, () => commit.drain())
    },
    close: async () => {
      await pools.end()
      await database.close()
    },
  }
}
