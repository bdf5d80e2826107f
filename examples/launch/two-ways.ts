// InnovateTech's fortnight, lived twice with the same customers and the same fault: once for the board's date, once by
// stages. `node examples/launch/two-ways.ts [days] [customers]` against a running server.

import { type Clock, takeClock } from './clock.ts'
import { AGGRESSIVE, contentOf, PHASED_SMALL, type Plan, risksOf } from './content.ts'
import { type Charge, isExposed, makeCustomers, payAll } from './customers.ts'
import type { Launch } from './story.ts'
import { makeWorld, type World } from './world.ts'

const DAYS = 14
const CUSTOMERS = 160
const HOURS_APART = 6
const ROUNDS_A_DAY = 24 / HOURS_APART

/** On the third day the new acquirer begins to decline good cards; three days later it has repaired that. */
const FAULT_FROM_DAY = 2
const REPAIRED_ON_DAY = 5
const FAULT_DECLINES = 400
/** Nobody watches a rate: it is support that notices, a day later. */
const NOTICED_AFTER_DAYS = 1

/** What InnovateTech reckons with: what it saves a payment, and what a good customer costs who is turned away. */
const SAVED_OF_10_000 = 40
const MARGIN_OF_100 = 20
const LOST_CUSTOMER_EVERY = 4
const LOST_CUSTOMER_COST = 4_000

export type Day = {
  readonly day: number
  readonly exposureBp: number
  readonly exposed: number
  readonly turnedAway: number
  /** Cents, since the beginning. */
  readonly earned: number
  readonly cost: number
}

/** A card that would have gone through at the old acquirer. */
const isTurnedAway = (charge: Charge, index: number, customers: number): boolean =>
  charge.status === 'failed' && (index % customers) % 40 !== 39

class Fortnight {
  readonly #world: World
  readonly #plan: Plan
  readonly #clock: Clock
  readonly #customers: readonly string[]
  readonly days: Day[] = []
  #launch = ''
  #earned = 0
  #cost = 0
  #turnedAway = 0

  constructor(world: World, plan: Plan, clock: Clock, customers: readonly string[]) {
    this.#world = world
    this.#plan = plan
    this.#clock = clock
    this.#customers = customers
  }

  #show(): Promise<Launch> {
    return this.#world.business.get<Launch>(`/v1/launches/${this.#launch}`)
  }

  async #signAndStart(hash: string): Promise<void> {
    const { business, technology } = this.#world
    for (const who of [business, technology])
      await who.post(`/v1/launches/${this.#launch}/sign`, { content_hash: hash })
    await business.post(`/v1/launches/${this.#launch}/start`)
  }

  async begin(): Promise<void> {
    const { business, program, owner } = this.#world
    const { data: people } = await program.get<{ data: { id: string; role: string }[] }>('/v1/people')
    const second = people.find(({ role }) => role === 'technology')?.id ?? owner
    const draft = await business.post<Launch>('/v1/launches', contentOf(this.#plan, owner, second))
    this.#launch = draft.id
    for (const risk of risksOf(this.#plan, 'business'))
      await business.post(`/v1/launches/${draft.id}/risks`, risk)
    const opened = await business.post<Launch>(`/v1/launches/${draft.id}/premortem/open`)
    await this.#signAndStart(opened.content_hash)
  }

  async #payRound(): Promise<number> {
    const charges = await payAll(this.#world.program, this.#customers)
    let exposed = 0
    for (const [index, charge] of charges.entries()) {
      if (!isExposed(charge, this.#launch)) continue
      exposed += 1
      if (charge.status === 'succeeded') this.#earned += (charge.amount * SAVED_OF_10_000) / 10_000
      if (!isTurnedAway(charge, index, this.#customers.length)) continue
      this.#turnedAway += 1
      this.#cost += (charge.amount * MARGIN_OF_100) / 100
      if (this.#turnedAway % LOST_CUSTOMER_EVERY === 0) this.#cost += LOST_CUSTOMER_COST
    }
    return exposed
  }

  /** Whoever must decide does so once a day. */
  async #decide(day: number): Promise<void> {
    const { business, technology, program } = this.#world
    const launch = await this.#show()
    const path = `/v1/launches/${launch.id}`
    if (launch.waiting?.for === 'approval' && launch.status === 'running') {
      const over = { stage: launch.stage, content_hash: launch.content_hash }
      for (const who of [technology, business]) await who.post(`${path}/approve`, over)
    }
    const isNoticed = day === FAULT_FROM_DAY + NOTICED_AFTER_DAYS && launch.exposure_bp > 0
    if (isNoticed)
      await business.post(`${path}/rollback`, { reason: 'Customers write that good cards are declined' })
    if (day === REPAIRED_ON_DAY) {
      await program.post('/v1/test_helpers/rails/sandbox-express', { decline_rate: 0 })
      if (launch.status === 'rolled_back') {
        const reopened = await business.post<Launch>(`${path}/reopen`)
        await this.#signAndStart(reopened.content_hash)
      }
    }
  }

  async live(day: number): Promise<void> {
    if (day === FAULT_FROM_DAY) {
      const fault = { decline_rate: FAULT_DECLINES }
      await this.#world.program.post('/v1/test_helpers/rails/sandbox-express', fault)
    }
    let exposed = 0
    const turnedAwayBefore = this.#turnedAway
    for (let round = 0; round < ROUNDS_A_DAY; round++) {
      exposed += await this.#payRound()
      await this.#clock.advance(HOURS_APART)
    }
    await this.#decide(day + 1)
    const { exposure_bp: exposureBp } = await this.#show()
    const turnedAway = this.#turnedAway - turnedAwayBefore
    const [earned, cost] = [Math.round(this.#earned), Math.round(this.#cost)]
    this.days.push({ day: day + 1, exposureBp, exposed, turnedAway, earned, cost })
  }
}

/** Lives the days of one plan, and says after each what it earned and what it cost. */
export const liveFortnight = async (
  baseUrl: string,
  plan: Plan,
  size: { readonly days: number; readonly customers: number },
  onDay: (day: Day) => void,
): Promise<readonly Day[]> => {
  const world = await makeWorld(baseUrl, 'two-ways')
  const customers = await makeCustomers(world.program, size.customers)
  const clock = await takeClock(world)
  const fortnight = new Fortnight(world, plan, clock, customers)
  await fortnight.begin()
  for (let day = 0; day < size.days; day++) {
    await fortnight.live(day)
    const last = fortnight.days.at(-1)
    if (last !== undefined) onDay(last)
  }
  await clock.release()
  return fortnight.days
}

const euros = (cents: number): string => `${(cents / 100).toFixed(2)} EUR`.padStart(13)

const print = ({ day, exposureBp, exposed, turnedAway, earned, cost }: Day): void => {
  const bar = '█'.repeat(Math.ceil(exposureBp / 500)).padEnd(20, '·')
  const share = `${exposureBp / 100} %`.padStart(6)
  const line = [
    `day ${String(day).padStart(2)}`,
    `${bar} ${share}`,
    `${String(exposed).padStart(4)} launched`,
    `${String(turnedAway).padStart(3)} turned away`,
    `saved ${euros(earned)}`,
    `cost ${euros(cost)}`,
    `sum ${euros(earned - cost)}`,
  ]
  process.stdout.write(`${line.join('  ')}\n`)
}

if (import.meta.main) {
  const [days = DAYS, customers = CUSTOMERS] = process.argv.slice(2).map(Number)
  const baseUrl = process.env['EVENKEEL_URL'] ?? 'http://127.0.0.1:8484'
  for (const [title, plan] of [
    ['For the board date: everybody at once', AGGRESSIVE],
    ['By stages: 10 %, 30 %, all', PHASED_SMALL],
  ] as const) {
    process.stdout.write(`\n${title}\n`)
    await liveFortnight(baseUrl, plan, { days, customers }, print)
  }
}
