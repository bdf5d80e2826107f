import type { Connection, Connections } from '../../src/database/commit/connection.ts'
import type { RawRow, Statement } from '../../src/database/commit/table.ts'
import type { TenantId } from '../../src/kit/index.ts'
import {
  type Answer,
  answer,
  databaseError,
  type Head,
  type Intercept,
  type Loss,
  lost,
  type PlainStatement,
  type Transaction,
} from './fake-answers.ts'

const START_MICROS = 1_750_000_000_000_000n
const COUNTERS = 5

/**
 * A database in memory that knows what the commit asks: transactions, the head row and its lock, batches by number,
 * and rows of tests' own tables. Answers come a turn of the event loop later, in order, as over a connection in
 * pipeline mode. It can fail, and it can be lost at COMMIT on either side of it.
 */
export class FakeDatabase {
  readonly heads = new Map<TenantId, Head>()
  readonly batches = new Map<string, string>()
  readonly rows = new Map<string, RawRow>()
  /** The names of all statements that were run, and how often somebody had to wait for an answer. */
  readonly statements: string[] = []
  roundTrips = 0
  nowMicros = START_MICROS
  intercept: Intercept = () => null
  losses: Loss[] = []
  /** While it is away nobody is connected. */
  away = false
  readonly #locks = new Map<TenantId, FakeConnection>()
  readonly #waiting: (() => void)[] = []

  connections = (): Connections => ({
    acquire: async () => {
      if (this.away) throw lost()
      return new FakeConnection(this)
    },
  })

  headOf(tenant: TenantId): Head {
    const known = this.heads.get(tenant)
    if (known !== undefined) return known
    const made: Head = { counters: Array.from({ length: COUNTERS }, () => 0n), batch: 0n, offset: 0n }
    this.heads.set(tenant, made)
    return made
  }

  tick(): bigint {
    this.nowMicros += 1_000n
    return this.nowMicros
  }

  row(tenant: TenantId, key: string): RawRow | undefined {
    return this.rows.get(`${tenant} ${key}`)
  }

  async lock(tenant: TenantId, by: FakeConnection): Promise<void> {
    while (this.#locks.has(tenant) && this.#locks.get(tenant) !== by) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    this.#locks.set(tenant, by)
  }

  unlock(by: FakeConnection): void {
    for (const [tenant, holder] of this.#locks) if (holder === by) this.#locks.delete(tenant)
    for (const wake of this.#waiting.splice(0)) wake()
  }

  apply({ tenant, rows, head, batchId }: Transaction): void {
    if (tenant === null) return
    for (const [key, row] of rows) this.rows.set(`${tenant} ${key}`, row)
    if (head !== null) this.heads.set(tenant, head)
    if (batchId !== null) this.batches.set(`${tenant} ${batchId.number}`, batchId.id)
  }
}

class FakeConnection implements Connection {
  readonly #database: FakeDatabase
  #transaction: Transaction | null = null
  #tail: Promise<unknown> = Promise.resolve()
  #outstanding = 0
  #dead = false

  constructor(database: FakeDatabase) {
    this.#database = database
  }

  run = (statement: Statement): Promise<Answer> => {
    if (this.#outstanding === 0) this.#database.roundTrips++
    this.#outstanding++
    const answered = this.#tail.then(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      try {
        return await this.#execute(statement)
      } finally {
        this.#outstanding--
      }
    })
    this.#tail = answered.catch(() => undefined)
    return answered
  }

  release = (broken: boolean): void => {
    if (broken) this.#die()
  }

  #die(): void {
    this.#dead = true
    this.#end()
  }

  #end(): void {
    this.#transaction = null
    this.#database.unlock(this)
  }

  async #execute(statement: Statement): Promise<Answer> {
    if (this.#dead || this.#database.away) {
      this.#die()
      throw lost()
    }
    this.#database.statements.push(statement.name)
    if (statement.name === 'begin') {
      this.#transaction = { tenant: null, failed: false, rows: new Map(), head: null, batchId: null }
      return answer('BEGIN')
    }
    const transaction = this.#transaction
    if (transaction === null) throw databaseError('25P01', `${statement.name} outside a transaction`)
    if (statement.name === 'commit') return this.#commit(transaction)
    if (statement.name === 'rollback') {
      this.#end()
      return answer('ROLLBACK')
    }
    if (transaction.failed) throw databaseError('25P02', 'current transaction is aborted')
    const error = this.#database.intercept(statement)
    if (error !== null) {
      transaction.failed = true
      throw error
    }
    return this.#inside(transaction, statement)
  }

  #commit(transaction: Transaction): Answer {
    const database = this.#database
    const loss = transaction.failed ? undefined : database.losses.shift()
    if (loss !== 'before' && !transaction.failed) database.apply(transaction)
    this.#end()
    if (loss !== undefined) {
      this.#dead = true
      throw lost()
    }
    return answer(transaction.failed ? 'ROLLBACK' : 'COMMIT')
  }

  async #inside(transaction: Transaction, statement: Statement): Promise<Answer> {
    const database = this.#database
    const { name, values } = statement
    if (name === 'set_tenant') transaction.tenant = Number(values[0]) as TenantId
    const { tenant } = transaction
    if (tenant === null) throw databaseError('42501', 'no tenant is set')
    if (name === 'head_lock') {
      await database.lock(tenant, this)
      const { counters, batch, offset } = database.headOf(tenant)
      const id = database.batches.get(`${tenant} ${batch}`) ?? null
      return answer('SELECT', [[...counters, batch, offset, 'UTC', null, false, id]])
    }
    if (name === 'clock_read') return answer('SELECT', [[database.tick()]])
    if (name === 'batch_find') {
      const id = database.batches.get(`${tenant} ${String(values[1])}`)
      return answer('SELECT', id === undefined ? [] : [[id]])
    }
    if (name === 'head_write') {
      const [, number, id] = values as [TenantId, bigint, string]
      const counters = values.slice(4, 4 + COUNTERS) as bigint[]
      transaction.head = { counters, batch: number, offset: database.headOf(tenant).offset }
      transaction.batchId = { number, id }
      return answer('UPDATE')
    }
    return this.#plain(transaction, tenant, statement)
  }

  #plain(transaction: Transaction, tenant: TenantId, statement: Statement): Answer {
    if (!('plain' in statement)) return answer('SELECT')
    const { plain } = statement as PlainStatement
    if ('load' in plain) {
      const found = plain.load.map((key) => transaction.rows.get(key) ?? this.#database.row(tenant, key))
      return answer(
        'SELECT',
        found.filter((row) => row !== undefined),
      )
    }
    for (const [key, row] of plain.write) transaction.rows.set(key, row)
    return answer('INSERT')
  }
}
