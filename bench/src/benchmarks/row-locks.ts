import type { Uuid } from '../../../server/src/kit/index.ts'
import { newUuid } from '../../../server/src/kit/index.ts'
import type { BookCheck } from '../books.ts'
import { type OpenClient, openClients } from '../clients.ts'
import type { Benchmark, Round } from '../runner.ts'
import type { Sizes } from '../sizes.ts'
import type { Stand } from '../stand.ts'
import { type Pair, type PickPair, pickUniform, randomAmount } from '../transfers.ts'

/*
 * The way everybody else does it, and not done badly: balances in a plain table, both rows locked in one order so that
 * nothing deadlocks, the history indexed, prepared statements, room on the pages for new versions of the rows.
 * No row-level security, no foreign keys, no balances in the history.
 */
const CREATE = `
create table bench.locked_accounts (
  id uuid primary key,
  balance bigint not null default 0
) with (fillfactor = 80);
create table bench.locked_transfers (
  id uuid primary key,
  debit_account uuid not null,
  credit_account uuid not null,
  amount bigint not null check (amount > 0),
  created_at timestamptz not null default now()
);
create index on bench.locked_transfers (debit_account, created_at);
create index on bench.locked_transfers (credit_account, created_at)`

const LOCK = {
  name: 'lock',
  text: 'select id, balance from bench.locked_accounts where id in ($1, $2) order by id for update',
}
const INSERT = {
  name: 'insert',
  text: 'insert into bench.locked_transfers (id, debit_account, credit_account, amount) values ($1, $2, $3, $4)',
}
const UPDATE = {
  name: 'update',
  text: 'update bench.locked_accounts set balance = balance + $2 where id = $1',
}

const transfer = async ({ client }: OpenClient, { debit, credit }: Pair): Promise<void> => {
  const amount = randomAmount()
  await client.query('begin')
  const { rowCount } = await client.query({ ...LOCK, values: [debit, credit] })
  if (rowCount !== 2) throw new Error('an account of row_locks is missing')
  await client.query({ ...INSERT, values: [newUuid(Date.now()), debit, credit, amount] })
  await client.query({ ...UPDATE, values: [debit, -amount] })
  await client.query({ ...UPDATE, values: [credit, amount] })
  await client.query('commit')
}

const transferFor = async (
  clients: readonly OpenClient[],
  pick: PickPair,
  roundMs: number,
): Promise<Round> => {
  const latenciesMs: number[] = []
  const fromMs = performance.now()
  const work = async (client: OpenClient): Promise<void> => {
    while (performance.now() - fromMs < roundMs) {
      const sentMs = performance.now()
      await transfer(client, pick())
      latenciesMs.push(performance.now() - sentMs)
    }
  }
  await Promise.all(clients.map(work))
  return { count: latenciesMs.length, ms: performance.now() - fromMs, latenciesMs }
}

const fill = async ({ admin }: Stand, accounts: readonly Uuid[]): Promise<void> => {
  await admin.query(CREATE)
  await admin.query('insert into bench.locked_accounts (id) select unnest($1::uuid[])', [accounts])
  await admin.query('vacuum analyze bench.locked_accounts')
}

export type RowLocks = {
  readonly uniform: Benchmark
  readonly hot: Benchmark
  readonly check: () => Promise<BookCheck>
  readonly close: () => Promise<void>
}

/** One transaction and six round trips for each transfer, from many connections. */
export const openRowLocks = async (
  stand: Stand,
  { accounts, hot, sizes }: { accounts: readonly Uuid[]; hot: readonly Uuid[]; sizes: Sizes },
): Promise<RowLocks> => {
  await fill(stand, accounts)
  const clients = await openClients(stand.adminUrl, sizes.rowLocksConnections)
  let transfers = 0
  const over = (key: string, some: readonly Uuid[]): Benchmark => ({
    key,
    what: `row locks, a transaction each, ${clients.length} connections, ${some.length} accounts`,
    roundMs: sizes.rowLocksMs,
    writes: { admin: stand.admin, tables: ['bench.locked_transfers'] },
    server: null,
    prepare: async (roundMs) => async () => {
      const round = await transferFor(clients, pickUniform(some), roundMs)
      transfers += round.count
      return round
    },
  })
  return {
    uniform: over('row_locks_uniform', accounts),
    hot: over('row_locks_hot', hot),
    check: async () => {
      const { rows } = await stand.admin.query<{ rows: bigint; balance: string }>(
        `select (select count(*) from bench.locked_transfers) as rows, sum(balance)::text as balance
           from bench.locked_accounts`,
      )
      const [row] = rows
      return {
        name: 'row locks',
        ok: Number(row?.rows) === transfers && row?.balance === '0',
        found: `${row?.rows} transfers (made ${transfers}), balances of ${row?.balance} together`,
      }
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}
