import { assert } from '../../server/src/kit/index.ts'
import type { Sandbox } from './database.ts'
import type { Stand } from './stand.ts'

/*
 * Launches of a sandbox, made as people make them: over HTTP, signed by two, started. All of them are live; of many, one
 * of twenty-five is about the payments of the benchmark, the others about payments of other countries.
 */

const ABOUT_THESE_EVERY = 25
/** ISO 3166-1: none of them is that of the benchmark's card. */
const COUNTRIES = [
  'NL',
  'DE',
  'FR',
  'ES',
  'IT',
  'PT',
  'BE',
  'AT',
  'PL',
  'CZ',
  'SE',
  'DK',
  'FI',
  'IE',
  'GR',
] as const

type Json = Readonly<Record<string, unknown>>
type Ask = (path: string, key: string, body: Json) => Promise<Json>

const askOver =
  (port: number): Ask =>
  async (path, key, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const said = (await answer.json()) as Json
    if (answer.status !== 200) throw new Error(`${path} was answered with ${JSON.stringify(said)}`)
    return said
  }

const contentOf = (owner: string, index: number): Json => ({
  name: `Benchmark ${index}`,
  description: 'A launch that payments are decided over.',
  owner,
  currency: 'eur',
  // The acquirers of a sandbox share this machine. What is exposed goes to the same one as the rest, so that the launch
  // is measured and not a second acquirer.
  subject: { type: 'route', rails: ['sandbox-card', 'sandbox-express'] },
  unit: 'customer',
  filters:
    index % ABOUT_THESE_EVERY === 0
      ? { currencies: ['eur'] }
      : { currencies: ['eur'], countries: [COUNTRIES[index % COUNTRIES.length]] },
  benefit: { low: 100_000, high: 200_000, per: 'month', source: 'benchmark', as_of: 1_790_000_000 },
  forecast: { payments_per_day: 100_000, average_amount: 2_000, peak_per_second: 10 },
  components: ['routing'],
  stages: [
    {
      exposure_bp: 500,
      min_matured_payments: 1_000,
      min_hours: 24,
      caps: { per_payment: 100_000, per_stage: null, per_day: 1_000_000_000 },
      required_signers: ['business', 'technology'],
      forecast_payments_per_day: 5_000,
    },
  ],
  maturity_hours: 24,
  rollback_plan: 'Exposure to zero.',
  cover: [{ person: owner, contact: 'benchmark', hours: 48 }],
})

const RISK: Json = {
  text: 'The rail declines more',
  probability: 20,
  impact_low: 1_000,
  impact_high: 9_000,
  owner: 'benchmark',
  mitigation: 'Exposure to zero',
  tripwire: null,
}

const addPerson = async (stand: Stand, { name }: Sandbox, role: 'business' | 'technology') => {
  const added = await stand.platform.people.add({ tenant: name, name: `The ${role} lead`, role })
  assert(added.ok, 'the person of a benchmark is added')
  return { id: added.person.id, key: added.text }
}

/** Starts so many launches in the sandbox, through the server at the port. */
export const startLaunches = async (
  stand: Stand,
  port: number,
  sandbox: Sandbox,
  count: number,
): Promise<void> => {
  if (count === 0) return
  const ask = askOver(port)
  const business = await addPerson(stand, sandbox, 'business')
  const technology = await addPerson(stand, sandbox, 'technology')
  for (let index = 0; index < count; index += 1) {
    const { id } = await ask('/v1/launches', business.key, contentOf(business.id, index))
    const path = `/v1/launches/${id}`
    await ask(`${path}/risks`, technology.key, RISK)
    const { content_hash } = await ask(`${path}/premortem/open`, business.key, {})
    for (const { key } of [business, technology]) await ask(`${path}/sign`, key, { content_hash })
    await ask(`${path}/start`, business.key, {})
  }
}
