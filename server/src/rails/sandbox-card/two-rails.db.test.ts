import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type AcquirerWorld, openAcquirer } from '../../../test/support/acquirer.ts'
import type { Authorise, Notification, Rail, Settlement } from '../port/index.ts'
import { declinedAs } from './declines.ts'
import { type Knobs, QUIET } from './knobs.ts'
import { writeOrders } from './rows.ts'
import { SANDBOX_RAILS, type SandboxRail } from './sandbox-rails.ts'
import { inTransaction, readDay, storeKnobs } from './transaction.ts'

let world: AcquirerWorld
let card: Rail
let express: Rail
before(async () => {
  world = await openAcquirer()
  const [first, second] = world.acquirer.rails
  assert.ok(first !== undefined && second !== undefined)
  card = first
  express = second
})
after(() => world.close())

let orders = 0
const orderOf = (name: string, changed: Partial<Authorise> = {}): Authorise => ({
  tenant: world.tenant,
  reference: `order${orders++}`,
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

const set = (rail: SandboxRail, knobs: Partial<Knobs>) =>
  inTransaction(world.pools.plain, world.tenant, (one) => storeKnobs(one, rail, { ...QUIET, ...knobs }))

/** What was told from then on, by the rail that told it. */
const toldAfter = async (seconds?: number): Promise<[SandboxRail, Notification][]> => {
  const from = world.heard.length
  await world.listen(seconds)
  return world.heard.slice(from).flatMap((message) => {
    const heard = [card, express].flatMap((rail) =>
      (rail.receive(message) ?? []).map((told): [SandboxRail, Notification] => [
        rail.name as SandboxRail,
        told,
      ]),
    )
    assert.equal(heard.length, 1, 'precisely one of them takes it')
    return heard
  })
}

const TWO_DAYS = 2 * 86_400

describe('two rails', () => {
  test('take the same cards, by the same tokens, and recognise them by the same fingerprint', async () => {
    assert.deepEqual([card.name, express.name], [...SANDBOX_RAILS])
    assert.equal(world.acquirer.rail, card)
    const entered = { number: '4242424242424242', expMonth: 12, expYear: 2040, cvc: '123' }
    const [one, other] = [card.tokenise(entered), express.tokenise(entered)]
    assert.ok(one.kind === 'tokenised' && other.kind === 'tokenised')
    assert.equal(one.fingerprint, other.fingerprint)
    assert.equal((await express.authorise(orderOf('visa', { token: one.token }))).kind, 'succeeded')
    assert.equal((await card.authorise(orderOf('visa', { token: other.token }))).kind, 'succeeded')
  })

  test('have no order in common: one’s is not found at the other, in whatever way it is asked for', async () => {
    for (const [own, other] of [
      [card, express],
      [express, card],
    ] as const) {
      const order = orderOf('visa', { capture: 'manual' })
      assert.equal((await own.authorise(order)).kind, 'succeeded')
      assert.equal((await other.enquire(world.tenant, order.reference)).kind, 'not_found')
      assert.equal((await own.enquire(world.tenant, order.reference)).kind, 'succeeded')
      const later = {
        tenant: world.tenant,
        reference: `${order.reference} later`,
        of: order.reference,
        amount: 10_000n,
        currency: 'EUR',
      }
      for (const follow of [other.capture, other.void, other.refund]) {
        const outcome = await follow({ ...later, reference: `${later.reference} ${orders++}` })
        assert.ok(outcome.kind === 'declined' && outcome.code === 'authorisation_missing')
      }
      assert.equal((await own.capture(later)).kind, 'succeeded')
    }
  })

  test('may get the same reference, and do each their own order', async () => {
    const order = orderOf('visa')
    const [one, other] = await Promise.all([
      card.authorise(order),
      express.authorise({ ...order, token: world.token('visa_chargeDeclined') }),
    ])
    assert.deepEqual([one.kind, other.kind], ['succeeded', 'declined'])
    assert.deepEqual(await card.enquire(world.tenant, order.reference), one)
    assert.deepEqual(await express.enquire(world.tenant, order.reference), other)
    const third = await express.authorise(orderOf('visa'))
    assert.ok(one.kind === 'succeeded' && third.kind === 'succeeded')
    assert.notEqual(one.railReference, third.railReference)
  })

  test('misbehave each as their own knobs say', async () => {
    await set('sandbox-express', { decline_rate: 1_000 })
    assert.equal((await card.authorise(orderOf('visa'))).kind, 'succeeded')
    assert.equal((await express.authorise(orderOf('visa'))).kind, 'declined')
    await set('sandbox-card', { lose_answers: true })
    assert.equal((await card.authorise(orderOf('visa'))).kind, 'unknown')
    assert.equal((await express.authorise(orderOf('visa'))).kind, 'declined')
    await set('sandbox-express', { duplicate_notifications: true })
    await set('sandbox-card', {})
    await world.listen()
    const [one, other] = [orderOf('createIssuerFraudRecord'), orderOf('createIssuerFraudRecord')]
    await card.authorise(one)
    await express.authorise(other)
    const told = await toldAfter()
    assert.equal(told.filter(([rail]) => rail === 'sandbox-express').length, 2)
    assert.equal(told.filter(([rail]) => rail === 'sandbox-card').length, 1)
    await set('sandbox-express', {})
  })

  test('tell of their own orders only, with the reference as it was sent', async () => {
    await world.listen()
    const [one, other] = [orderOf('createDispute'), orderOf('createDispute')]
    await card.authorise(one)
    await express.authorise({ ...other, reference: one.reference })
    const told = await toldAfter()
    const disputes = told.flatMap(([rail, say]) => (say.type === 'dispute' ? [{ rail, ...say }] : []))
    assert.deepEqual(
      disputes.map(({ rail, of }) => [rail, of]).toSorted(),
      [...SANDBOX_RAILS].map((rail) => [rail, one.reference]),
    )
    const [first, second] = disputes
    assert.notEqual(first?.dispute, second?.dispute)
    for (const { rail, dispute } of disputes) {
      const [own, stranger] = rail === 'sandbox-card' ? [card, express] : [express, card]
      const evidence = { tenant: world.tenant, dispute, text: 'winning_evidence' }
      assert.equal((await stranger.disputes?.submitEvidence(evidence))?.kind, 'not_found')
      assert.equal((await own.disputes?.submitEvidence(evidence))?.kind, 'taken')
    }
    const won = (await toldAfter()).flatMap(([rail, say]) =>
      say.type === 'dispute' ? [[rail, say.of, say.state]] : [],
    )
    assert.deepEqual(
      won.toSorted(),
      SANDBOX_RAILS.map((rail) => [rail, one.reference, 'won']),
    )
  })

  test('take an authentication only where they asked for it themselves', async () => {
    const order = orderOf('threeDSecure2Required')
    const asked = await card.authorise(order)
    assert.ok(asked.kind === 'requires_action')
    await inTransaction(world.pools.plain, world.tenant, ({ run }) =>
      run({
        name: 'test_authenticate',
        text: `update rails.authentications set status = 'succeeded', resolved_micros = 1 where tenant = $1 and id = $2`,
        values: [world.tenant, asked.authentication],
      }),
    )
    const again = { ...order, authentication: asked.authentication }
    assert.equal((await express.authorise(again)).kind, 'requires_action')
    assert.equal((await card.authorise(again)).kind, 'succeeded')
  })

  test('settle each their own, under names that are never the same', async () => {
    await world.listen(TWO_DAYS)
    const [one, other] = [
      orderOf('visa', { currency: 'SEK' }),
      orderOf('visa', { currency: 'SEK', amount: 700n }),
    ]
    await card.authorise(one)
    await express.authorise(other)
    const refund = { tenant: world.tenant, amount: 200n, currency: 'SEK', of: other.reference }
    assert.equal((await express.refund({ ...refund, reference: 'refund' })).kind, 'succeeded')
    const settled = (await toldAfter(TWO_DAYS)).flatMap(([rail, say]) =>
      say.type === 'settlement' ? [[rail, say.settlement] as const] : [],
    )
    const linesOf = ({ lines }: Settlement) => lines.map(({ reference, amount }) => [reference, amount])
    assert.deepEqual(settled.map(([rail, settlement]) => [rail, linesOf(settlement)]).toSorted(), [
      ['sandbox-card', [[one.reference, 10_000n]]],
      [
        'sandbox-express',
        [
          [other.reference, 700n],
          ['refund', -200n],
        ],
      ],
    ])
    const ids = settled.map(([, { id }]) => id).toSorted()
    assert.match(String(ids[0]), /^sbxset_\d+_sek_1$/)
    assert.match(String(ids[1]), /^sbxset_express_\d+_sek_1$/)
  })

  test('settle a capture twice where the knob says so, and the same ones each time', async () => {
    await set('sandbox-express', { double_post_rate: 1_000 })
    const order = orderOf('visa', { currency: 'NOK' })
    await express.authorise(order)
    await card.authorise(orderOf('visa', { currency: 'NOK' }))
    const settled = (await toldAfter(TWO_DAYS)).flatMap(([rail, say]) =>
      say.type === 'settlement' && say.settlement.currency === 'NOK' ? [[rail, say.settlement] as const] : [],
    )
    const counts = Object.fromEntries(settled.map(([rail, { lines }]) => [rail, lines.length]))
    assert.deepEqual(counts, { 'sandbox-card': 1, 'sandbox-express': 2 })
    const [, double] = settled.find(([rail]) => rail === 'sandbox-express') ?? []
    assert.deepEqual(
      double?.lines.map(({ reference }) => reference),
      [order.reference, order.reference],
    )
    assert.equal(double?.gross, 20_000n)
    await set('sandbox-express', {})
  })
})

describe('a rail that refuses before the issuer is asked', () => {
  test('says so, and its order is done: sent again it has the same answer', async () => {
    await set('sandbox-express', { refuse_rate: 1_000 })
    const order = orderOf('visa')
    const refused = await express.authorise(order)
    assert.ok(refused.kind === 'declined' && refused.beforeIssuer === true)
    assert.deepEqual(
      [refused.code, refused.networkDeclineCode, refused.isBlocked],
      ['processing_error', null, false],
    )
    await set('sandbox-express', {})
    assert.deepEqual(await express.authorise(order), refused)
    assert.deepEqual(await express.enquire(world.tenant, order.reference), refused)
  })

  test('never says it of an order that it has seen: what waits for the customer, or got lost', async () => {
    const waiting = orderOf('threeDSecure2Required')
    const lost = orderOf('orderLost')
    assert.equal((await express.authorise(waiting)).kind, 'requires_action')
    assert.equal((await express.authorise(lost)).kind, 'unknown')
    await set('sandbox-express', { refuse_rate: 1_000 })
    assert.equal((await express.authorise(waiting)).kind, 'requires_action')
    assert.equal((await express.authorise(lost)).kind, 'succeeded')
    await set('sandbox-express', {})
  })
})

test('a process that has not seen the order yet cannot say so over another’s question to the customer', async () => {
  const waiting = orderOf('threeDSecure2Required')
  assert.equal((await card.authorise(waiting)).kind, 'requires_action')
  const outcome = { ...declinedAs('refused_before_issuer'), beforeIssuer: true } as const
  const row = {
    ...waiting,
    kind: 'authorise',
    of: null,
    isCaptured: true,
    status: 'declined',
    outcome,
  } as const
  const written = await inTransaction(world.pools.plain, world.tenant, async (one) =>
    one.run(writeOrders(world.tenant, 'sandbox-card', await readDay(one), [{ ...row, settleDay: null }])),
  )
  assert.deepEqual(written, [])
  assert.equal((await card.enquire(world.tenant, waiting.reference)).kind, 'requires_action')
})

describe('the release before this one', () => {
  test('writes its orders on the new schema, and they are the first rail’s', async () => {
    const reference = 'of an older release'
    await inTransaction(world.pools.plain, world.tenant, ({ run }) =>
      run({
        name: 'test_older_release',
        text: `insert into rails.orders as o (tenant, reference, kind, "of", token, amount, currency, is_captured, status,
                                              outcome, settle_day, created_micros)
               values ($1, $2, 'authorise', null, null, 5, 'EUR', true, 'succeeded', '{"kind":"succeeded"}', null, 1)
               on conflict (tenant, reference) do update set status = excluded.status`,
        values: [world.tenant, reference],
      }),
    )
    assert.equal((await card.enquire(world.tenant, reference)).kind, 'succeeded')
    assert.equal((await express.enquire(world.tenant, reference)).kind, 'not_found')
    const rows = await world.ask(`select rail from rails.orders where reference = '${reference}'`)
    assert.deepEqual(rows, [{ rail: 'sandbox-card' }])
  })
})
