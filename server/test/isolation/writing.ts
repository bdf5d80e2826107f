import type { Statement, Written } from '../../src/database/index.ts'
import { type TenantId, UUID_ZERO } from '../../src/kit/index.ts'
import type { Account, Hold, Transfer } from '../../src/ledger/core/index.ts'
import { writeLedger } from '../../src/ledger/index.ts'
import { accountsTable, holdsTable, transfersTable } from '../../src/ledger/store/tables.ts'
import { id } from '../support/commands.ts'
import type { PotsDatabase } from '../support/pots-database.ts'

export const NONE = { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }
export const MAX = 2n ** 63n - 1n

export const row = (wanted: Partial<Transfer> = {}): Transfer => ({
  id: id(1_000),
  timeMicros: 9_000_000_000_000_000n,
  sequence: 99n,
  debit: id(1),
  credit: id(2),
  amount: 5n,
  released: 0n,
  pendingId: UUID_ZERO,
  ledger: 1,
  currency: 'EUR',
  code: 1,
  flags: 0,
  timeoutS: 0,
  userData: 0n,
  externalReference: null,
  bookDay: 20_000,
  valueDay: 20_000,
  metadata: null,
  debitAfter: { ...NONE, debitsPosted: 5n },
  creditAfter: { ...NONE, creditsPosted: 5n },
  ...wanted,
})

export const accountRow = (wanted: Partial<Account>): Account => ({
  ...NONE,
  id: id(1),
  ledger: 1,
  currency: 'EUR',
  code: 1,
  flags: 0,
  closed: false,
  userData: 0n,
  timeMicros: 1n,
  reference: null,
  metadata: null,
  bookDay: 20_000,
  dailyDebits: 0n,
  dailyCredits: 0n,
  ...wanted,
})

export type Rows = {
  readonly transfers?: readonly Transfer[]
  readonly changed?: readonly Account[]
  readonly resolved?: readonly Hold[]
}

/** The writer's own statements for these rows, as if units had decided so. */
const statementsFor = (
  tenant: TenantId,
  { transfers = [], changed = [], resolved = [] }: Rows,
): readonly Statement[] => {
  const touched = [...new Set(transfers.flatMap(({ debit, credit }) => [debit, credit]))].map((one) =>
    accountRow({ id: one }),
  )
  const updated = new Map<unknown, readonly { before: unknown; after: unknown }[]>([
    [
      accountsTable,
      [
        ...touched.map((one) => ({ before: one, after: { ...one } })),
        ...changed.map((one) => ({ before: { ...one, closed: !one.closed }, after: one })),
      ],
    ],
    [holdsTable, resolved.map((one) => ({ before: one, after: one }))],
  ])
  const inserted = new Map<unknown, readonly unknown[]>([[transfersTable, transfers]])
  const written = {
    inserted: (table: unknown) => inserted.get(table) ?? [],
    updated: (table: unknown) => updated.get(table) ?? [],
    appended: () => [],
  } as unknown as Written
  return writeLedger(tenant, written)
}

/** The database's refusal: its SQLSTATE and the constraint, or "written". Nothing of it stays. */
export const writeAs = async (world: PotsDatabase, tenant: TenantId, rows: Rows): Promise<string> => {
  const client = await world.pools.plain.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant)])
    for (const { text, values } of statementsFor(tenant, rows)) await client.query(text, [...values])
    return 'written'
  } catch (error) {
    const { code = '', constraint } = error as { code?: string; constraint?: string }
    return constraint === undefined ? code : `${code} ${constraint}`
  } finally {
    await client.query('rollback')
    client.release()
  }
}
