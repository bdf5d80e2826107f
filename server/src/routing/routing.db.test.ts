import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Books, openRouting, type RoutingWorld } from '../../test/support/routing-world.ts'

let world: RoutingWorld
before(async () => {
  world = await openRouting()
})
after(() => world.close())

const DUTCH = { name: 'Dutch cards', countries: ['NL'], rails: ['sandbox-express', 'sandbox-card'] }
const LARGE = { currencies: ['eur'], amount_from: 100_000, rails: ['sandbox-express'] }
const PAYMENT = { currency: 'eur', amount: 2_500, country: 'NL', brand: 'visa' }

const codeOf = ({ body }: { readonly body: Record<string, unknown> }): unknown =>
  (body['error'] as { code: string } | undefined)?.code

const set = (books: Books, rules: unknown, more: object = {}) =>
  books.ask('POST', '/v1/routing', { rules, ...more })

describe('the table of rules', () => {
  test('is empty at first: every payment takes the default rail', async () => {
    const books = await world.tenant()
    const { body } = await books.ask('GET', '/v1/routing')
    assert.deepEqual(body, {
      object: 'routing',
      version: 0,
      updated: null,
      rules: [],
      default_rail: 'sandbox-card',
      rails: ['sandbox-card', 'sandbox-express'],
      livemode: false,
    })
    assert.equal(await books.route({ country: 'NL' }), null)
  })

  test('is replaced as a whole, and the next unit goes by it, in every process', async () => {
    const books = await world.tenant()
    const first = await set(books, [DUTCH, LARGE])
    assert.equal(first.status, 200)
    assert.equal(first.body['version'], 1)
    const facts = { country: 'NL', amount: 100_000n }
    assert.deepEqual(await books.route(facts), ['sandbox-express', 'sandbox-card'])
    assert.deepEqual(await books.route({ country: 'BE', amount: 100_000n }), ['sandbox-express'])
    assert.equal(await books.route({ country: 'BE', amount: 99_999n }), null)
    const second = await set(books, [LARGE])
    assert.equal(second.body['version'], 2)
    assert.deepEqual(await books.route(facts), ['sandbox-express'])
    assert.equal(await books.routeElsewhere({ country: 'NL', amount: 1n }), null)
    await set(books, [DUTCH])
    assert.deepEqual(await books.routeElsewhere({ country: 'NL', amount: 1n }), DUTCH.rails)
    assert.deepEqual((await books.ask('GET', '/v1/routing')).body['version'], 3)
  })

  test('is emptied, also by a form', async () => {
    const books = await world.tenant()
    await set(books, [DUTCH])
    const emptied = await books.ask('POST', '/v1/routing', 'rules=')
    assert.deepEqual([emptied.status, emptied.body['rules'], emptied.body['version']], [200, [], 2])
    const form = 'rules[0][countries][0]=NL&rules[0][rails][0]=sandbox-express'
    assert.equal((await books.ask('POST', '/v1/routing', form)).status, 200)
    assert.deepEqual(await books.route({ country: 'NL' }), ['sandbox-express'])
  })

  test('is not overwritten by who has read an older one', async () => {
    const books = await world.tenant()
    assert.equal((await set(books, [DUTCH], { if_version: 0 })).status, 200)
    const late = await set(books, [LARGE], { if_version: 0 })
    assert.deepEqual([late.status, codeOf(late)], [400, 'routing_version_stale'])
    assert.deepEqual(await books.route({ country: 'NL' }), DUTCH.rails)
    assert.equal((await set(books, [LARGE], { if_version: 1 })).status, 200)
  })

  test('of two who change the same version at once, one is told so', async () => {
    const books = await world.tenant()
    const all = await Promise.all([1, 2, 3, 4].map(() => set(books, [DUTCH], { if_version: 0 })))
    assert.equal(all.filter(({ status }) => status === 200).length, 1)
    assert.equal((await books.ask('GET', '/v1/routing')).body['version'], 1)
  })

  test('several changes of one moment all count', async () => {
    const books = await world.tenant()
    await Promise.all([1, 2, 3, 4].map(() => set(books, [DUTCH])))
    assert.equal((await books.ask('GET', '/v1/routing')).body['version'], 4)
  })

  test('is refused where it cannot be meant, and nothing changes', async () => {
    const books = await world.tenant()
    const cases: readonly [string, unknown][] = [
      ['routing_rail_unknown', [{ rails: ['fax'] }]],
      ['routing_rule_unreachable', [{ rails: ['sandbox-card'] }, DUTCH]],
      ['routing_amount_needs_currency', [{ amount_to: 5, rails: ['sandbox-card'] }]],
      ['currency_unknown', [{ currencies: ['zzz'], rails: ['sandbox-card'] }]],
      ['parameter_unknown', [{ colours: ['red'], rails: ['sandbox-card'] }]],
      ['parameter_missing', [{ countries: ['NL'] }]],
    ]
    for (const [code, rules] of cases) {
      const answer = await set(books, rules)
      assert.deepEqual([answer.status, codeOf(answer)], [400, code])
    }
    assert.equal((await books.ask('GET', '/v1/routing')).body['version'], 0)
    const many = Array.from({ length: 101 }, (_, at) => ({ merchants: [`m${at}`], rails: ['sandbox-card'] }))
    assert.equal((await set(books, many)).status, 400)
    assert.equal((await set(books, many.slice(1))).status, 200)
  })

  test('is one tenant’s', async () => {
    const [own, other] = [await world.tenant(), await world.tenant()]
    await set(own, [DUTCH])
    assert.equal(await other.route({ country: 'NL' }), null)
  })

  test('tells its change with the whole table', async () => {
    const books = await world.tenant()
    const { receipt: _, ...object } = (await set(books, [DUTCH])).body
    const events = await books.rows('select type, data from database.events where tenant = $1')
    assert.deepEqual(events, [{ type: 'routing.updated', data: { object } }])
  })
})

describe('the audit log', () => {
  test('says who changed what, before and after, and why; whoever did has the receipt', async () => {
    const books = await world.tenant()
    const first = await set(books, [DUTCH], { reason: 'express is cheaper there' })
    const second = await set(books, [])
    const refused = await set(books, [DUTCH], { if_version: 0 })
    assert.equal(refused.status, 400)
    const entries = await books.rows(
      'select position, hash, content from audit.entries where tenant = $1 order by position',
    )
    assert.equal(entries.length, 2)
    const [one, other] = entries.map(({ content }) => JSON.parse(String(content)))
    const rules = first.body['rules']
    assert.deepEqual(
      [one.action, one.subject, one.reason, one.actor.id, one.before, one.after],
      [
        'routing.updated',
        'routing',
        'express is cheaper there',
        'key_1',
        { version: 0, rules: [] },
        { version: 1, rules },
      ],
    )
    assert.deepEqual(
      [other.before, other.after],
      [
        { version: 1, rules },
        { version: 2, rules: [] },
      ],
    )
    assert.deepEqual(
      [first.body['receipt'], second.body['receipt']],
      entries.map(({ position, hash }) => ({ position: Number(position), hash })),
    )
  })
})

describe('a preview', () => {
  test('says which rails a payment would take, and by which rule', async () => {
    const books = await world.tenant()
    await set(books, [LARGE, DUTCH])
    const { body } = await books.ask('POST', '/v1/routing/preview', PAYMENT)
    assert.deepEqual(body, {
      object: 'routing.preview',
      rails: DUTCH.rails,
      rule: { position: 1, name: 'Dutch cards' },
      version: 1,
      livemode: false,
    })
    const other = await books.ask('POST', '/v1/routing/preview', { ...PAYMENT, country: 'BE' })
    assert.deepEqual([other.body['rails'], other.body['rule']], [['sandbox-card'], null])
  })

  test('tries rules that are not set yet, and sets nothing', async () => {
    const books = await world.tenant()
    const { body } = await books.ask('POST', '/v1/routing/preview', { ...PAYMENT, rules: [DUTCH] })
    assert.deepEqual([body['rails'], body['version']], [DUTCH.rails, null])
    assert.equal((await books.ask('GET', '/v1/routing')).body['version'], 0)
    const wrong = await books.ask('POST', '/v1/routing/preview', { ...PAYMENT, rules: [{ rails: ['fax'] }] })
    assert.equal(codeOf(wrong), 'routing_rail_unknown')
  })
})
