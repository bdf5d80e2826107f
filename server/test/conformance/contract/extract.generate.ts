import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE } from './declarations.ts'
import { Definitions } from './definitions.ts'
import { describeEnvelope, eventObjects } from './events.ts'
import { operationsOf } from './operations.ts'
import type { Contract } from './schema.ts'

/** The resources that we offer, and what stands inside of them. */
const FILES = [
  'Balance',
  'BalanceTransactions',
  'BankAccounts',
  'Cards',
  'Charges',
  'Customers',
  'Disputes',
  'Events',
  'Mandates',
  'PaymentIntents',
  'PaymentMethods',
  'Refunds',
  'SetupAttempts',
  'SetupIntents',
  'TestHelpers/Refunds',
  'TestHelpers/TestClocks',
  'Tokens',
  'WebhookEndpoints',
].map((name) => `resources/${name}.d.ts`)

const textOf = (name: string): string => readFileSync(join(PACKAGE, '..', name), 'utf8')

const apiVersion = (): string => {
  const found = /ApiVersion = '([^']+)'/.exec(readFileSync(join(PACKAGE, 'apiVersion.js'), 'utf8'))
  if (found?.[1] === undefined) throw new Error('the package does not say its API version')
  return found[1]
}

const extract = (): Contract => {
  const definitions = new Definitions([...FILES, 'shared.d.ts'])
  const operations = Object.assign({}, ...FILES.map((file) => operationsOf(file, definitions)))
  describeEnvelope(definitions)
  return {
    source: `the type declarations of the npm package stripe ${textOf('VERSION').trim()}, MIT`,
    apiVersion: apiVersion(),
    events: eventObjects(),
    operations: Object.fromEntries(
      Object.entries<Contract['operations'][string]>(operations).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    definitions: definitions.all(),
  }
}

/** One line for each operation and each definition, so that a change can be read. */
const render = ({ operations, definitions, events, ...head }: Contract): string => {
  const lines = (entries: object): string =>
    Object.entries(entries)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n')
  return `{
  "source": ${JSON.stringify(head.source)},
  "apiVersion": ${JSON.stringify(head.apiVersion)},
  "events": {
${lines(events)}
  },
  "operations": {
${lines(operations)}
  },
  "definitions": {
${lines(definitions)}
  }
}
`
}

export const generated = [
  { path: 'server/test/conformance/contract/extract.json', content: () => render(extract()) },
]
