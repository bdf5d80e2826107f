import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { inspect } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { writeAudit } from '../../src/audit/index.ts'
import { customersExpanders, writeCustomers } from '../../src/customers/index.ts'
import {
  type Commit,
  connectionsOf,
  createCommit,
  createRead,
  openPools,
  type Pools,
  type TimerHandler,
  withOwner,
} from '../../src/database/index.ts'
import { type Control, writeExposure } from '../../src/exposure/index.ts'
import { buildServer, createRegistry } from '../../src/http/index.ts'
import type { TenantId, Uuid, WallClock } from '../../src/kit/index.ts'
import { readTrialLine, trialBalance, writeLedger } from '../../src/ledger/index.ts'
import {
  clientSecrets,
  onNotification,
  type PaymentsDoor,
  paymentExpanders,
  paymentsErrors,
  paymentTimers,
  routesOf,
  writePayments,
} from '../../src/payments/index.ts'
import type { Notification, Rail } from '../../src/rails/index.ts'
import { routingErrors, routesOf as routingRoutesOf, writeRouting } from '../../src/routing/index.ts'
import { validate } from '../conformance/contract/validate.ts'
import { createFakeRail, type FakeRail } from './fake-rail.ts'
import { type Changed, putLive, type Wanted } from './live-launch.ts'
import { addTenant, type TestDatabase, withDatabase } from './postgres.ts'

/** Payments behind the real door, over a database of the test file's own and a rail that does what it is told. */
export type PaymentsWorld = {
  readonly database: TestDatabase
  readonly pools: Pools
  readonly door: PaymentsDoor
  readonly commit: Commit
  /** Where payments go, and the second one. */
  readonly fake: FakeRail
  readonly express: FakeRail
  /** How many units of a kind are lost from now on, as if the process was killed before them: those that take a rail's
   * answer in, and those that go on to the next rail. */
  readonly kill: { finishes: number; fallBacks: number }
  /** A tenant of its own, with everything that is asked of it. */
  readonly tenant: () => Promise<Books>
  readonly close: () => Promise<void>
}

export type Shown = Record<string, unknown>
export type Answered = { readonly status: number; readonly body: Shown; readonly replayed: boolean }

export type Books = {
  readonly id: TenantId
  readonly ask: (method: 'GET' | 'POST', path: string, form?: string, key?: string) => Promise<Answered>
  /** What it says, where it must succeed. */
  readonly have: (method: 'GET' | 'POST', path: string, form?: string) => Promise<Shown>
  /** A payment that succeeded: its charge. */
  readonly pay: (amount: number, more?: string) => Promise<Shown>
  readonly tell: (told: Told) => Promise<void>
  /** A launch that is live: everybody goes to `express`, where nothing else is wanted. Again with its id, it is changed. */
  readonly launch: (wanted?: Wanted) => Promise<Control & Changed>
  readonly events: () => Promise<{ readonly type: string; readonly object: Shown }[]>
  readonly rows: (sql: string) => Promise<Shown[]>
  /** As a superuser would: $1 is the tenant. */
  readonly tamper: (sql: string) => Promise<void>
  readonly moveClock: (days: number) => Promise<void>
  readonly moveMicros: (micros: bigint) => Promise<void>
  /** Lets the leases of all requests that are being worked on end. */
  readonly endLeases: () => Promise<void>
  /** Does what is due by the tenant's clock; with `wall`, also what waits for the wall clock, as if its time had come. */
  readonly fire: (also?: 'wall') => Promise<void>
  /** The balance by code of the chart, debits less credits, of what is posted. */
  readonly trial: () => Promise<Readonly<Record<number, bigint>>>
  /** Balance, balance transactions and ledger say the same, to the cent, and the books balance. */
  readonly agree: () => Promise<{ readonly available: number; readonly pending: number }>
}

export type Told = Notification extends infer One
  ? One extends Notification
    ? Omit<One, 'tenant'>
    : never
  : never

const quiet = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields: object, message: string) => process.stderr.write(`${message} ${inspect(fields)}\n`),
  child: () => quiet,
}

const CLOCK = { now: () => Date.now() }
const MICROS_PER_DAY = 86_400_000_000n
const AVAILABLE = 2200
const PENDING = 2100

const DEFINITIONS: Readonly<Record<string, string>> = {
  refund: 'Refund',
  dispute: 'Dispute',
  balance: 'Balance',
  balance_transaction: 'BalanceTransaction',
  charge: 'Charge',
  payment_intent: 'PaymentIntent',
}

/** Every object that is shown, in an answer or an event, is as Stripe's contract says. */
const checkShown = (body: Shown): void => {
  const definition = DEFINITIONS[String(body['object'])]
  if (definition !== undefined) assert.deepEqual(validate(definition, body), [])
  if (body['object'] === 'list') for (const item of body['data'] as Shown[]) checkShown(item)
}

type Ground = Omit<PaymentsWorld, 'tenant' | 'close'>

const askOf =
  (app: FastifyInstance, id: TenantId): Books['ask'] =>
  async (method, path, form = '', key) => {
    const response = await app.inject({
      method,
      url: method === 'POST' || form === '' ? path : `${path}?${form}`,
      headers: {
        authorization: `Bearer sk_test_${id}`,
        ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(method === 'POST' ? { payload: form } : {}),
    })
    const body = response.json() as Shown
    if (response.statusCode < 300) checkShown(body)
    const replayed = response.headers['idempotent-replayed'] === 'true'
    return { status: response.statusCode, body, replayed }
  }

const haveOf =
  (ask: Books['ask']): Books['have'] =>
  async (method, path, form) => {
    const { status, body } = await ask(method, path, form)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }

const trialOf =
  ({ door }: Ground, id: TenantId): Books['trial'] =>
  async () => {
    const [lines = []] = await door.read(id, [trialBalance(id, null)])
    const sums: Record<number, bigint> = {}
    let left = 0n
    for (const line of lines.map(readTrialLine)) {
      const posted = line.debitsPosted - line.creditsPosted
      sums[line.code] = (sums[line.code] ?? 0n) + posted
      left += posted
    }
    assert.equal(left, 0n, 'the books balance')
    return sums
  }

const asOwnerOf =
  ({ database }: Ground, id: TenantId) =>
  (sql: string, values: readonly unknown[]): Promise<void> =>
    withOwner(database.adminUrl, async (owner) => {
      await owner.query('begin')
      await owner.query(`select set_config('evenkeel.tenant', $1, true)`, [String(id)])
      await owner.query(sql, [...values])
      await owner.query('commit')
    })

const MOVE_CLOCK =
  'update database.heads set clock_offset_micros = clock_offset_micros + $2 where tenant = $1'
const END_LEASES = `update database.idempotency_keys set lease_until_ms = 0
                     where tenant = $1 and worker is not null`

const fireOf =
  ({ door }: Ground, id: TenantId, rows: Books['rows']): Books['fire'] =>
  async (also) => {
    const due = await rows(
      `select t.kind, t.subject from database.timers t join database.heads h on h.tenant = t.tenant
        where t.tenant = $1 and case when t.wall then ${also === 'wall'} else
              t.due_micros <= (extract(epoch from clock_timestamp()) * 1000000)::bigint + h.clock_offset_micros end
        order by t.due_micros`,
    )
    const handlers: Readonly<Record<string, TimerHandler>> = paymentTimers(door)
    for (const [kind, found] of Map.groupBy(due, ({ kind }) => String(kind)))
      await handlers[kind]?.(
        id,
        found.map(({ subject }) => subject as Uuid),
      )
  }

const sumOf = (parts: unknown): number =>
  (parts as { amount: number }[]).reduce((sum, { amount }) => sum + amount, 0)

const agreeOf =
  (have: Books['have'], trial: Books['trial']): Books['agree'] =>
  async () => {
    const balance = await have('GET', '/v1/balance')
    const list = await have('GET', '/v1/balance_transactions', 'limit=100')
    const sums = await trial()
    const data = list['data'] as { status: string; net: number }[]
    const net = (status: string): number =>
      data.filter((one) => one.status === status).reduce((sum, one) => sum + one.net, 0)
    const said = { available: sumOf(balance['available']), pending: sumOf(balance['pending']) }
    assert.deepEqual(said, { available: net('available'), pending: net('pending') })
    const booked = { available: -(sums[AVAILABLE] ?? 0n), pending: -(sums[PENDING] ?? 0n) }
    assert.deepEqual(said, { available: Number(booked.available), pending: Number(booked.pending) })
    return said
  }

const booksOf = (world: Ground, id: TenantId, app: FastifyInstance): Books => {
  const ask = askOf(app, id)
  const have = haveOf(ask)
  const rows: Books['rows'] = async (sql) => (await world.pools.reader.query(sql, [id])).rows
  const trial = trialOf(world, id)
  const asOwner = asOwnerOf(world, id)
  const moveMicros: Books['moveMicros'] = (micros) => asOwner(MOVE_CLOCK, [id, micros])
  return {
    id,
    ask,
    have,
    rows,
    trial,
    pay: async (amount, more = '') => {
      const form = `amount=${amount}&currency=eur&payment_method=pm_card_visa&confirm=true&return_url=https://example.com`
      const intent = await have('POST', '/v1/payment_intents', `${form}&expand[]=latest_charge${more}`)
      return intent['latest_charge'] as Shown
    },
    tell: async (told) => {
      await onNotification(world.door, world.fake.rail)({ ...told, tenant: id } as Notification)
    },
    launch: (wanted) => putLive(world.commit, id, wanted),
    events: async () => {
      const found = await rows('select type, data from database.events where tenant = $1 order by sequence')
      return found.map(({ type, data }) => {
        const { object } = data as { object: Shown }
        checkShown(object)
        return { type: String(type), object }
      })
    },
    endLeases: () => asOwner(END_LEASES, [id]),
    tamper: (sql) => asOwner(sql, [id]),
    moveMicros,
    moveClock: (days) => moveMicros(BigInt(days) * MICROS_PER_DAY),
    fire: fireOf(world, id, rows),
    agree: agreeOf(have, trial),
  }
}

const KEY = /^sk_test_(\d+)$/

const principalOf = (key: string) => {
  const tenant = KEY.exec(key)?.[1]
  if (tenant === undefined) return null
  return {
    tenant: Number(tenant) as TenantId,
    mode: 'test' as const,
    keyId: 'key_1',
    kind: 'secret' as const,
    permissions: 'all' as const,
    person: null,
  }
}

/** For tests that bring a clock, a rail or a commit of their own. */
export type PaymentsOptions = {
  readonly clock?: WallClock
  readonly rails?: readonly Rail[]
  readonly around?: (commit: Commit) => Commit
  readonly onError?: (fields: object, message: string) => void
}

/** A commit that loses the units that are to be lost. */
const killableCommit = (real: Commit, kill: PaymentsWorld['kill']): Commit => ({
  ...real,
  submit: (unit) => {
    const kind = unit.name.endsWith('.settle')
      ? 'finishes'
      : unit.name.endsWith('.fall_back')
        ? 'fallBacks'
        : null
    if (kind === null || kill[kind] === 0) return real.submit(unit)
    kill[kind]--
    return Promise.reject(new Error('killed'))
  },
})

export const openPayments = async (options: PaymentsOptions = {}): Promise<PaymentsWorld> => {
  const { clock = CLOCK, onError = quiet.error } = options
  const log = { ...quiet, error: onError, child: () => log }
  const database = await withDatabase()
  const pools = openPools({ appUrl: database.appUrl, readerUrl: database.readerUrl })
  const connections = connectionsOf(pools.hot)
  const writers = [
    writeLedger,
    ...writeCustomers,
    ...writePayments,
    ...writeExposure,
    writeRouting,
    ...writeAudit,
  ]
  const kill = { finishes: 0, fallBacks: 0 }
  const real = createCommit({ connections, writers, clock, classify: () => 'other' })
  const killable = killableCommit(real, kill)
  const commit = options.around?.(killable) ?? killable
  const fake = createFakeRail()
  const express = createFakeRail('express')
  const secrets = clientSecrets(createSecretKey(Buffer.alloc(32, 5)))
  const door: PaymentsDoor = {
    commit,
    read: createRead(connections),
    clock,
    expanders: { ...customersExpanders, ...paymentExpanders(secrets) },
    publicUrl: () => 'http://127.0.0.1:8484',
    rails: options.rails ?? [fake.rail, express.rail],
    secrets,
    settings: { fees: { bps: 290, fixed: 30 }, disputeFee: 1_500, settlementDelayDays: 2 },
  }
  const app = buildServer({
    routes: [
      ...routesOf(door),
      ...routingRoutesOf({ ...door, railNames: () => door.rails.map(({ name }) => name) }),
    ],
    authenticate: principalOf,
    wall: clock,
    log,
    registry: createRegistry(),
    metricsKey: null,
    ready: () => ({ ready: true, checks: {} }),
    info: { title: 'Payments', version: '1.0.0', description: 'Payments, for tests.' },
    errors: { ...paymentsErrors, ...routingErrors },
    checkAnswers: true,
  })
  const world = { database, pools, door, commit, fake, express, kill }
  let tenants = 0
  return {
    ...world,
    tenant: async () => booksOf(world, await addTenant(database, ++tenants), app),
    close: async () => {
      await app.close()
      await commit.drain()
      await pools.end()
      await database.close()
    },
  }
}
