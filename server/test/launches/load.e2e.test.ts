import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { EvenkeelError } from '@evenkeel/sdk'
import { openPair, type Pair, settingsFor } from '../faults/runs/pair.ts'
import { type Ask, addPerson, asking } from './people.ts'

type Stamp = { readonly launch: string; readonly exposed: boolean; readonly reason: string }
type Charge = {
  readonly id: string
  readonly amount: number
  readonly status: string
  readonly rail: string
  readonly launches: readonly Stamp[]
}
type Launch = { readonly id: string; readonly content_hash: string; readonly exposure_bp: number }
type Paid = { readonly sentMs: number; readonly charge: Charge }

const CUSTOMERS = 60
const WORKERS = 16
/** Payments before a stop and after it, however long they take on a busy machine. */
const BEFORE = 80
const AFTER = 80
const WAIT_MOST_MS = 60_000
const AMOUNT_LEAST = 1_000
const AMOUNTS = 3_000
const DECLINED_EVERY = 6

const contentOf = (owner: string, name: string, perDay: number | null) => ({
  name,
  description: 'Under load, by two servers.',
  owner,
  currency: 'eur',
  subject: { type: 'route', rails: ['sandbox-express'] },
  unit: 'customer',
  benefit: { low: 1_000, high: 2_000, per: 'month', source: 'A test', as_of: 1_790_000_000 },
  forecast: { payments_per_day: 1_000, average_amount: 2_000, peak_per_second: 10 },
  components: ['routing'],
  stages: [
    {
      exposure_bp: perDay === null ? 5_000 : 10_000,
      min_matured_payments: 1_000,
      min_hours: 24,
      caps: { per_payment: null, per_stage: null, per_day: perDay },
      required_signers: ['business', 'technology'],
      forecast_payments_per_day: 500,
    },
  ],
  guardrails: [{ tier: 'invariant', metric: 'duplicate_debit' }],
  maturity_hours: 24,
  rollback_plan: 'Exposure to zero.',
  cover: [{ person: owner, contact: 'here', hours: 48 }],
})

const RISK = {
  text: 'The rail declines more',
  probability: 20,
  impact_low: 1_000,
  impact_high: 9_000,
  owner: 'Tadeo',
  mitigation: 'Exposure to zero',
  tripwire: null,
}

/** Two servers on one database, two people, and customers that pay by turns at both. */
class Scene {
  readonly #pair: Pair
  readonly #servers: readonly Ask[]
  readonly #business: Ask
  readonly #technology: Ask
  readonly #owner: string
  #customers: readonly string[] = []

  private constructor(pair: Pair, people: readonly { readonly id: string; readonly secret: string }[]) {
    this.#pair = pair
    const places = pair.servers.map((server) => server.place())
    this.#servers = places.map(({ address, apiKey }) => asking(address, apiKey))
    const address = places[0]?.address ?? ''
    const [business, technology] = people
    this.#business = asking(address, business?.secret ?? '')
    this.#technology = asking(address, technology?.secret ?? '')
    this.#owner = business?.id ?? ''
  }

  static async open(): Promise<Scene> {
    const pair = await openPair()
    const site = { settings: settingsFor(pair, pair.folder), folder: join(pair.folder, 'work') }
    const business = await addPerson(site, 'Beatrix', 'business')
    const technology = await addPerson(site, 'Tadeo', 'technology')
    const scene = new Scene(pair, [business, technology])
    await scene.#makeCustomers()
    return scene
  }

  close(): Promise<void> {
    return this.#pair.close()
  }

  /** One of the servers, by turns. */
  ask(turn: number): Ask {
    const ask = this.#servers[turn % this.#servers.length]
    assert.ok(ask !== undefined, 'there are servers')
    return ask
  }

  async #makeCustomers(): Promise<void> {
    const made = await Promise.all(
      Array.from({ length: CUSTOMERS }, (_, turn) =>
        this.ask(turn)<{ id: string }>('POST', '/v1/customers', { name: `Customer ${turn}` }),
      ),
    )
    this.#customers = made.map(({ id }) => id)
  }

  async start(name: string, perDay: number | null): Promise<Launch> {
    const draft = await this.#business<Launch>('POST', '/v1/launches', contentOf(this.#owner, name, perDay))
    const path = `/v1/launches/${draft.id}`
    await this.#technology('POST', `${path}/risks`, RISK)
    const { content_hash } = await this.#business<Launch>('POST', `${path}/premortem/open`)
    for (const who of [this.#business, this.#technology]) await who('POST', `${path}/sign`, { content_hash })
    return this.#business<Launch>('POST', `${path}/start`)
  }

  async pay(turn: number): Promise<Paid> {
    const ask = this.ask(turn)
    const sentMs = performance.now()
    try {
      const intent = await ask<{ latest_charge: Charge }>('POST', '/v1/payment_intents', {
        amount: AMOUNT_LEAST + ((turn * 7_919) % AMOUNTS),
        currency: 'eur',
        customer: this.#customers[turn % CUSTOMERS],
        payment_method: turn % DECLINED_EVERY === 0 ? 'pm_card_chargeDeclined' : 'pm_card_visa',
        payment_method_types: ['card'],
        confirm: true,
        expand: ['latest_charge'],
      })
      return { sentMs, charge: intent.latest_charge }
    } catch (error) {
      const id =
        error instanceof EvenkeelError ? (error.body as { error?: { charge?: string } }).error?.charge : null
      if (typeof id !== 'string') throw error
      return { sentMs, charge: await ask<Charge>('GET', `/v1/charges/${id}`) }
    }
  }

  /** Payments one after the other by each worker, at both servers, until it is told to stop. */
  load(): {
    readonly until: (isThere: (paid: readonly Paid[]) => boolean) => Promise<void>
    readonly stop: () => Promise<readonly Paid[]>
  } {
    const paid: Paid[] = []
    let isOver = false
    let turn = 0
    const work = async (): Promise<void> => {
      while (!isOver) paid.push(await this.pay(turn++))
    }
    const working = Promise.all(Array.from({ length: WORKERS }, work))
    return {
      until: async (isThere) => {
        const lastMs = performance.now() + WAIT_MOST_MS
        while (!isThere(paid) && performance.now() < lastMs) await pause(20)
      },
      stop: async () => {
        isOver = true
        await working
        return paid
      },
    }
  }
}

const isExposed = ({ charge }: Paid, launch: string): boolean =>
  charge.launches.some((stamp) => stamp.launch === launch && stamp.exposed)

describe('a launch under load, with two servers', () => {
  let scene: Scene | null = null
  before(async () => {
    scene = await Scene.open()
  })
  after(async () => scene?.close())
  const open = (): Scene => {
    assert.ok(scene !== null, 'the scene is open')
    return scene
  }

  for (const stoppedBy of [0, 1])
    test(`after server ${stoppedBy + 1} has answered a stop, no payment of either takes the stopped way`, async () => {
      const { id } = await open().start(`Stopped by ${stoppedBy + 1}`, null)
      const load = open().load()
      await load.until((paid) => paid.length >= BEFORE)
      await open().ask(stoppedBy)('POST', `/v1/launches/${id}/rollback`, { reason: 'A test stops it' })
      const answeredMs = performance.now()
      await load.until((paid) => paid.filter(({ sentMs }) => sentMs > answeredMs).length >= AFTER)
      const paid = await load.stop()
      const before = paid.filter(({ sentMs }) => sentMs <= answeredMs)
      const later = paid.filter(({ sentMs }) => sentMs > answeredMs)
      assert.ok(
        before.some((each) => isExposed(each, id)),
        'some went the launched way before',
      )
      assert.ok(later.length >= AFTER, `payments were sent after the stop: ${later.length}`)
      assert.deepEqual(
        later
          .filter((each) => isExposed(each, id) || each.charge.rail === 'sandbox-express')
          .map(({ charge }) => charge.id),
        [],
      )
    })

  test('a cap in money holds to the cent, and is used', async () => {
    const cap = 150_000
    const { id } = await open().start('Capped', cap)
    const load = open().load()
    const isCapped = ({ charge }: Paid): boolean =>
      charge.launches.some((stamp) => stamp.launch === id && stamp.reason === 'cap')
    await load.until((paid) => paid.filter(isCapped).length >= AFTER)
    const paid = await load.stop()
    const exposed = paid.filter((each) => isExposed(each, id))
    const capped = paid.filter(isCapped)
    const taken = exposed
      .filter(({ charge }) => charge.status === 'succeeded')
      .reduce((sum, { charge }) => sum + charge.amount, 0)
    assert.ok(capped.length > 0, 'the cap was reached')
    assert.ok(taken <= cap, `${taken} of ${cap}`)
    // What is left was given back by what was declined last, when nobody came any more who could take it.
    assert.ok(taken > cap - WORKERS * (AMOUNT_LEAST + AMOUNTS), `${taken} of ${cap} was used`)
    assert.ok(
      capped.every(({ charge }) => charge.rail === 'sandbox-card'),
      'above the cap a payment goes the ordinary way',
    )
    await open().ask(0)('POST', `/v1/launches/${id}/rollback`, { reason: 'The test is over' })
  })
})
