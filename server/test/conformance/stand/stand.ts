import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Stripe from 'stripe'
import { openBarePlatform, type Platform, parseConfiguration, serve } from '../../../src/main/index.ts'
import { TEST_MASTER_KEY_TEXT, withDatabase } from '../../support/postgres.ts'
import { validateShown } from '../contract/validate.ts'
import { type Check, checkInto, type Tally } from './check.ts'
import { recordingFetch } from './recorder.ts'

/** A server over a fresh database; each suite gets a sandbox of its own, with clients that know only its address and keys. */
export type Stand = {
  readonly address: string
  readonly platform: Platform
  readonly desk: (tally: Tally) => Promise<Desk>
  readonly close: () => Promise<void>
}

export type Sent = {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** What a suite works with. */
export type Desk = {
  readonly stripe: Stripe
  readonly key: string
  readonly sandbox: string
  readonly address: string
  readonly platform: Platform
  readonly check: Check
  /** Another client for the same sandbox, such as one with retries; its answers are recorded as well. */
  readonly client: (options?: Partial<Stripe.StripeConfig>, key?: string) => Stripe
  readonly createKey: (kind: 'secret' | 'publishable') => Promise<string>
  /** A request as it is written, for what the SDK would not send. */
  readonly send: (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    form?: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Sent>
  /** Newest first, as the list shows them. */
  readonly events: () => Promise<Stripe.Event[]>
}

const ATTEMPTS = 100
const PAUSE_MS = 50

/** Asks again and again until there is an answer, for what comes about by itself. */
export const until = async <Value>(
  what: string,
  ask: () => Promise<Value | null | undefined | false>,
  attempts = ATTEMPTS,
): Promise<Value> => {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const answer = await ask()
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  throw new Error(`${what} did not come about`)
}

const clientOf = (address: string, key: string, options: Partial<Stripe.StripeConfig>): Stripe => {
  const { hostname, port } = new URL(address)
  return new Stripe(key, {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    ...options,
  })
}

const jsonOf = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text)
  } catch {
    return { unreadable: text }
  }
}

const deskOf = async (platform: Platform, address: string, sandbox: string, tally: Tally): Promise<Desk> => {
  const createKey: Desk['createKey'] = async (kind) => {
    const made = await platform.tenants.createKey({ tenant: sandbox, name: `${kind} key`, kind })
    if (!made.ok) throw new Error(`a ${kind} key was refused: ${JSON.stringify(made)}`)
    return made.text
  }
  const key = await createKey('secret')
  const recorded = recordingFetch(tally)
  const client: Desk['client'] = (options = {}, other = key) =>
    clientOf(address, other, { httpClient: Stripe.createFetchHttpClient(recorded), ...options })
  const stripe = client()
  return {
    stripe,
    key,
    sandbox,
    address,
    platform,
    check: checkInto(tally),
    client,
    createKey,
    send: async (method, path, form, headers = {}) => {
      const response = await recorded(`${address}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(form === undefined ? {} : { body: form }),
      })
      return { status: response.status, headers: response.headers, body: jsonOf(await response.text()) }
    },
    events: () => stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 }),
  }
}

export const openStand = async (): Promise<Stand> => {
  const database = await withDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-conformance-'))
  process.env['EVENKEEL_TEST_CHECK_ANSWERS'] = '1'
  const configuration = parseConfiguration({
    DATABASE_URL: database.adminUrl,
    DATA_DIR: folder,
    MASTER_KEY: TEST_MASTER_KEY_TEXT,
    PORT: '0',
    LOG_LEVEL: 'error',
    LOG_FORMAT: 'json',
    EVENKEEL_TEST_UNSAFE_DATABASE: '1',
  })
  const platform = await openBarePlatform({ as: 'server', configuration })
  const running = await serve(platform)
  let sandboxes = 0
  return {
    address: running.address,
    platform,
    desk: async (tally) => {
      sandboxes += 1
      const name = `suite-${sandboxes}`
      const made = await platform.tenants.createSandbox({ name })
      if (!made.ok) throw new Error(`the sandbox was refused: ${JSON.stringify(made)}`)
      return deskOf(platform, running.address, name, tally)
    },
    close: async () => {
      await running.stop()
      await platform.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** At the end of a suite: every event that its requests have left is what the contract says of its type. */
export const checkEvents = async (desk: Desk, tally: Tally): Promise<void> => {
  const before = tally.problems.length
  const events = await desk.events()
  tally.assertions += events.length
  // The list's own answers were recorded already; what is left is that ids are not given twice.
  desk.check.equal('ids of events', new Set(events.map(({ id }) => id)).size, events.length)
  if (tally.problems.length > before) return
  for (const event of events) tally.problems.push(...validateShown(structuredClone(event)))
}
