import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { type Desk, until } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { pay } from './paying.ts'

type Delivery = {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly path: string
}

type Receiver = {
  readonly url: string
  readonly deliveries: Delivery[]
  /** What the next deliveries are answered with; 200 where nothing is left. */
  readonly answers: number[]
  readonly close: () => Promise<void>
}

const openReceiver = async (): Promise<Receiver> => {
  const deliveries: Delivery[] = []
  const answers: number[] = []
  const server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.setEncoding('utf8')
    incoming.on('data', (piece: string) => {
      body += piece
    })
    incoming.on('end', () => {
      deliveries.push({ headers: incoming.headers as Record<string, string>, body, path: incoming.url ?? '' })
      outgoing.writeHead(answers.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    answers,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const endpoints = async ({ stripe, check, events }: Desk): Promise<void> => {
  const made = await stripe.webhookEndpoints.create({
    url: 'https://example.com/hook',
    enabled_events: ['charge.succeeded', 'charge.failed'],
    description: 'first',
    metadata: { a: '1' },
  })
  check.fields('an endpoint', made, {
    id: /^we_/,
    object: 'webhook_endpoint',
    url: 'https://example.com/hook',
    enabled_events: ['charge.succeeded', 'charge.failed'],
    status: 'enabled',
    secret: /^whsec_/,
    description: 'first',
    'metadata.a': '1',
    livemode: false,
    application: null,
  })
  check.equal('its secret is shown once', (await stripe.webhookEndpoints.retrieve(made.id)).secret, undefined)
  const updated = await stripe.webhookEndpoints.update(made.id, {
    enabled_events: ['*'],
    disabled: true,
    metadata: { a: '', b: '2' },
  })
  check.fields('updated', updated, { enabled_events: ['*'], status: 'disabled', metadata: { b: '2' } })
  check.equal(
    'listed',
    (await stripe.webhookEndpoints.list()).data.map(({ id }) => id),
    [made.id],
  )
  check.equal('deleted', JSON.parse(JSON.stringify(await stripe.webhookEndpoints.del(made.id))), {
    id: made.id,
    object: 'webhook_endpoint',
    deleted: true,
  })
  check.equal('and gone', (await stripe.webhookEndpoints.list()).data, [])
  await check.refused('read after that', stripe.webhookEndpoints.retrieve(made.id), {
    code: 'resource_missing',
    statusCode: 404,
  })
  const invalid = { type: 'StripeInvalidRequestError', statusCode: 400 }
  await check.refused(
    'an address that is none',
    stripe.webhookEndpoints.create({ url: 'nowhere', enabled_events: ['*'] }),
    { ...invalid, param: 'url' },
  )
  await check.refused(
    'an event of nobody',
    stripe.webhookEndpoints.create({
      url: 'https://example.com',
      enabled_events: ['charge.exploded' as never],
    }),
    invalid,
  )
  await check.refused(
    'an address in a private network',
    stripe.webhookEndpoints.create({ url: 'http://10.0.0.1/', enabled_events: ['*'] }),
    invalid,
  )
  await events()
}

const deliver = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const receiver = await openReceiver()
  try {
    const endpoint = await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['payment_intent.succeeded', 'charge.succeeded'],
    })
    const secret = endpoint.secret ?? ''
    const intent = await pay(desk, { metadata: { text: 'ž € 漢' } })
    await until('two deliveries', async () => receiver.deliveries.length >= 2)
    for (const { headers, body } of receiver.deliveries) {
      const event = stripe.webhooks.constructEvent(body, headers['stripe-signature'] ?? '', secret)
      check.fields('a delivery', event, {
        object: 'event',
        id: /^evt_/,
        livemode: false,
        api_version: '2026-10-28.endive',
      })
      const stored = await stripe.events.retrieve(event.id)
      check.equal('is the event', JSON.stringify(event.data), JSON.stringify(stored.data))
      check.matches('has the headers of Standard Webhooks', headers['webhook-id'], /./)
      check.matches('with a time', headers['webhook-timestamp'], /^\d+$/)
      check.matches('and a signature', headers['webhook-signature'], /^v1,/)
      check.matches('is JSON', headers['content-type'], /^application\/json/)
      check.equal(
        'in the right form',
        await stripe.webhooks
          .constructEventAsync(body, headers['stripe-signature'] ?? '', secret)
          .then(({ id }) => id),
        event.id,
      )
    }
    const types = receiver.deliveries.map(({ body }) => JSON.parse(body).type as string)
    check.equal('what was asked for', types.toSorted(), ['charge.succeeded', 'payment_intent.succeeded'])
    const [one] = receiver.deliveries
    if (one === undefined) return
    const verify = (body: string, signature: string, key: string): Promise<Stripe.Event> =>
      stripe.webhooks.constructEventAsync(body, signature, key)
    const signature = one.headers['stripe-signature'] ?? ''
    const refused = { type: 'StripeSignatureVerificationError' }
    await check.refused('another secret', verify(one.body, signature, 'whsec_other'), refused)
    await check.refused('another body', verify(one.body.replace('2000', '2001'), signature, secret), refused)
    await check.refused('no signature', verify(one.body, '', secret), refused)
    const event = await until('pending_webhooks', async () => {
      const read = await stripe.events.retrieve(JSON.parse(one.body).id as string)
      return read.pending_webhooks === 0 ? read : null
    })
    check.equal('nothing is pending after it', event.pending_webhooks, 0)
    check.ok(
      'the intent is in one',
      receiver.deliveries.some(({ body }) => body.includes(intent.id)),
    )
    await stripe.webhookEndpoints.del(endpoint.id)
    await pay(desk)
    await new Promise((resolve) => setTimeout(resolve, 300))
    check.equal('a deleted endpoint gets nothing', receiver.deliveries.length, 2)
  } finally {
    await receiver.close()
  }
}

const again = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const receiver = await openReceiver()
  try {
    receiver.answers.push(500)
    const endpoint = await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['customer.created'],
    })
    const customer = await stripe.customers.create()
    const [first] = await until('the first delivery', async () =>
      receiver.deliveries.length > 0 ? receiver.deliveries : null,
    )
    const event = await stripe.events.retrieve(JSON.parse(first?.body ?? '{}').id as string)
    check.fields('a delivery that failed is still pending', event, {
      pending_webhooks: 1,
      'data.object.id': customer.id,
    })
    await until('the second delivery', async () => receiver.deliveries.length >= 2, 300)
    check.equal(
      'is of the same event',
      receiver.deliveries.map(({ body }) => JSON.parse(body).id as string),
      [event.id, event.id],
    )
    check.equal(
      'with the same id',
      receiver.deliveries[1]?.headers['webhook-id'],
      receiver.deliveries[0]?.headers['webhook-id'],
    )
    await stripe.webhookEndpoints.del(endpoint.id)
  } finally {
    await receiver.close()
  }
}

const own = async ({ check }: Desk): Promise<void> => {
  const stripe = new Stripe('sk_test_x')
  const payload = JSON.stringify({ id: 'evt_1', object: 'event' })
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_test' })
  check.fields('the SDK’s own test header', stripe.webhooks.constructEvent(payload, header, 'whsec_test'), {
    id: 'evt_1',
  })
}

export const webhooks: Suite = {
  name: 'webhooks',
  cases: {
    'endpoints are made, changed and deleted': endpoints,
    'are delivered, signed': deliver,
    'are delivered again': again,
    'and the SDK agrees with itself': own,
  },
}
