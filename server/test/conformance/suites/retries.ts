import { createServer, type IncomingMessage, request as requestOver, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import type { Desk } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { CARD_ONLY } from './paying.ts'

/**
 * What stands between client and server and does harm to one request in its turn.
 *
 * before  The request never arrives.
 * answer  The server has done it; its answer is lost.
 * half    The server has done it; half of its answer arrives.
 */
type Harm = 'before' | 'answer' | 'half' | null

type Proxy = { readonly port: number; readonly arrived: () => number; readonly close: () => Promise<void> }

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const pieces: Buffer[] = []
  for await (const piece of message) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

const openProxy = async (address: string, harms: readonly Harm[]): Promise<Proxy> => {
  const target = new URL(address)
  let turn = 0
  const server: Server = createServer((incoming, outgoing) => {
    const harm = harms[turn] ?? null
    turn += 1
    if (harm === 'before') {
      incoming.socket.destroy()
      return
    }
    void (async () => {
      const body = await bodyOf(incoming)
      const onward = requestOver(
        {
          host: target.hostname,
          port: target.port,
          path: incoming.url,
          method: incoming.method,
          headers: { ...incoming.headers, host: target.host },
        },
        (answer) => {
          void bodyOf(answer).then((text) => {
            if (harm === 'answer') {
              incoming.socket.destroy()
              return
            }
            outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
            if (harm === 'half') {
              outgoing.write(text.subarray(0, text.length / 2))
              setImmediate(() => incoming.socket.destroy())
            } else outgoing.end(text)
          })
        },
      )
      onward.end(body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    arrived: () => turn,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const RUNS: readonly (readonly Harm[])[] = [
  ['before'],
  ['answer'],
  ['half'],
  ['before', 'answer'],
  ['answer', 'answer'],
  ['answer', 'before', 'half'],
]

/** An answer that ends in the middle is no retry of the client's: the program asks again, with the same key. */
const insistently = async <Value>(call: () => Promise<Value>): Promise<Value> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeConnectionError) || attempt === RUNS.length) throw error
    }
  }
}

const withoutDoubles = async (desk: Desk): Promise<void> => {
  const { check } = desk
  for (const [index, harms] of RUNS.entries()) {
    const what = `after ${harms.join(', ')}`
    const proxy = await openProxy(desk.address, harms)
    try {
      // The client that programs have by default: Node's own, with its retries.
      const stripe = new Stripe(desk.key, {
        host: '127.0.0.1',
        port: proxy.port,
        protocol: 'http',
        maxNetworkRetries: 4,
        telemetry: false,
      })
      const amount = 3_000 + index
      const options = harms.includes('half') ? { idempotencyKey: `payment-${index}` } : {}
      const intent = await insistently(() =>
        stripe.paymentIntents.create(
          { amount, currency: 'usd', payment_method: 'pm_card_visa', ...CARD_ONLY, confirm: true },
          options,
        ),
      )
      check.fields(`${what}: the payment`, intent, { status: 'succeeded', amount })
      check.ok(`${what}: it was tried more than once`, proxy.arrived() > harms.length)
      const charges = await desk.stripe.charges.list({ limit: 100 })
      check.equal(`${what}: one charge`, charges.data.filter((charge) => charge.amount === amount).length, 1)
      const intents = await desk.stripe.paymentIntents.list({ limit: 100 })
      check.equal(`${what}: one intent`, intents.data.filter((one) => one.amount === amount).length, 1)
      const refunding = await openProxy(desk.address, harms)
      const again = new Stripe(desk.key, {
        host: '127.0.0.1',
        port: refunding.port,
        protocol: 'http',
        maxNetworkRetries: 4,
        telemetry: false,
      })
      const refundOptions = harms.includes('half') ? { idempotencyKey: `refund-${index}` } : {}
      await insistently(() => again.refunds.create({ payment_intent: intent.id, amount: 500 }, refundOptions))
      await refunding.close()
      check.equal(
        `${what}: one refund`,
        (await desk.stripe.refunds.list({ payment_intent: intent.id })).data.length,
        1,
      )
    } finally {
      await proxy.close()
    }
  }
}

const givingUp = async (desk: Desk): Promise<void> => {
  const proxy = await openProxy(
    desk.address,
    Array.from({ length: 5 }, () => 'before' as const),
  )
  const stripe = new Stripe(desk.key, {
    host: '127.0.0.1',
    port: proxy.port,
    protocol: 'http',
    maxNetworkRetries: 1,
    telemetry: false,
  })
  await desk.check.refused('nobody answers', stripe.balance.retrieve(), { type: 'StripeConnectionError' })
  await proxy.close()
}

/** The rail is where an answer can be lost as well; the payment is found again by asking. */
const lostAtTheRail = async (desk: Desk): Promise<void> => {
  for (const name of ['pm_card_answerLost', 'pm_card_orderLost', 'pm_card_toldTwice']) {
    const stripe = desk.client({ maxNetworkRetries: 4 })
    const made = await stripe.paymentIntents.create(
      { amount: 4_000, currency: 'usd', payment_method: name, ...CARD_ONLY, confirm: true },
      { idempotencyKey: `lost-${name}` },
    )
    let intent = made
    for (let attempt = 0; attempt < 200 && intent.status === 'processing'; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      intent = await stripe.paymentIntents.retrieve(made.id)
    }
    desk.check.fields(name, intent, { status: 'succeeded', amount_received: 4_000 })
    const charges = await stripe.charges.list({ payment_intent: made.id })
    desk.check.equal(
      `${name}: one charge`,
      charges.data.map(({ status }) => status),
      ['succeeded'],
    )
  }
}

export const retries: Suite = {
  name: 'retries',
  cases: {
    'of the client never double anything': withoutDoubles,
    'end some time': givingUp,
    'of the rail neither': lostAtTheRail,
  },
}
