import type { FastifyInstance } from 'fastify'
import type { Control } from '../../src/exposure/core/model.ts'
import { exposureErrors, routesOf } from '../../src/exposure/index.ts'
import { buildServer, createRegistry } from '../../src/http/index.ts'
import type { TenantId } from '../../src/kit/index.ts'

/** Exposure behind the real door, over controls that the test sets: no database. */
export type ExposureServer = {
  readonly app: FastifyInstance
  /** As if another process had committed these. */
  readonly set: (controls: readonly Control[]) => void
  readonly clock: { nowMs: number }
  /** How often the controls were read; from `fail` on, reading them fails. */
  readonly database: { reads: number; fails: boolean }
}

export const EXPOSURE_KEY = 'sk_test_1'
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => LOG }
const DAY = 20_000

export const openExposureServer = (): ExposureServer => {
  const stored = { version: 0n, body: '[]' }
  const clock = { nowMs: 1_000_000 }
  const database = { reads: 0, fails: false }
  const wall = { now: () => clock.nowMs }
  const app = buildServer({
    routes: routesOf({
      clock: wall,
      read: async (tenant, statements) => {
        database.reads++
        if (database.fails) throw new Error('the database is away')
        return statements.map(({ name, values }) => {
          if (name === 'tenant_day') return [[0n, DAY, 0n]]
          if (!name.startsWith('exposure_controls') || stored.version === 0n) return []
          return [[tenant, stored.version, values[1] === stored.version ? null : stored.body]]
        })
      },
    }),
    authenticate: (key) =>
      key === EXPOSURE_KEY
        ? {
            tenant: 1 as TenantId,
            mode: 'test',
            keyId: 'key_1',
            kind: 'secret',
            permissions: 'all',
            person: null,
          }
        : null,
    wall: { now: () => Date.now() },
    log: LOG,
    registry: createRegistry(),
    metricsKey: null,
    ready: () => ({ ready: true, checks: {} }),
    info: { title: 'Exposure', version: '1.0.0', description: 'Exposure, for tests.' },
    errors: exposureErrors,
    checkAnswers: true,
  })
  const set = (controls: readonly Control[]): void => {
    stored.version++
    stored.body = JSON.stringify(controls)
  }
  return { app, set, clock, database }
}

export type Answered = {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Record<string, unknown>
}

export const post = async (
  { app }: ExposureServer,
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> => {
  const answer = await app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${EXPOSURE_KEY}`, 'content-type': 'application/json', ...headers },
    payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  })
  const text = answer.body
  return { status: answer.statusCode, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) }
}
