import {
  type Connection,
  connectionsOf,
  type Statement,
  type Table,
  type Written,
  withOwner,
} from '../../../server/src/database/index.ts'
import { assert, newUuid, type TenantId, UUID_ZERO, type Uuid } from '../../../server/src/kit/index.ts'
import { type readTransfer, writeLedger } from '../../../server/src/ledger/index.ts'
import type { BookCheck } from '../books.ts'
import type { Benchmark, Round } from '../runner.ts'
import type { Sizes } from '../sizes.ts'
import type { Stand } from '../stand.ts'
import { CODE, CURRENCY, LEDGER, type PickPair, randomAmount } from '../transfers.ts'

type Transfer = ReturnType<typeof readTransfer>

const TABLE = 'bench.bare_transfers'

const CREATE = `
create table ${TABLE} (like ledger.transfers including defaults including indexes);
select database.protect('${TABLE}', 'select, insert');
grant usage on schema bench to evenkeel_app`

/** The rows as the ledger's writer finds them after a batch was decided: transfers, and nothing beside them. */
const writtenOf = (transfers: readonly Transfer[]): Written => ({
  inserted: <Row>(table: Table<Row>) => (table.name === 'transfers' ? transfers : []) as readonly Row[],
  updated: () => [],
  appended: () => [],
})

const BEFORE_CHECKS = /insert into ledger\.transfers[\s\S]*?(?=\s+cross join\s)/

/** The product's own append, cut before its checks, into the copy of the table. */
const textOf = (appended: Statement): string => {
  const bare = BEFORE_CHECKS.exec(appended.text)?.[0]
  assert(bare !== undefined, 'the append of the ledger is an insert that joins the accounts in the end')
  return bare.replace('ledger.transfers', TABLE)
}

/** Encodes the rows as the product does: by the ledger's own writer. The count that its checks take is left out. */
const bareInsert = (tenant: TenantId, transfers: readonly Transfer[]): Statement => {
  const [appended, ...rest] = writeLedger(tenant, writtenOf(transfers))
  assert(appended !== undefined && rest.length === 0, 'the ledger appends transfers with one statement')
  const text = textOf(appended)
  const last = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
  return { name: 'bench_bare_insert', text, values: appended.values.slice(0, last) }
}

const statement = (name: string, text: string, values: readonly unknown[] = []): Statement => ({
  name,
  text,
  values,
})

const BEGIN = statement('bench_begin', 'begin')
const COMMIT = statement('bench_commit', 'commit')
const setTenant = (tenant: TenantId): Statement =>
  statement('bench_tenant', `select set_config('evenkeel.tenant', $1, true)`, [String(tenant)])

const send = async (
  connection: Connection,
  tenant: TenantId,
  transfers: readonly Transfer[],
): Promise<void> => {
  const statements = [BEGIN, setTenant(tenant), bareInsert(tenant, transfers), COMMIT]
  const results = await Promise.all(statements.map((each) => connection.run(each)))
  assert(results.at(-1)?.command === 'COMMIT', 'a batch of bare inserts is committed')
}

const balances = (balance: bigint): Transfer['debitAfter'] => ({
  debitsPending: 0n,
  debitsPosted: balance,
  creditsPending: 0n,
  creditsPosted: balance + 1n,
})

const makeTransfer = (pick: PickPair, sequence: bigint, nowMs: number, day: number): Transfer => ({
  id: newUuid(nowMs),
  timeMicros: sequence,
  sequence,
  ...pick(),
  amount: BigInt(randomAmount()),
  released: 0n,
  pendingId: UUID_ZERO,
  ledger: LEDGER,
  currency: CURRENCY,
  code: CODE,
  flags: 0,
  timeoutS: 0,
  userData: 0n,
  externalReference: null,
  bookDay: day,
  valueDay: day,
  metadata: null,
  debitAfter: balances(sequence),
  creditAfter: balances(sequence * 2n),
})

const MILLIS_PER_DAY = 86_400_000

/**
 * The limit: the rows that batch_uniform appends, into a table with the same columns, indexes and row-level security,
 * by the same connections and encoding, and nothing else. Several batches are on their way at once, so the database
 * never waits for the client.
 */
export const openBareInsert = async (
  stand: Stand,
  {
    tenant,
    accounts,
    pick,
    sizes,
  }: { tenant: TenantId; accounts: readonly Uuid[]; pick: PickPair; sizes: Sizes },
): Promise<{ readonly benchmark: Benchmark; readonly check: () => Promise<BookCheck> }> => {
  await withOwner(stand.adminUrl, (owner) => owner.query(CREATE))
  const connections = connectionsOf(stand.platform.pools.hot)
  let sequence = 0n
  let inserted = 0

  const makeBatch = (): Transfer[] => {
    const nowMs = Date.now()
    const day = Math.floor(nowMs / MILLIS_PER_DAY)
    return Array.from({ length: sizes.batch }, () => {
      sequence += 1n
      return makeTransfer(pick, sequence, nowMs, day)
    })
  }

  const insertFor = async (batches: readonly Transfer[][], roundMs: number): Promise<Round> => {
    const connection = await connections.acquire()
    const latenciesMs: number[] = []
    let next = 0
    let count = 0
    const fromMs = performance.now()
    const client = async (): Promise<void> => {
      for (;;) {
        const batch = batches[next]
        if (batch === undefined || performance.now() - fromMs > roundMs) return
        next += 1
        const sentMs = performance.now()
        await send(connection, tenant, batch)
        latenciesMs.push(performance.now() - sentMs)
        count += batch.length
      }
    }
    let broken = true
    try {
      await Promise.all(Array.from({ length: sizes.inFlight }, client))
      broken = false
    } finally {
      connection.release(broken)
    }
    inserted += count
    return { count, ms: performance.now() - fromMs, latenciesMs }
  }

  return {
    benchmark: {
      key: 'bare_insert',
      what: `bare inserts, batches of ${sizes.batch}, ${accounts.length} accounts`,
      roundMs: sizes.batchMs,
      writes: { admin: stand.admin, tables: [TABLE] },
      server: null,
      prepare: async (roundMs) => {
        const batches = Array.from({ length: sizes.batchesMost }, makeBatch)
        return () => insertFor(batches, roundMs)
      },
    },
    check: async () => {
      const { rows } = await stand.admin.query<{ rows: bigint }>(`select count(*) as rows from ${TABLE}`)
      const stored = Number(rows[0]?.rows)
      return { name: 'bare inserts', ok: stored === inserted, found: `${stored} rows (inserted ${inserted})` }
    },
  }
}
