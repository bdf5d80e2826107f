import { createSecretKey } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { openPools, type Pools } from '../../src/database/index.ts'
import type { TenantId } from '../../src/kit/index.ts'
import type { InboundMessage, Notification } from '../../src/rails/index.ts'
import { createSandboxCard, type SandboxCard, testPaymentMethod } from '../../src/rails/index.ts'
import { addTenant, type TestDatabase, withDatabase } from './postgres.ts'

/** The sandbox's acquirer over a database of the test file's own, and everything that it tells. */
export type AcquirerWorld = {
  readonly database: TestDatabase
  readonly pools: Pools
  readonly tenant: TenantId
  readonly acquirer: SandboxCard
  /** Another process: an acquirer with nothing in common but the database. */
  readonly another: () => SandboxCard
  readonly heard: InboundMessage[]
  /** The token of a card by its name: visa for pm_card_visa. */
  readonly token: (name: string) => string
  /** Tells everything that will be due until then, in seconds from now, and gives it. */
  readonly listen: (seconds?: number) => Promise<Notification[]>
  readonly ask: (sql: string) => Promise<Record<string, unknown>[]>
  readonly close: () => Promise<void>
}

const SECRET = createSecretKey(Buffer.alloc(32, 3))
const MICROS_PER_MS = 1_000n
const FAR_SECONDS = 60

export const openAcquirer = async ({ listens = true } = {}): Promise<AcquirerWorld> => {
  const database = await withDatabase()
  const pools = openPools({ appUrl: database.appUrl, readerUrl: database.readerUrl })
  const tenant = await addTenant(database, 7)
  const another = (): SandboxCard =>
    createSandboxCard({
      pool: pools.plain,
      clock: { now: () => Date.now() },
      fingerprintKey: createSecretKey(Buffer.alloc(32, 1)),
      notificationSecret: SECRET,
      baseUrl: '',
    })
  const acquirer = another()
  const heard: InboundMessage[] = []
  const hear = {
    onMessage: async (message: InboundMessage) => {
      heard.push(message)
    },
    onError: (error: unknown) => {
      throw error
    },
  }
  const worker = listens ? acquirer.startWorker(hear) : null
  return {
    database,
    pools,
    tenant,
    acquirer,
    another,
    heard,
    token: (name) => {
      const entered = testPaymentMethod(`pm_card_${name}`)
      const made = entered === null ? null : acquirer.rail.tokenise(entered)
      if (made?.kind !== 'tokenised') throw new Error(`there is no test card ${name}`)
      return made.token
    },
    listen: async (seconds = FAR_SECONDS) => {
      const from = heard.length
      await acquirer.deliverDue(tenant, BigInt(Date.now() + seconds * 1_000) * MICROS_PER_MS)
      await pause(0)
      return heard
        .slice(from)
        .flatMap((message) => acquirer.rails.flatMap((rail) => rail.receive(message) ?? []))
    },
    ask: async (sql) => (await pools.reader.query(sql)).rows,
    close: async () => {
      await worker?.stop()
      await acquirer.settle()
      await pools.end()
      await database.close()
    },
  }
}
