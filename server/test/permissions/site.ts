import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { buildServer, createRegistry, type Route } from '../../src/http/index.ts'
import type { TenantId } from '../../src/kit/index.ts'
import { allRoutes, openBarePlatform, type Platform, parseConfiguration } from '../../src/main/index.ts'
import { TEST_MASTER_KEY_TEXT, withDatabase } from '../support/postgres.ts'

/** The real routes over a fresh database, and nothing that works by itself: only requests change anything. */
export type Site = {
  readonly routes: readonly Route[]
  readonly platform: Platform
  readonly send: (sent: Sent) => Promise<Got>
  /** Of every row that a tenant has, in every table that the catalogue knows. */
  readonly digest: (tenant: TenantId) => Promise<string>
  /** How many batches were committed for each tenant. */
  readonly batches: () => Promise<string>
  readonly close: () => Promise<void>
}

export type Sent = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly key: string | null
  readonly body?: object
}

export type Got = { readonly status: number; readonly text: string }

const TABLES = `
select t.oid::regclass::text as name
  from pg_class t
  join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant' and not a.attisdropped
 where t.relkind in ('r', 'p') and not t.relispartition
   and has_table_privilege(t.oid, 'select') order by 1`

const appOf = (platform: Platform, routes: readonly Route[]): FastifyInstance =>
  buildServer({
    routes: [...routes],
    authenticate: platform.tenants.authenticate,
    wall: platform.clock,
    log: platform.log,
    registry: createRegistry(),
    metricsKey: null,
    ready: async () => ({ ready: true, checks: {} }),
    info: { title: 'test', version: '0', description: '', faults: {} },
    errors: {},
    checkAnswers: false,
  })

export const openSite = async (): Promise<Site> => {
  const database = await withDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-permissions-'))
  const configuration = parseConfiguration({
    DATA_DIR: folder,
    DATABASE_URL: database.adminUrl,
    MASTER_KEY: TEST_MASTER_KEY_TEXT,
    LOG_LEVEL: 'error',
    LOG_FORMAT: 'json',
    EVENKEEL_TEST_UNSAFE_DATABASE: '1',
  })
  const platform = await openBarePlatform({ as: 'tool', configuration })
  const routes = allRoutes(platform)
  const app = appOf(platform, routes)
  const { reader } = platform.pools
  const tables = (await reader.query<{ name: string }>(TABLES)).rows.map(({ name }) => name)
  const one = (table: string): string =>
    `select '${table}' as name, md5(string_agg(t::text, ' ' order by t::text)) from ${table} t where tenant = $1`
  return {
    routes,
    platform,
    send: async ({ method, path, key, body }) => {
      const answer = await app.inject({
        method,
        url: path,
        headers: key === null ? {} : { authorization: `Bearer ${key}` },
        ...(body === undefined ? {} : { payload: body }),
      })
      return { status: answer.statusCode, text: answer.body }
    },
    digest: async (tenant) =>
      JSON.stringify((await reader.query(tables.map(one).join(' union all '), [tenant])).rows),
    batches: async () =>
      JSON.stringify(
        (await reader.query('select tenant, batch::text from database.heads order by tenant')).rows,
      ),
    close: async () => {
      await app.close()
      await platform.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
