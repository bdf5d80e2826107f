import type { Site } from './site.ts'

/** Stands in the other tenant's objects wherever a text may stand: an answer that shows it shows too much. */
export const MARKER = 'only-the-other-tenant-knows'

const CARD = { payment_method: 'pm_card_visa', payment_method_types: ['card'] }

/** In this order; `{}` is the id that the request before has made. */
const MAKING: readonly (readonly [path: string, body: object])[] = [
  ['/v1/ledger/accounts', { ledger: 1, code: 1, currency: 'eur', reference: MARKER }],
  ['/v1/customers', { name: MARKER, email: `${MARKER}@example.com`, metadata: { note: MARKER } }],
  ['/v1/payment_methods', { type: 'card', card: { token: 'tok_visa' }, metadata: { note: MARKER } }],
  ['/v1/setup_intents', { ...CARD, description: MARKER }],
  ['/v1/payment_intents', { ...CARD, amount: 2_000, currency: 'usd', description: MARKER, confirm: true }],
  ['/v1/refunds', { payment_intent: '{}', amount: 500, metadata: { note: MARKER } }],
  ['/v1/webhook_endpoints', { url: 'https://example.com/hook', enabled_events: ['*'], description: MARKER }],
  ['/v1/test_helpers/test_clocks', { frozen_time: Math.floor(Date.now() / 1_000) + 3_600, name: MARKER }],
]

const ID = /"([a-z]{2,8})_([0-9a-f]{32})"/g

/** Makes one object of each kind, and gives the ids of all that came of it, one of each kind. */
export const makeObjects = async ({ send, routes }: Site, key: string): Promise<readonly string[]> => {
  const found = new Map<string, string>()
  const gather = (text: string): void => {
    for (const [, prefix = '', hex = ''] of text.matchAll(ID)) {
      if (!found.has(prefix)) found.set(prefix, `${prefix}_${hex}`)
    }
  }
  let last = ''
  for (const [path, body] of MAKING) {
    if (!routes.some((route) => route.method === 'POST' && route.path === path)) continue
    const text = JSON.stringify(body).replaceAll('{}', last)
    const got = await send({ method: 'POST', path, key, body: JSON.parse(text) as object })
    if (got.status >= 300) throw new Error(`POST ${path} answered ${got.status}: ${got.text}`)
    last = (JSON.parse(got.text) as { id: string }).id
    gather(got.text)
  }
  for (const { method, path } of routes) {
    if (method === 'GET' && !path.includes(':')) gather((await send({ method, path, key })).text)
  }
  return [...found.values()]
}
