import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TSchema } from 'typebox'
import type { Route } from '../../src/http/index.ts'
import type { TenantId } from '../../src/kit/index.ts'
import { MARKER, makeObjects } from './objects.ts'
import { openSite, type Site } from './site.ts'

/**
 * Every route that there is, with every kind of key, its own tenant's objects and another's, named in the path and in
 * the body. Routes are taken from the server itself, so one that is added later is tried as well.
 */
let site: Site
let own: TenantId
let other: TenantId
/** Ids of the other tenant's objects, one of each kind. */
let foreign: readonly string[]
let ownKey: string

const keyOf = async (
  tenant: string,
  more: { readonly kind?: 'restricted' | 'publishable'; readonly permissions?: readonly string[] } = {},
): Promise<string> => {
  const made = await site.platform.tenants.createKey({ tenant, name: 'test', ...more })
  assert.ok(made.ok, JSON.stringify(made))
  return made.text
}

const sandbox = async (name: string): Promise<TenantId> => {
  const made = await site.platform.tenants.createSandbox({ name })
  assert.ok(made.ok)
  return made.tenant.id
}

before(async () => {
  site = await openSite()
  own = await sandbox('own')
  other = await sandbox('other')
  ownKey = await keyOf('own')
  foreign = await makeObjects(site, await keyOf('other'))
})
after(() => site.close())

const UNKNOWN = '0199a1b2c3d47e5f8091a2b3c4d5e6f7'

const pathOf = ({ path }: Route, id = UNKNOWN): string => path.replaceAll(/:\w+/g, id)

const nameOf = (route: Route): string => `${route.method} ${route.path}`

/** Runs over all routes, and shows that nothing was written meanwhile, in any table of either tenant. */
const unchanged = async (work: () => Promise<void>): Promise<void> => {
  const digests = () => Promise.all([site.digest(own), site.digest(other)])
  const before = await digests()
  await work()
  assert.deepEqual(await digests(), before)
}

const expectEach = async (
  routes: readonly Route[],
  key: (route: Route) => string | null,
  statuses: readonly number[],
): Promise<void> => {
  for (const route of routes) {
    const { status, text } = await site.send({ method: route.method, path: pathOf(route), key: key(route) })
    assert.ok(statuses.includes(status), `${nameOf(route)} answered ${status}: ${text}`)
  }
}

const propertiesOf = (schema: TSchema | null): Readonly<Record<string, TSchema>> =>
  (schema as { properties?: Record<string, TSchema> } | null)?.properties ?? {}

/** The parameters of a body that may hold an id, at its top and one level below. */
type Place = (id: string) => Record<string, unknown>

const places = (schema: TSchema | null): readonly Place[] =>
  Object.entries(propertiesOf(schema)).flatMap(([name, inner]): Place[] => {
    const { type } = inner as { type?: unknown }
    if (type === 'object')
      return Object.keys(propertiesOf(inner)).map((deep) => (id: string) => ({ [name]: { [deep]: id } }))
    if (type === 'array') return [(id: string) => ({ [name]: [id] })]
    return type === undefined || type === 'string' ? [(id: string) => ({ [name]: id })] : []
  })

const exampleOf = ({ examples }: Route): Record<string, unknown> => ({
  ...(examples.body as Record<string, unknown> | undefined),
})

describe('a route', () => {
  test('is there to be tried, and the other tenant has objects of many kinds', () => {
    assert.ok(site.routes.length > 20)
    assert.ok(foreign.length >= 5, foreign.join(' '))
  })

  test('lets nobody in without a key, or with one that is none', async () => {
    await unchanged(async () => {
      await expectEach(site.routes, () => null, [401])
      const broken = `${ownKey.slice(0, -1)}${ownKey.endsWith('0') ? '1' : '0'}`
      await expectEach(site.routes, () => broken, [401])
    })
  })

  test('lets a publishable key in only where it says so', async () => {
    const key = await keyOf('own', { kind: 'publishable' })
    const closed = site.routes.filter(({ publishable }) => !publishable)
    const open = site.routes.filter(({ publishable }) => publishable)
    await unchanged(async () => {
      await expectEach(closed, () => key, [401, 403])
      // It has no client_secret with it, so there is nothing that it may see.
      await expectEach(open, () => key, [400, 401, 403, 404])
    })
  })

  test('refuses a restricted key that may do everything but this', async () => {
    const all = [...new Set(site.routes.map(({ permission }) => permission))]
    const keys = new Map<string, string>()
    for (const missing of all) {
      const permissions = all.filter((permission) => permission !== missing)
      keys.set(missing, await keyOf('own', { kind: 'restricted', permissions }))
    }
    await unchanged(() => expectEach(site.routes, ({ permission }) => keys.get(permission) ?? '', [403]))
  })

  test('lets a restricted key in with its own permission alone', async () => {
    for (const permission of new Set(site.routes.map((route) => route.permission))) {
      const key = await keyOf('own', { kind: 'restricted', permissions: [permission] })
      for (const route of site.routes.filter((one) => one.permission === permission)) {
        // A parameter that nobody knows is refused after the door, and before anything is done.
        const path = route.method === 'POST' ? pathOf(route) : `${pathOf(route)}?no_such_parameter=1`
        const body = route.method === 'POST' ? { body: { no_such_parameter: '1' } } : {}
        const { status, text } = await site.send({ method: route.method, path, key, ...body })
        assert.ok(
          ![401, 403].includes(status) && status < 500,
          `${nameOf(route)} answered ${status}: ${text}`,
        )
      }
    }
  })
})

const ROLES = ['business', 'technology', 'operator', 'viewer'] as const

/** Written down once more, and not taken from the door: people read everything, and all but viewers work on launches. */
const personMayUse = (role: (typeof ROLES)[number], { permission }: Route): boolean =>
  permission.endsWith('.read') || (permission === 'launches.write' && role !== 'viewer')

describe('a person’s key', () => {
  for (const role of ROLES) {
    test(`of a ${role} is let in where the role says so, and nowhere else`, async () => {
      const added = await site.platform.people.add({ tenant: 'own', name: role, role })
      assert.ok(added.ok, JSON.stringify(added))
      const closed = site.routes.filter((route) => !personMayUse(role, route))
      assert.ok(closed.some(({ permission }) => permission === 'payments.write'))
      assert.ok(closed.some(({ permission }) => permission === 'ledger.write'))
      await unchanged(() => expectEach(closed, () => added.text, [403]))
      for (const route of site.routes.filter((one) => personMayUse(role, one))) {
        const path = route.method === 'POST' ? pathOf(route) : `${pathOf(route)}?no_such_parameter=1`
        const body = route.method === 'POST' ? { body: { no_such_parameter: '1' } } : {}
        const { status, text } = await site.send({ method: route.method, path, key: added.text, ...body })
        const what = `${nameOf(route)} answered ${status}: ${text}`
        assert.ok(![401, 403].includes(status) && status < 500, what)
      }
    })
  }
})

/** By the ledger’s own rule a transfer that failed for want of something burns its id: that is all it writes. */
const burnsAnId = ({ method, path }: Route, status: number): boolean =>
  method === 'POST' && path.startsWith('/v1/ledger/transfers') && status === 404

/** A card that is declined is an answer that is recorded; every other refusal leaves no trace. */
const leavesNoTrace = (route: Route, status: number): boolean =>
  status >= 400 && status !== 402 && !burnsAnId(route, status)

type Tried = { readonly route: Route; readonly path: string; readonly body?: object; readonly id: string }

/** Sends it with the own key, and looks that nothing of the other tenant is shown and no refusal was written. */
const tryForeign = async ({ route, path, body, id }: Tried, batches: string) => {
  const { method } = route
  const got = await site.send({ method, path, key: ownKey, ...(body === undefined ? {} : { body }) })
  const what = `${nameOf(route)} with ${id} in ${JSON.stringify(body ?? path)} answered ${got.status}: ${got.text}`
  assert.ok(got.status < 500, what)
  assert.ok(!got.text.includes(MARKER), what)
  const after = method === 'GET' ? batches : await site.batches()
  if (leavesNoTrace(route, got.status)) assert.equal(after, batches, what)
  return { ...got, what, batches: after }
}

describe('another tenant’s object', () => {
  test('in the path is not found, and nothing of it is shown', async () => {
    const routes = site.routes.filter(({ path }) => path.includes(':'))
    assert.ok(routes.length > 5)
    const before = await site.digest(other)
    let batches = await site.batches()
    for (const route of routes) {
      for (const id of foreign) {
        const body = route.method === 'POST' ? { body: exampleOf(route) } : {}
        const tried = await tryForeign({ route, path: pathOf(route, id), id, ...body }, batches)
        batches = tried.batches
        const isEmpty = tried.status === 200 && tried.text.includes('"data":[]')
        assert.ok(isEmpty || (tried.status >= 400 && tried.status < 500), tried.what)
      }
    }
    assert.equal(await site.digest(other), before)
  })

  test('in the query or the body changes nothing there, and what is refused changes nothing at all', async () => {
    const before = await site.digest(other)
    let batches = await site.batches()
    for (const route of site.routes) {
      const isPost = route.method === 'POST'
      for (const place of places(isPost ? route.body : route.query)) {
        for (const id of foreign) {
          const named = place(id)
          const texts = Object.entries(named).filter(
            (pair): pair is [string, string] => typeof pair[1] === 'string',
          )
          const path = isPost ? pathOf(route) : `${pathOf(route)}?${new URLSearchParams(texts)}`
          const body = isPost ? { body: { ...exampleOf(route), ...named } } : {}
          batches = (await tryForeign({ route, path, id, ...body }, batches)).batches
        }
      }
    }
    assert.equal(await site.digest(other), before)
  })
})
