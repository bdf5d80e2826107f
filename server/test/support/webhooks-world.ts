import assert from 'node:assert/strict'
import { type Commit, createRead, type Unit } from '../../src/database/index.ts'
import { newSecret } from '../../src/events/deliver/sign.ts'
import { recordEvent } from '../../src/events/record.ts'
import { sealSecret } from '../../src/events/secrets.ts'
import { endpoints, writeWebhooks } from '../../src/events/store/endpoints.ts'
import { createEndpointUnit } from '../../src/events/units.ts'
import { startWebhooks, type Webhooks } from '../../src/events/worker.ts'
import { type Micros, newUuid, type TenantId, type Uuid } from '../../src/kit/index.ts'
import { openVault, type Vault } from '../../src/vault/index.ts'
import { testKeyring } from './postgres.ts'
import { answerOf, unitOf } from './pots.ts'
import { openPotsDatabase, type PotsDatabase } from './pots-database.ts'
import { type Receiver, startReceiver } from './receiver.ts'

export const SECOND = 1_000_000n
export const HOUR = 3_600n * SECOND

export const requestOf = (tenant: TenantId) => ({
  tenant,
  bytes: 0,
  deadlineMs: Number.MAX_SAFE_INTEGER,
  claim: null,
})

export type MadeEndpoint = { readonly id: Uuid; readonly secret: string }

/** The numbers that an object's events were given, in the order in which they arrived. */
export const numbersOf = (receiver: Receiver, object: string): number[] =>
  receiver.received
    .filter(({ event }) => event.data.object.id === object)
    .map(({ event }) => event.data.object.n)

/** A database with webhooks, things that happen in it, and receivers to be told. */
export class WebhooksWorld {
  readonly base: PotsDatabase
  readonly commit: Commit
  readonly vault: Vault
  readonly warned: string[] = []
  readonly #workers: Webhooks[] = []
  readonly #receivers: Receiver[] = []

  constructor(base: PotsDatabase) {
    this.base = base
    this.commit = base.commit({ writers: [writeWebhooks] })
    this.vault = openVault(testKeyring, base.pools.plain)
  }

  startWorker(): Webhooks {
    const worker = startWebhooks({
      connections: this.base.connections,
      commit: this.commit,
      vault: this.vault,
      clock: { now: () => Date.now() },
      reachable: { allowPrivate: false, isLocal: true },
      log: { warn: (fields, message) => void this.warned.push(`${message} ${JSON.stringify(fields)}`) },
      chance: () => 0,
    })
    this.#workers.push(worker)
    return worker
  }

  async receive(): Promise<Receiver> {
    const receiver = await startReceiver()
    this.#receivers.push(receiver)
    return receiver
  }

  async ok(unit: Unit<null>): Promise<{ readonly id: string }> {
    const outcome = await this.commit.submit(unit)
    assert.equal(outcome.kind, 'decided')
    const reply = outcome.kind === 'decided' ? outcome.reply : null
    assert.equal(reply?.status, 200, reply?.body)
    return JSON.parse(reply?.body ?? '')
  }

  async wanted(tenant: TenantId, url: string, enabledEvents: readonly string[]) {
    const [id, secret] = [newUuid(Date.now()), newSecret()]
    const sealed = sealSecret(await this.vault.dataKey(tenant), tenant, id, secret)
    const wanted = {
      id,
      url,
      enabledEvents,
      description: null,
      metadata: {},
      apiVersion: null,
      livemode: false,
      secrets: [{ sealed, expiresMs: null }],
    }
    return { wanted, secret }
  }

  async listen(tenant: TenantId, url: string, types: readonly string[] = ['*']): Promise<MadeEndpoint> {
    const { wanted, secret } = await this.wanted(tenant, url, types)
    await this.ok(createEndpointUnit(requestOf(tenant), { wanted, secret, seal: () => null, count: 0 }))
    return { id: wanted.id, secret }
  }

  /** Things that happen to objects, one after the other. */
  happen(tenant: TenantId, objects: readonly string[], type = 'charge.updated'): Promise<number> {
    const unit = unitOf({
      tenant,
      decide: (draft) => {
        for (const [n, id] of objects.entries())
          recordEvent(draft, { type, object: { id, n }, request: null })
        return objects.length
      },
    })
    return answerOf(this.commit.submit(unit))
  }

  moveClock(tenant: TenantId, micros: Micros): Promise<void> {
    return this.base.asOwner(
      tenant,
      'update database.heads set clock_offset_micros = clock_offset_micros + $2 where tenant = $1',
      [tenant, micros],
    )
  }

  deliveries(tenant: TenantId, endpoint: Uuid): Promise<unknown[][]> {
    return this.base.ask(
      tenant,
      `select state, attempts from events.deliveries where tenant = $1 and endpoint = $2 order by event_sequence`,
      [tenant, endpoint],
    )
  }

  /** Waits until the endpoint's deliveries stand like this. */
  async settled(tenant: TenantId, endpoint: Uuid, states: readonly number[]): Promise<void> {
    const lastMs = Date.now() + 10_000
    for (;;) {
      const found = (await this.deliveries(tenant, endpoint)).map(([state]) => state)
      if (JSON.stringify(found) === JSON.stringify(states)) return
      if (Date.now() > lastMs) assert.deepEqual(found, states)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async endpointOf(tenant: TenantId, id: Uuid) {
    const read = createRead(this.base.connections)
    const [rows = []] = await read(tenant, [endpoints.find(tenant, [id])])
    const [raw] = rows
    assert.ok(raw !== undefined)
    return endpoints.read(raw)
  }

  /** Ends what a test has started. */
  async rest(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()))
    for (const receiver of this.#receivers.splice(0)) receiver.close()
  }
}

export const openWebhooksWorld = async (): Promise<WebhooksWorld> =>
  new WebhooksWorld(await openPotsDatabase())
