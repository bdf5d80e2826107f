import pg from 'pg'
import {
  type Access,
  classifyError,
  connectionsOf,
  createCommit,
  emit,
  openPools,
  type Unit,
  withOwner,
} from '../../src/database/index.ts'
import { type Reply, type TenantId, UUID_ZERO, type Uuid } from '../../src/kit/index.ts'
import {
  type AccountCommand,
  accountFlagBits,
  createAccountsUnit,
  createTransfersUnit,
  expireUnit,
  type Request,
  type TransferCommand,
  transferFlagBits,
  writeLedger,
} from '../../src/ledger/index.ts'

/** An id that can be written down in a test. */
export const id = (number: number): Uuid =>
  `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as Uuid

type Wanted<Command> = Omit<Partial<Command>, 'flags'> & {
  readonly id: Uuid
  readonly flags?: readonly string[]
}

const account = ({ flags = [], ...wanted }: Wanted<AccountCommand>): AccountCommand => ({
  ledger: 1,
  code: 1,
  userData: 0n,
  timeMicros: 0n,
  currency: null,
  reference: null,
  metadata: null,
  ...wanted,
  flags: accountFlagBits(flags) ?? 0,
})

const transfer = ({ flags = [], ...wanted }: Wanted<TransferCommand>): TransferCommand => ({
  debit: UUID_ZERO,
  credit: UUID_ZERO,
  amount: 0n,
  pendingId: UUID_ZERO,
  ledger: 1,
  code: 1,
  timeoutS: 0,
  userData: 0n,
  timeMicros: 0n,
  currency: null,
  externalReference: null,
  bookDay: null,
  valueDay: null,
  metadata: null,
  ...wanted,
  flags: transferFlagBits(flags) ?? 0,
})

const REPLY: Reply = { status: 200, body: '{}', objectId: null, code: null }
const DEADLINE_MS = 60_000

/** Writes into a tenant's books by the one door there is, the commit. */
export type Books = {
  readonly accounts: (
    tenant: TenantId,
    commands: readonly Wanted<AccountCommand>[],
  ) => Promise<readonly string[]>
  readonly transfers: (
    tenant: TenantId,
    commands: readonly Wanted<TransferCommand>[],
  ) => Promise<readonly string[]>
  /** Moves the tenant's clock and ends the named holds. */
  readonly expireAfter: (tenant: TenantId, seconds: number, holds: readonly Uuid[]) => Promise<number>
  /** Records an event, and an idempotency key: answered, or left behind after its first step. */
  readonly event: (tenant: TenantId, key: string, phase: 'answered' | 'running') => Promise<void>
  readonly close: () => Promise<void>
}

const answerOf = <Answer>(outcome: { readonly kind: string; readonly answer?: Answer }): Answer => {
  if (outcome.answer === undefined) throw new Error(`the unit was ${outcome.kind}`)
  return outcome.answer
}

const eventUnit = (tenant: TenantId, key: string, phase: 'answered' | 'running'): Unit<null> => ({
  tenant,
  name: 'test.event',
  items: 1,
  bytes: 0,
  deadlineMs: Date.now() + DEADLINE_MS,
  claim: {
    scope: '',
    key,
    digest: Buffer.alloc(32),
    phase: phase === 'answered' ? 'whole' : 'open',
    worker: phase === 'answered' ? null : id(1),
  },
  reads: [],
  decide: (draft) => {
    emit(draft, { type: 'test.happened', data: {}, requestId: null, idempotencyKey: key })
    return phase === 'answered'
      ? { kind: 'answer', answer: null, reply: REPLY }
      : { kind: 'step', answer: null, step: { name: 'asked' }, leaseMs: 1 }
  },
})

export const openBooks = (access: Access): Books => {
  const pools = openPools(access)
  const commit = createCommit({
    connections: connectionsOf(pools.hot as unknown as Parameters<typeof connectionsOf>[0]),
    writers: [writeLedger],
    clock: { now: Date.now },
    classify: (error) => (classifyError(error) === 'transient' ? 'transient' : 'other'),
  })
  const request = <Made>(tenant: TenantId): Request<Made> => ({
    tenant,
    bytes: 0,
    deadlineMs: Date.now() + DEADLINE_MS,
    claim: null,
    reply: null,
  })
  return {
    accounts: async (tenant, commands) =>
      answerOf(await commit.submit(createAccountsUnit(request(tenant), commands.map(account)))),
    transfers: async (tenant, commands) =>
      answerOf(await commit.submit(createTransfersUnit(request(tenant), commands.map(transfer)))),
    expireAfter: async (tenant, seconds, holds) => {
      await withOwner(access.adminUrl, async (owner) => {
        await owner.query(`select set_config('evenkeel.tenant', $1, false)`, [String(tenant)])
        await owner.query(
          'update database.heads set clock_offset_micros = clock_offset_micros + $2 where tenant = $1',
          [tenant, seconds * 1_000_000],
        )
      })
      return answerOf(await commit.submit(expireUnit(request(tenant), holds)))
    },
    event: async (tenant, key, phase) => {
      await commit.submit(eventUnit(tenant, key, phase))
    },
    close: async () => {
      await commit.drain()
      await pools.end()
    },
  }
}

/** A connection that may do anything, for what must never happen. */
export const asSuperuser = async <Value>(
  access: Access,
  work: (client: pg.Client) => Promise<Value>,
): Promise<Value> => {
  const client = new pg.Client({ connectionString: access.adminUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
