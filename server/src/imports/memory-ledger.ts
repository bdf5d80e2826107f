import { Fault, type Uuid } from '../kit/index.ts'
import type { AccountCommand, TransferCommand } from './core/commands.ts'
import type { LedgerPort, PostedBalance, Status } from './port.ts'

/** A ledger in memory with the rules that an import can meet. It stands in for the real one in tests. */
export type MemoryLedger = LedgerPort & {
  readonly accounts: ReadonlyMap<Uuid, AccountCommand>
  readonly transfers: ReadonlyMap<Uuid, TransferCommand>
  /** Transfers in the order in which they were recorded, with the times that they bear. */
  readonly journal: readonly { readonly id: Uuid; readonly recordedMicros: bigint }[]
  /** How many transfers each request held. */
  readonly batches: readonly number[]
  readonly requests: () => number
}

export type MemoryOptions = {
  /** The tenant's time at the beginning, for what is not imported. */
  readonly nowMicros?: bigint
  /** Called before each request; what it throws stands for a ledger that is away. */
  readonly before?: (request: number) => void
}

type Command = AccountCommand | TransferCommand

/** Items of one kind with the time each bears; imported ones must be newer than the newest. */
type Timeline<One extends Command> = {
  newestMicros: bigint
  readonly items: Map<Uuid, One>
  readonly micros: Map<Uuid, bigint>
}

const timeline = <One extends Command>(): Timeline<One> => ({
  newestMicros: 0n,
  items: new Map(),
  micros: new Map(),
})

const compare = <One extends Command>(one: One, known: One, keys: readonly (keyof One)[]): Status => {
  if (one.flags.toSorted().join() !== known.flags.toSorted().join()) return 'exists_with_different_flags'
  const key = keys.find((name) => one[name] !== known[name])
  return key === undefined ? 'exists' : `exists_with_different_${String(key)}`
}

/** The checks that come before any look at what exists. */
const precheck = (command: Command, nowMicros: bigint): Status | null => {
  if (!command.flags.includes('imported')) return command.timeMicros === 0n ? null : 'timestamp_must_be_zero'
  if (command.timeMicros <= 0n) return 'imported_event_timestamp_out_of_range'
  return command.timeMicros > nowMicros ? 'imported_event_timestamp_must_not_advance' : null
}

const NOTHING: PostedBalance = { debitsPosted: 0n, creditsPosted: 0n }

/** The books themselves: commands in, statuses out. */
const createBooks = (startMicros: bigint) => {
  let nowMicros = startMicros
  const accounts = timeline<AccountCommand>()
  const transfers = timeline<TransferCommand>()
  const references = new Map<string, Uuid>()
  const posted = new Map<Uuid, PostedBalance>()
  const journal: { id: Uuid; recordedMicros: bigint }[] = []

  const record = <One extends Command>(line: Timeline<One>, command: One): void => {
    nowMicros += 1n
    line.newestMicros = command.flags.includes('imported') ? command.timeMicros : nowMicros
    line.items.set(command.id, command)
    line.micros.set(command.id, line.newestMicros)
  }

  const regresses = (command: Command, line: { readonly newestMicros: bigint }): boolean =>
    command.flags.includes('imported') && command.timeMicros <= line.newestMicros

  const createAccount = (command: AccountCommand): Status => {
    const refused = precheck(command, nowMicros)
    if (refused !== null) return refused
    const known = accounts.items.get(command.id)
    if (known !== undefined) return compare(command, known, ['ledger', 'code', 'currency', 'reference'])
    if (regresses(command, accounts)) return 'imported_event_timestamp_must_not_regress'
    if (command.reference !== null && references.has(command.reference)) return 'reference_already_used'
    if (command.reference !== null) references.set(command.reference, command.id)
    record(accounts, command)
    return 'created'
  }

  const post = (account: Uuid, debit: bigint, credit: bigint): void => {
    const { debitsPosted, creditsPosted } = posted.get(account) ?? NOTHING
    posted.set(account, { debitsPosted: debitsPosted + debit, creditsPosted: creditsPosted + credit })
  }

  const createTransfer = (command: TransferCommand): Status => {
    const refused = precheck(command, nowMicros)
    if (refused !== null) return refused
    const { id, debit, credit, amount, flags, timeMicros } = command
    const known = transfers.items.get(id)
    const keys = ['debit', 'credit', 'amount', 'ledger', 'code', 'externalReference', 'bookDate'] as const
    if (known !== undefined) return compare(command, known, keys)
    const debitMicros = accounts.micros.get(debit)
    const creditMicros = accounts.micros.get(credit)
    if (debitMicros === undefined) return 'debit_account_not_found'
    if (creditMicros === undefined) return 'credit_account_not_found'
    if (regresses(command, transfers)) return 'imported_event_timestamp_must_not_regress'
    const imported = flags.includes('imported')
    if (imported && timeMicros <= debitMicros) return 'imported_event_timestamp_must_postdate_debit_account'
    if (imported && timeMicros <= creditMicros) return 'imported_event_timestamp_must_postdate_credit_account'
    record(transfers, command)
    journal.push({ id, recordedMicros: transfers.newestMicros })
    post(debit, amount, 0n)
    post(credit, 0n, amount)
    return 'created'
  }

  return { accounts, transfers, references, posted, journal, createAccount, createTransfer }
}

export const createMemoryLedger = (options: MemoryOptions = {}): MemoryLedger => {
  const books = createBooks(options.nowMicros ?? 1_760_000_000_000_000n)
  const batches: number[] = []
  let requests = 0
  const request = async <Result>(work: () => Result): Promise<Result> => {
    requests += 1
    options.before?.(requests)
    return work()
  }
  return {
    accounts: books.accounts.items,
    transfers: books.transfers.items,
    journal: books.journal,
    batches,
    requests: () => requests,
    openLedger: () => request(() => 'exists'),
    createAccounts: (commands) => request(() => commands.map(books.createAccount)),
    createTransfers: (commands) =>
      request(() => {
        batches.push(commands.length)
        return commands.map(books.createTransfer)
      }),
    newestTimes: () =>
      request(() => ({
        accountMicros: books.accounts.newestMicros,
        transferMicros: books.transfers.newestMicros,
      })),
    trialBalance: () =>
      request(() =>
        [...books.posted.values()].reduce(
          (sum, one) => ({
            debitsPosted: sum.debitsPosted + one.debitsPosted,
            creditsPosted: sum.creditsPosted + one.creditsPosted,
          }),
          NOTHING,
        ),
      ),
    balances: (references) =>
      request(
        () =>
          new Map(
            references.flatMap((reference) => {
              const id = books.references.get(reference)
              return id === undefined ? [] : [[reference, books.posted.get(id) ?? NOTHING] as const]
            }),
          ),
      ),
  }
}

/** A ledger that cannot be reached just now. */
export const away = (): Fault =>
  new Fault('the ledger is away', { kind: 'unavailable', code: 'away', retryAfterS: 0 })
