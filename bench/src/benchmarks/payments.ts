import { setTimeout as pause } from 'node:timers/promises'
import type { Tally } from '../books.ts'
import type { Client } from '../clients.ts'
import type { Sandbox } from '../database.ts'
import { unexpected } from '../http/ask.ts'
import { openConnections } from '../http/load.ts'
import { PAYMENT_AMOUNT, PAYMENT_FEE } from '../http/payment-requests.ts'
import type { Receiver } from '../http/receiver.ts'
import type { Program } from '../program.ts'
import type { Benchmark, Round } from '../runner.ts'
import type { Sizes } from '../sizes.ts'

export type PaymentsStand = {
  readonly server: Program
  readonly sandbox: Sandbox
  readonly receiver: Receiver
  readonly admin: Client
  readonly tally: Tally
  readonly sizes: Sizes
  /** The ids of all payments that were made, for the benchmarks that read. */
  readonly made: string[]
}

const TABLES = [
  'payments.intents',
  'payments.attempts',
  'payments.charges',
  'payments.balance_transactions',
  'ledger.transfers',
  'database.idempotency_keys',
  'database.idempotency_answers',
  'database.events',
]

/** A payment posts its amount and its fee. */
const TRANSFERS_EACH = 2

const SUCCEEDED = '"status":"succeeded"'
const PAYMENT_ID = /"id":"(pi_[0-9a-f]+)"/

const note = (stand: PaymentsStand, status: number, beginning: Buffer): string => {
  const text = beginning.toString('latin1')
  const id = PAYMENT_ID.exec(text)?.[1]
  if (status !== 200 || id === undefined || !text.includes(SUCCEEDED)) throw unexpected(status, beginning)
  stand.tally.add(stand.sandbox, TRANSFERS_EACH, BigInt(PAYMENT_AMOUNT + PAYMENT_FEE))
  stand.made.push(id)
  return id
}

type Wanted = {
  readonly key: string
  readonly what: string
  readonly width: number
  readonly request: () => string
}

/** Payments made and confirmed in one request each, while an endpoint listens to their success. */
export const payments = (stand: PaymentsStand, { key, what, width, request }: Wanted): Benchmark => {
  const { server, admin, sizes } = stand
  return {
    key,
    what,
    roundMs: sizes.paymentsMs,
    server: server.pid,
    writes: { admin, tables: TABLES },
    prepare: async (roundMs) => {
      const requests = Array.from({ length: sizes.paymentsMost }, request)
      const connections = await openConnections(server.port, width)
      return async () => {
        try {
          const { ms, latenciesMs } = await connections.send(requests, roundMs, (_, status, beginning) => {
            note(stand, status, beginning)
          })
          return { count: latenciesMs.length, ms, latenciesMs }
        } finally {
          connections.close()
        }
      }
    },
  }
}

const LOOK_MS = 5

/** Waits until each payment's webhook has come, or until so long after nothing has come any more. */
const allArrived = async (stand: PaymentsStand, answered: ReadonlyMap<string, number>): Promise<void> => {
  const untilMs = performance.now() + stand.sizes.webhooksMostMs
  const isMissing = (): boolean => [...answered.keys()].some((id) => !stand.receiver.arrivedMs.has(id))
  while (isMissing()) {
    if (performance.now() > untilMs) throw new Error('webhooks of payments did not come in time')
    await pause(LOOK_MS)
  }
}

/** Deliveries until the last payment's has come; a latency is from a payment's answer to its webhook. */
export const webhooks = (stand: PaymentsStand, width: number, request: () => string): Benchmark => {
  const { server, sizes, receiver } = stand
  return {
    key: 'webhooks',
    what: `webhooks of payments, ${width} connections; latency: from a payment's answer to its webhook`,
    roundMs: sizes.paymentsMs,
    server: server.pid,
    writes: null,
    prepare: async (roundMs) => {
      const requests = Array.from({ length: sizes.paymentsMost }, request)
      const connections = await openConnections(server.port, width)
      return async (): Promise<Round> => {
        try {
          const fromMs = performance.now()
          const answered = new Map<string, number>()
          await connections.send(requests, roundMs, (_, status, beginning) => {
            answered.set(note(stand, status, beginning), performance.now())
          })
          await allArrived(stand, answered)
          const arrivals = [...answered].map(([id, atMs]) => ({
            atMs,
            cameMs: receiver.arrivedMs.get(id) ?? atMs,
          }))
          const lastMs = Math.max(...arrivals.map(({ cameMs }) => cameMs))
          const latenciesMs = arrivals.map(({ atMs, cameMs }) => Math.max(0, cameMs - atMs))
          return { count: latenciesMs.length, ms: lastMs - fromMs, latenciesMs }
        } finally {
          connections.close()
        }
      }
    },
  }
}
