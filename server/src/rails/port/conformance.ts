import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TenantId } from '../../kit/index.ts'
import type {
  Authorise,
  Authorised,
  FollowUp,
  InboundMessage,
  Notification,
  Rail,
  RailOutcome,
} from './port.ts'

/** What an adapter brings to be examined. Its world is one where money may be moved. */
export type RailWorld = {
  readonly rail: Rail
  readonly tenant: TenantId
  /** Tokens of cards that behave as the words say. */
  readonly cards: {
    readonly succeeds: () => string
    readonly declines: () => string
    /** The order is done, and its answer gets lost. */
    readonly answerLost: () => string
    /** The order gets lost. */
    readonly orderLost: () => string
    /** Pending at first, and its notification comes twice. */
    readonly pending: () => string
    readonly refundPending: () => string
  }
  /** A number that `succeeds` stands for. */
  readonly number: string
  /** Lets everything that is due be told, and gives the messages that came in. */
  readonly listen: () => Promise<readonly InboundMessage[]>
  /** Every text that is stored anywhere on behalf of the rail. */
  readonly storedTexts: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

let references = 0
const newReference = (): string => `conformance-${process.pid}-${Date.now()}-${references++}`

const authoriseOrder = (world: RailWorld, token: string, changed: Partial<Authorise> = {}): Authorise => ({
  tenant: world.tenant,
  reference: newReference(),
  token,
  amount: 10_000n,
  currency: 'EUR',
  capture: 'manual',
  offSession: false,
  authentication: null,
  threeDSecure: 'automatic',
  statementDescriptor: null,
  isVerification: false,
  ...changed,
})

const later = (world: RailWorld, of: string, amount: bigint, reference = newReference()): FollowUp => ({
  tenant: world.tenant,
  reference,
  of,
  amount,
  currency: 'EUR',
})

const isKind = (outcome: Authorised | RailOutcome | { kind: string }, kind: string): void =>
  assert.equal(outcome.kind, kind, JSON.stringify(outcome))

type Open = () => RailWorld

/** An authorisation that stands. */
const authorised = async (world: RailWorld, changed: Partial<Authorise> = {}): Promise<Authorise> => {
  const order = authoriseOrder(world, world.cards.succeeds(), changed)
  isKind(await world.rail.authorise(order), 'succeeded')
  return order
}

const aboutReferences = (open: Open): void => {
  test('an order is done once for its reference, whatever is sent how often', async () => {
    const world = open()
    const order = authoriseOrder(world, world.cards.succeeds(), { capture: 'automatic' })
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.rail.authorise(order)))
    for (const answer of answers) assert.deepEqual(answer, answers[0])
    isKind(answers[0] ?? { kind: 'none' }, 'succeeded')
    assert.deepEqual(await world.rail.authorise(order), answers[0])
    const [one, other] = await Promise.all([
      world.rail.refund(later(world, order.reference, 10_000n)),
      world.rail.refund(later(world, order.reference, 10_000n)),
    ])
    assert.deepEqual([one.kind, other.kind].toSorted(), ['declined', 'succeeded'])
  })

  test('enquiry says what became of an order, and not_found of one that was never sent', async () => {
    const world = open()
    const order = authoriseOrder(world, world.cards.succeeds())
    isKind(await world.rail.enquire(world.tenant, order.reference), 'not_found')
    const answer = await world.rail.authorise(order)
    assert.deepEqual(await world.rail.enquire(world.tenant, order.reference), answer)
    const declined = authoriseOrder(world, world.cards.declines())
    const refusal = await world.rail.authorise(declined)
    isKind(refusal, 'declined')
    assert.deepEqual(await world.rail.enquire(world.tenant, declined.reference), refusal)
  })

  test('many orders at once are each answered with their own outcome', async () => {
    const world = open()
    const orders = Array.from({ length: 60 }, (_, index) =>
      authoriseOrder(world, index % 3 === 0 ? world.cards.declines() : world.cards.succeeds()),
    )
    const answers = await Promise.all(orders.map((order) => world.rail.authorise(order)))
    for (const [index, answer] of answers.entries())
      isKind(answer, index % 3 === 0 ? 'declined' : 'succeeded')
  })
}

const aboutUnknown = (open: Open): void => {
  test('an answer that was lost is unknown, and enquiry says what was done', async () => {
    const world = open()
    const order = authoriseOrder(world, world.cards.answerLost(), { capture: 'automatic' })
    isKind(await world.rail.authorise(order), 'unknown')
    isKind(await world.rail.enquire(world.tenant, order.reference), 'succeeded')
  })

  test('an order that was lost is unknown, enquiry says so, and sent again it is done', async () => {
    const world = open()
    const order = authoriseOrder(world, world.cards.orderLost(), { capture: 'automatic' })
    isKind(await world.rail.authorise(order), 'unknown')
    isKind(await world.rail.enquire(world.tenant, order.reference), 'not_found')
    isKind(await world.rail.authorise(order), 'succeeded')
    isKind(await world.rail.enquire(world.tenant, order.reference), 'succeeded')
  })

  test('nobody is charged twice, in whatever order sending again and asking go', async () => {
    const world = open()
    for (const token of [world.cards.answerLost(), world.cards.orderLost()]) {
      const order = authoriseOrder(world, token, { capture: 'automatic' })
      await Promise.all([
        world.rail.authorise(order),
        world.rail.enquire(world.tenant, order.reference),
        world.rail.authorise(order),
        world.rail.enquire(world.tenant, order.reference),
      ])
      await world.rail.authorise(order)
      isKind(await world.rail.enquire(world.tenant, order.reference), 'succeeded')
      isKind(await world.rail.refund(later(world, order.reference, 10_001n)), 'declined')
      isKind(await world.rail.refund(later(world, order.reference, 10_000n)), 'succeeded')
      isKind(await world.rail.refund(later(world, order.reference, 1n)), 'declined')
    }
  })
}

const aboutSums = (open: Open): void => {
  test('no more is captured than was authorised, in one part or several', async () => {
    const world = open()
    const order = await authorised(world)
    isKind(await world.rail.capture(later(world, order.reference, 10_001n)), 'declined')
    isKind(await world.rail.capture(later(world, order.reference, 4_000n)), 'succeeded')
    isKind(await world.rail.capture(later(world, order.reference, 6_001n)), 'declined')
    isKind(await world.rail.capture(later(world, order.reference, 6_000n)), 'succeeded')
  })

  test('the same capture sent again is one', async () => {
    const world = open()
    const order = await authorised(world)
    const capture = later(world, order.reference, 10_000n)
    const [one, other] = await Promise.all([world.rail.capture(capture), world.rail.capture(capture)])
    assert.deepEqual(one, other)
    isKind(one, 'succeeded')
    isKind(await world.rail.capture(capture), 'succeeded')
  })

  test('what was captured is not voided, and what was voided is not captured', async () => {
    const world = open()
    const taken = await authorised(world)
    isKind(await world.rail.capture(later(world, taken.reference, 100n)), 'succeeded')
    isKind(await world.rail.void(later(world, taken.reference, 10_000n)), 'declined')
    const left = await authorised(world)
    isKind(await world.rail.void(later(world, left.reference, 10_000n)), 'succeeded')
    isKind(await world.rail.capture(later(world, left.reference, 1n)), 'declined')
  })

  test('refunds together are at most what was captured', async () => {
    const world = open()
    const order = await authorised(world)
    isKind(await world.rail.refund(later(world, order.reference, 1n)), 'declined')
    isKind(await world.rail.capture(later(world, order.reference, 5_000n)), 'succeeded')
    isKind(await world.rail.refund(later(world, order.reference, 5_001n)), 'declined')
    const answers = await Promise.all(
      [2_000n, 2_000n, 2_000n].map((amount) => world.rail.refund(later(world, order.reference, amount))),
    )
    assert.equal(answers.filter(({ kind }) => kind === 'succeeded').length, 2)
    isKind(await world.rail.refund(later(world, order.reference, 1_000n)), 'succeeded')
    isKind(await world.rail.refund(later(world, order.reference, 1n)), 'declined')
  })

  test('an order about an authorisation that is not there, or was declined, is refused', async () => {
    const world = open()
    isKind(await world.rail.capture(later(world, 'nothing', 1n)), 'declined')
    const order = authoriseOrder(world, world.cards.declines())
    await world.rail.authorise(order)
    isKind(await world.rail.capture(later(world, order.reference, 1n)), 'declined')
  })
}

const told = (world: RailWorld, messages: readonly InboundMessage[]): Notification[] =>
  messages.flatMap((message) => world.rail.receive(message) ?? [])

const aboutNotifications = (open: Open): void => {
  test('what is pending is told later, perhaps twice, under one id', async () => {
    const world = open()
    const order = authoriseOrder(world, world.cards.pending(), { capture: 'automatic' })
    isKind(await world.rail.authorise(order), 'pending')
    isKind(await world.rail.enquire(world.tenant, order.reference), 'pending')
    const mine = told(world, await world.listen()).filter(
      (one) => one.type === 'order' && one.reference === order.reference,
    )
    assert.ok(mine.length >= 1)
    assert.equal(new Set(mine.map(({ id }) => id)).size, 1)
    isKind(await world.rail.enquire(world.tenant, order.reference), 'succeeded')
  })

  test('a refund that is pending succeeds later', async () => {
    const world = open()
    const order = authoriseOrder(world, world.cards.refundPending(), { capture: 'automatic' })
    isKind(await world.rail.authorise(order), 'succeeded')
    const refund = later(world, order.reference, 10_000n)
    isKind(await world.rail.refund(refund), 'pending')
    isKind(await world.rail.refund(later(world, order.reference, 1n)), 'declined')
    const notifications = told(world, await world.listen())
    assert.ok(
      notifications.some((one) => one.type === 'order' && one.reference === refund.reference),
      'it is told',
    )
    isKind(await world.rail.enquire(world.tenant, refund.reference), 'succeeded')
  })

  test('a message that cannot prove where it comes from is refused', async () => {
    const world = open()
    await world.rail.authorise(authoriseOrder(world, world.cards.pending()))
    const [message] = await world.listen()
    assert.ok(message !== undefined)
    assert.notEqual(world.rail.receive(message), null)
    const tampered = Buffer.from(message.body)
    tampered[tampered.length - 2] = (tampered[tampered.length - 2] ?? 0) ^ 1
    const [name = '', signature = ''] = Object.entries(message.headers)[0] ?? []
    const changed = `${signature.slice(0, -1)}${signature.endsWith('0') ? '1' : '0'}`
    assert.equal(world.rail.receive({ ...message, body: tampered }), null)
    assert.equal(world.rail.receive({ ...message, headers: {} }), null)
    assert.equal(world.rail.receive({ ...message, headers: { [name]: changed } }), null)
    assert.equal(world.rail.receive({ ...message, headers: { [name]: 'nonsense' } }), null)
  })
}

const aboutSecrets = (open: Open): void => {
  test('the number of a card is stored nowhere and in no token', async () => {
    const world = open()
    const order = authoriseOrder(world, world.cards.succeeds(), { capture: 'automatic' })
    await world.rail.authorise(order)
    assert.equal(order.token.includes(world.number), false)
    const texts = await world.storedTexts()
    assert.ok(
      texts.some((text) => text.includes(order.reference)),
      'the walk sees the order',
    )
    for (const text of texts) assert.equal(text.includes(world.number), false, 'a number is stored')
  })
}

/** Registers the tests that every rail must pass. */
export const examineRail = (name: string, openWorld: () => Promise<RailWorld>): void => {
  describe(`the rail ${name}`, () => {
    let world: RailWorld | null = null
    before(async () => {
      world = await openWorld()
    })
    after(async () => world?.close())
    const open = (): RailWorld => {
      assert.ok(world !== null, 'the world is open')
      return world
    }
    aboutReferences(open)
    aboutUnknown(open)
    aboutSums(open)
    aboutNotifications(open)
    aboutSecrets(open)
  })
}
