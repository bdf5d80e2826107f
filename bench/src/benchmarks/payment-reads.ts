import type { Client } from '../clients.ts'
import type { Sandbox } from '../database.ts'
import { unexpected } from '../http/ask.ts'
import { openConnections } from '../http/load.ts'
import { PAYMENTS_PATH } from '../http/payment-requests.ts'
import { get } from '../http/requests.ts'
import type { Benchmark } from '../runner.ts'
import type { PaymentsStand } from './payments.ts'

/**
 * Fills the table of payments up by copies of those that were made, each under an id and a time of its own: made over
 * HTTP they would take a quarter of an hour. What is read is found in the same indexes over as many rows.
 */
export const fillPayments = async (admin: Client, { tenant }: Sandbox, count: number): Promise<void> => {
  await admin.query(
    `insert into payments.intents (tenant, id, created_micros, customer, status, body)
     select tenant, md5(id::text || n)::uuid, created_micros - n::bigint * 1000000, customer, status, body
       from (select * from payments.intents where tenant = $1 limit 1) one, generate_series(1, $2) n`,
    [tenant, count],
  )
  await admin.query('analyze payments.intents')
}

const READ_WIDTH = 32

type Wanted = { readonly key: string; readonly what: string; readonly path: () => string }

const reading = ({ server, sandbox, sizes }: PaymentsStand, { key, what, path }: Wanted): Benchmark => ({
  key,
  what: `${what}, ${READ_WIDTH} connections`,
  roundMs: sizes.readsMs,
  server: server.pid,
  writes: null,
  prepare: async (roundMs) => {
    const requests = Array.from({ length: sizes.readsMost }, () => get(path(), sandbox.key))
    const connections = await openConnections(server.port, READ_WIDTH)
    return async () => {
      try {
        const { ms, latenciesMs } = await connections.send(requests, roundMs, (_, status, beginning) => {
          if (status !== 200) throw unexpected(status, beginning)
        })
        return { count: latenciesMs.length, ms, latenciesMs }
      } finally {
        connections.close()
      }
    }
  },
})

const anyOf = <Item>(items: readonly Item[]): Item | undefined =>
  items[Math.floor(Math.random() * items.length)]

/** One payment by its id, and a page of ten that starts after one of them. */
export const paymentReads = (stand: PaymentsStand, count: number): Benchmark[] => {
  const among = `among ${count.toLocaleString('en')} payments`
  return [
    reading(stand, {
      key: 'retrieve',
      what: `a payment ${among}`,
      path: () => `${PAYMENTS_PATH}/${anyOf(stand.made)}`,
    }),
    reading(stand, {
      key: 'list',
      what: `a page of 10 payments ${among}`,
      path: () => `${PAYMENTS_PATH}?limit=10&starting_after=${anyOf(stand.made)}`,
    }),
  ]
}
