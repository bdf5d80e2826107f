import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type AcquirerWorld, openAcquirer } from '../../../test/support/acquirer.ts'
import type { Authorise, FollowUp, Notification } from '../port/index.ts'
import { QUIET } from './knobs.ts'
import { inTransaction, storeKnobs } from './transaction.ts'

let world: AcquirerWorld
before(async () => {
  world = await openAcquirer()
})
after(() => world.close())

let orders = 0
const orderOf = (name: string, changed: Partial<Authorise> = {}): Authorise => ({
  tenant: world.tenant,
  reference: `order ${orders++}`,
  token: world.token(name),
  amount: 10_000n,
  currency: 'EUR',
  capture: 'automatic',
  offSession: false,
  authentication: null,
  threeDSecure: 'automatic',
  statementDescriptor: null,
  isVerification: false,
  ...changed,
})

const later = (of: string, amount: bigint): FollowUp => ({
  tenant: world.tenant,
  reference: `later ${orders++}`,
  of,
  amount,
  currency: 'EUR',
})

const pay = async (name: string): Promise<Authorise> => {
  const order = orderOf(name)
  assert.equal((await world.acquirer.rail.authorise(order)).kind, 'succeeded')
  return order
}

type Told = Extract<Notification, { readonly type: 'dispute' }>

const disputesOf = (notifications: readonly Notification[], of: string): Told[] =>
  notifications.filter((one): one is Told => one.type === 'dispute' && one.of === of)

const DAY_SECONDS = 86_400

const submit = (dispute: string, text: string) => {
  const { disputes } = world.acquirer.rail
  assert.ok(disputes !== undefined)
  return disputes.submitEvidence({ tenant: world.tenant, dispute, text })
}

describe('disputes', () => {
  const opened = async (name: string): Promise<readonly [Authorise, Told]> => {
    const order = await pay(name)
    const [told] = disputesOf(await world.listen(), order.reference)
    assert.ok(told !== undefined)
    return [order, told]
  }

  test('a disputed payment is told of once it was captured, with its reason and the evidence’s time', async () => {
    const [, told] = await opened('createDisputeProductNotReceived')
    assert.deepEqual([told.state, told.reason, told.amount], ['opened', 'product_not_received', 10_000n])
    assert.ok(told.evidenceDueMicros !== null)
  })

  for (const [text, state] of [
    ['here is my winning_evidence', 'won'],
    ['losing_evidence', 'lost'],
  ] as const) {
    test(`evidence that says ${text} leads to ${state}, and to nothing else later`, async () => {
      const [order, told] = await opened('createDispute')
      assert.equal((await submit(told.dispute, text)).kind, 'taken')
      assert.equal((await submit(told.dispute, 'winning_evidence')).kind, 'closed')
      const states = disputesOf(await world.listen(20 * DAY_SECONDS), order.reference).map((one) => one.state)
      assert.deepEqual(states, [state])
    })
  }

  test('other evidence is lost when its time is over, and so is silence', async () => {
    const [order, told] = await opened('createDispute')
    assert.equal((await submit(told.dispute, 'a parcel number')).kind, 'taken')
    assert.deepEqual(disputesOf(await world.listen(), order.reference), [])
    const states = disputesOf(await world.listen(20 * DAY_SECONDS), order.reference).map((one) => one.state)
    assert.deepEqual(states, ['lost'])
  })

  test('an inquiry is closed, or becomes a dispute that can be won', async () => {
    const [left, first] = await opened('createDisputeInquiry')
    assert.equal(first.state, 'inquiry')
    const [order, told] = await opened('createDisputeInquiry')
    assert.equal((await submit(told.dispute, 'escalate_inquiry_evidence')).kind, 'taken')
    const [escalated] = disputesOf(await world.listen(), order.reference)
    assert.deepEqual([escalated?.state, escalated?.dispute], ['opened', told.dispute])
    assert.equal((await submit(told.dispute, 'winning_evidence')).kind, 'taken')
    const all = await world.listen(20 * DAY_SECONDS)
    assert.deepEqual(
      disputesOf(all, order.reference).map((one) => one.state),
      ['won'],
    )
    assert.deepEqual(
      disputesOf(all, left.reference).map((one) => one.state),
      ['closed'],
    )
  })

  test('giving up loses; two disputes of one payment have half of it each; a stranger’s is not found', async () => {
    const order = await pay('createMultipleDisputes')
    const told = disputesOf(await world.listen(), order.reference)
    assert.deepEqual(
      told.map(({ amount, reason }) => [amount, reason]),
      [
        [5_000n, 'fraudulent'],
        [5_000n, 'product_not_received'],
      ],
    )
    const desk = world.acquirer.rail.disputes
    assert.ok(desk !== undefined && told[0] !== undefined)
    const { dispute } = told[0]
    assert.equal((await desk.acceptDispute({ tenant: world.tenant, dispute })).kind, 'taken')
    assert.deepEqual(
      disputesOf(await world.listen(), order.reference).map((one) => one.state),
      ['lost'],
    )
    assert.equal((await submit('sbxdp_nothing', 'winning_evidence')).kind, 'not_found')
  })

  test('an early fraud warning is told of', async () => {
    const order = await pay('createIssuerFraudRecord')
    const told = (await world.listen()).filter((one) => one.type === 'early_fraud_warning')
    assert.deepEqual(
      told.map(({ of, fraudType }) => [of, fraudType]),
      [[order.reference, 'made_with_stolen_card']],
    )
  })
})

test('a refund fails after it succeeded, and may then be made again', async () => {
  const order = await pay('refundFail')
  const refund = later(order.reference, 10_000n)
  assert.equal((await world.acquirer.rail.refund(refund)).kind, 'succeeded')
  assert.equal((await world.acquirer.rail.refund(later(order.reference, 1n))).kind, 'declined')
  const told = (await world.listen()).filter((one) => one.type === 'refund_failed')
  assert.deepEqual(
    told.map(({ reference }) => reference),
    [refund.reference],
  )
  assert.equal((await world.acquirer.rail.refund(later(order.reference, 10_000n))).kind, 'succeeded')
})

describe('3-D Secure', () => {
  const page = (method: 'GET' | 'POST') => {
    const found = world.acquirer.pages.find((one) => one.method === method)
    assert.ok(found !== undefined)
    return found
  }
  const asked = async (): Promise<readonly [Authorise, string]> => {
    const order = orderOf('threeDSecure2Required')
    const outcome = await world.acquirer.rail.authorise(order)
    assert.ok(outcome.kind === 'requires_action')
    assert.equal(outcome.url, `/sandbox/authentications/${outcome.authentication}`)
    return [order, outcome.authentication]
  }
  const ANSWERED = { query: {}, form: { result: 'complete', return_url: 'https://shop.example/back?a=1' } }

  test('the page completes it, tells of it, leads back; and the order sent again with it succeeds', async () => {
    const [order, id] = await asked()
    const shown = await page('GET').handle({
      params: { id },
      query: { return_url: 'https://shop.example/"><script>' },
      form: {},
    })
    assert.ok(shown.kind === 'html' && shown.status === 200)
    assert.match(shown.html, /100\.00 EUR/)
    assert.equal(shown.html.includes('<script>'), false)
    assert.match(shown.policy, /form-action 'self' https:\/\/shop\.example/)
    const from = world.heard.length
    const answered = await page('POST').handle({ params: { id }, ...ANSWERED })
    const location = 'https://shop.example/back?a=1&redirect_status=succeeded'
    assert.deepEqual(answered, { kind: 'redirect', location })
    const [told] = world.heard.slice(from).flatMap((one) => world.acquirer.rail.receive(one) ?? [])
    assert.ok(told?.type === 'authentication' && told.result === 'succeeded')
    const again = await world.acquirer.rail.authorise({ ...order, authentication: id })
    assert.ok(again.kind === 'succeeded' && again.threeDSecure === 'authenticated')
    const another = orderOf('threeDSecure2Required', { token: order.token, authentication: id })
    assert.equal((await world.acquirer.rail.authorise(another)).kind, 'succeeded')
    const stolen = orderOf('threeDSecure2Required', { authentication: id })
    assert.equal((await world.acquirer.rail.authorise(stolen)).kind, 'requires_action')
  })

  test('failed, the order is declined; the second answer does not count', async () => {
    const [order, id] = await asked()
    await page('POST').handle({ params: { id }, query: {}, form: { result: 'fail' } })
    await page('POST').handle({ params: { id }, ...ANSWERED })
    const outcome = await world.acquirer.rail.enquire(world.tenant, order.reference)
    assert.ok(outcome.kind === 'declined')
    assert.equal(outcome.code, 'payment_intent_authentication_failure')
    assert.equal((await world.acquirer.rail.authorise({ ...order, authentication: id })).kind, 'declined')
    const another = orderOf('threeDSecure2Required', { token: order.token, authentication: id })
    assert.equal((await world.acquirer.rail.authorise(another)).kind, 'declined')
  })

  test('a page of nothing is 404, and only addresses of the web are led back to', async () => {
    for (const id of ['x', `sbx3ds_7_${'0'.repeat(32)}`, `sbx3ds_999_${'0'.repeat(32)}`]) {
      const shown = await page('GET').handle({ params: { id }, query: {}, form: {} })
      assert.ok(shown.kind === 'html' && shown.status === 404)
    }
    const [, id] = await asked()
    const form = { result: 'complete', return_url: 'javascript:alert(1)' }
    const answered = await page('POST').handle({ params: { id }, query: {}, form })
    assert.equal(answered.kind, 'html')
  })

  test('a card that was set up with the customer goes through without him', async () => {
    const token = world.token('authenticationRequiredOnSetup')
    const off = { token, offSession: true }
    const before = await world.acquirer.rail.authorise(orderOf('visa', off))
    assert.equal(before.kind, 'declined')
    const saving = orderOf('visa', { token, isVerification: true, amount: 0n })
    const outcome = await world.acquirer.rail.authorise(saving)
    assert.ok(outcome.kind === 'requires_action')
    await page('POST').handle({ params: { id: outcome.authentication }, ...ANSWERED })
    const { authentication } = outcome
    assert.equal((await world.acquirer.rail.authorise({ ...saving, authentication })).kind, 'succeeded')
    assert.equal((await world.acquirer.rail.authorise(orderOf('visa', off))).kind, 'succeeded')
  })
})

test('two processes do an order once, and see each other’s', async () => {
  const other = world.another()
  const order = orderOf('visa', { capture: 'manual' })
  const [one, two] = await Promise.all([world.acquirer.rail.authorise(order), other.rail.authorise(order)])
  assert.deepEqual(one, two)
  const halves = Array.from({ length: 10 }, () => later(order.reference, 6_000n))
  const answers = await Promise.all(
    halves.map((half, index) => (index % 2 === 0 ? world.acquirer : other).rail.capture(half)),
  )
  assert.equal(answers.filter(({ kind }) => kind === 'succeeded').length, 1)
})

test('payouts end as their destination says', async () => {
  const payOut = async (destination: string) => {
    const reference = `payout ${orders++}`
    const { tenant } = world
    const order = {
      tenant,
      reference,
      amount: 5_000n,
      currency: 'EUR',
      destination,
      statementDescriptor: null,
    }
    const first = await world.acquirer.rail.payOut(order)
    await world.listen()
    return [first.kind, (await world.acquirer.rail.enquire(tenant, reference)).kind]
  }
  assert.deepEqual(await payOut('sbx_bank_ok'), ['pending', 'succeeded'])
  assert.deepEqual(await payOut('sbx_bank_instant'), ['succeeded', 'succeeded'])
  assert.deepEqual(await payOut('sbx_bank_fails'), ['pending', 'declined'])
  assert.deepEqual(await payOut('elsewhere'), ['declined', 'declined'])
})

test('what comes next is known, and what could not be taken in is told again before what follows it', async () => {
  const own = await openAcquirer({ listens: false })
  let failures = 2
  const taken: string[] = []
  const another = own.another()
  const worker = another.startWorker({
    onMessage: async (message) => {
      const [told] = another.rail.receive(message) ?? []
      assert.ok(told !== undefined)
      if (failures-- > 0) throw new Error('not now')
      taken.push(told.type === 'dispute' ? told.reason : told.type)
    },
    onError: () => undefined,
  })
  try {
    assert.equal(await own.acquirer.nextDue(own.tenant), null)
    await another.rail.authorise({
      ...orderOf('createMultipleDisputes'),
      tenant: own.tenant,
      token: own.token('createMultipleDisputes'),
    })
    assert.notEqual(await own.acquirer.nextDue(own.tenant), null)
    const soon = BigInt(Date.now() + 60_000) * 1_000n
    for (let i = 0; i < 5; i++) await another.deliverDue(own.tenant, soon)
    assert.ok(failures < 0)
    assert.deepEqual(taken, ['fraudulent', 'product_not_received'])
  } finally {
    await worker.stop()
    await own.close()
  }
})

test('a server that stops takes in what it has begun with, and leaves the rest to the next one', async () => {
  const own = await openAcquirer({ listens: false })
  const another = own.another()
  let stopped: Promise<void> | null = null
  let taken = 0
  const listen = (onTaken: () => void) =>
    another.startWorker({
      onMessage: async () => {
        taken += 1
        onTaken()
      },
      onError: () => undefined,
    })
  const worker = listen(() => {
    stopped = worker.stop()
  })
  try {
    const name = 'createMultipleDisputes'
    await another.rail.authorise({ ...orderOf(name), tenant: own.tenant, token: own.token(name) })
    const soon = BigInt(Date.now() + 60_000) * 1_000n
    await another.deliverDue(own.tenant, soon)
    await stopped
    assert.equal(taken, 1)
    const next = listen(() => undefined)
    await another.deliverDue(own.tenant, soon)
    await next.stop()
    assert.equal(taken, 2)
  } finally {
    await worker.stop()
    await own.close()
  }
})

test('by itself the worker tells what is due, though nobody asks', async () => {
  const order = orderOf('toldTwice')
  const from = world.heard.length
  await world.acquirer.rail.authorise(order)
  for (let waits = 0; waits < 100 && world.heard.length < from + 2; waits++) await pause(100)
  const told = world.heard.slice(from).flatMap((one) => world.acquirer.rail.receive(one) ?? [])
  assert.equal(told.length, 2)
  assert.equal(told[0]?.id, told[1]?.id)
})

test('knobs: answers get lost and enquiry finds the orders; notifications come twice', async () => {
  const set = (knobs: object) =>
    inTransaction(world.pools.plain, world.tenant, (one) =>
      storeKnobs(one, 'sandbox-card', { ...QUIET, ...knobs }),
    )
  await set({ lose_answers: true, duplicate_notifications: true, latency_ms: 30 })
  const order = orderOf('createIssuerFraudRecord')
  const from = performance.now()
  assert.equal((await world.acquirer.rail.authorise(order)).kind, 'unknown')
  assert.ok(performance.now() - from >= 29)
  await set({ duplicate_notifications: true })
  assert.equal((await world.acquirer.rail.enquire(world.tenant, order.reference)).kind, 'succeeded')
  const told = (await world.listen()).filter((one) => one.type === 'early_fraud_warning')
  assert.equal(told.length, 2)
  await set({})
})
