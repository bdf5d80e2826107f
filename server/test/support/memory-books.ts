import { type Day, dayOf, type Micros, type Uuid } from '../../src/kit/index.ts'
import type { Account, Books, Hold, Ledger, Transfer } from '../../src/ledger/core/index.ts'

/** Books in memory, for tests of the pure core: plain maps, and a list of closures that undo what was done. */
export class MemoryBooks implements Books {
  now: Micros
  closed: Day | null = null
  readonly ledgers = new Map<number, Ledger>()
  readonly accounts = new Map<Uuid, Account>()
  readonly transfers = new Map<string, Transfer>()
  readonly holds = new Map<Uuid, Hold>()
  readonly failed = new Map<Uuid, string>()
  readonly days = new Map<string, { debits: bigint; credits: bigint }>()
  #newest: Micros = 0n
  #newestAccount: Micros = 0n
  #newestTransfer: Micros = 0n
  #sequence = 0n
  readonly #undo: (() => void)[] = []

  constructor(now: Micros) {
    this.now = now
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const had = map.has(key)
    const before = map.get(key)
    this.#undo.push(() => {
      if (had) map.set(key, before as V)
      else map.delete(key)
    })
    map.set(key, value)
  }

  #raiseNewest(time: Micros): void {
    const before = this.#newest
    if (time <= before) return
    this.#undo.push(() => {
      this.#newest = before
    })
    this.#newest = time
  }

  ledger = (number: number): Ledger | undefined => this.ledgers.get(number)
  account = (id: Uuid): Account | undefined => this.accounts.get(id)
  transfer = (id: Uuid): Transfer | undefined => this.transfers.get(id)
  hold = (id: Uuid): Hold | undefined => this.holds.get(id)
  burnt: Books['burnt'] = (id) => this.failed.get(id) as ReturnType<Books['burnt']>
  referenceOwner = (reference: string): Uuid | undefined =>
    [...this.accounts.values()].find((account) => account.reference === reference)?.id
  accountAt = (time: Micros): boolean =>
    [...this.accounts.values()].some((account) => account.timeMicros === time)
  transferAt = (time: Micros): boolean => [...this.transfers.values()].some((row) => row.timeMicros === time)

  closedThrough = (): Day | null => this.closed
  /** Closes through a day that is over; what is closed already stays as it is. */
  close = (through: Day): void => {
    if (through >= this.dayOf(this.now)) return
    if (this.closed === null || through > this.closed) this.closed = through
  }

  putLedger = (ledger: Ledger): void => this.#set(this.ledgers, ledger.number, ledger)
  putAccount = (account: Account): void => {
    if (!this.accounts.has(account.id)) {
      const before = this.#newestAccount
      this.#undo.push(() => {
        this.#newestAccount = before
      })
      this.#newestAccount = account.timeMicros
      this.#raiseNewest(account.timeMicros)
    }
    this.#set(this.accounts, account.id, account)
  }
  putTransfer = (transfer: Transfer): void => {
    const before = this.#newestTransfer
    this.#undo.push(() => {
      this.#newestTransfer = before
    })
    this.#newestTransfer = transfer.timeMicros
    this.#raiseNewest(transfer.timeMicros)
    this.#set(this.transfers, transfer.id ?? `expiry of ${transfer.pendingId}`, transfer)
  }
  putHold = (hold: Hold): void => this.#set(this.holds, hold.id, hold)
  burn: Books['burn'] = (id, status) => this.#set(this.failed, id, status)
  addToDay: Books['addToDay'] = (account, day, debits, credits) => {
    const sum = this.days.get(`${account} ${day}`) ?? { debits: 0n, credits: 0n }
    this.#set(this.days, `${account} ${day}`, { debits: sum.debits + debits, credits: sum.credits + credits })
  }

  newestAccount = (): Micros => this.#newestAccount
  newestTransfer = (): Micros => this.#newestTransfer
  nextTime = (): Micros => {
    const before = this.#newest
    this.#undo.push(() => {
      this.#newest = before
    })
    this.#newest = this.now > before ? this.now : before + 1n
    return this.#newest
  }
  nextSequence = (): bigint => {
    const before = this.#sequence
    this.#undo.push(() => {
      this.#sequence = before
    })
    this.#sequence = before + 1n
    return this.#sequence
  }
  dayOf = (time: Micros): number => dayOf(time, 'UTC')

  mark = (): number => this.#undo.length
  rollback = (mark: number): void => {
    while (this.#undo.length > mark) this.#undo.pop()?.()
  }
}
