import { OWN_FIELDS, OWN_PARAMETERS } from '../contract/own-fields.ts'
import type { Operation } from '../contract/schema.ts'
import { contract } from '../contract/validate.ts'
import { compare, type Support } from './compare.ts'
import { answerOf, loadOurs, type Ours, operationOf, parametersOf } from './ours.ts'

/** The page's chapters: a heading, the paths that belong to it, and the objects that it shows. */
const CHAPTERS = [
  ['Customers', /^\/v1\/customers(?:\/|$)/, ['Customer', 'DeletedCustomer']],
  ['Payment methods', /^\/v1\/payment_methods/, ['PaymentMethod']],
  ['Tokens', /^\/v1\/tokens/, ['Token']],
  [
    'Setup intents',
    /^\/v1\/(?:setup_intents|setup_attempts|mandates)/,
    ['SetupIntent', 'SetupAttempt', 'Mandate'],
  ],
  ['Payment intents', /^\/v1\/payment_intents/, ['PaymentIntent']],
  ['Charges', /^\/v1\/charges/, ['Charge']],
  ['Refunds', /^\/v1\/(?:test_helpers\/)?refunds/, ['Refund']],
  ['Disputes', /^\/v1\/disputes/, ['Dispute']],
  ['Balance', /^\/v1\/balance$/, ['Balance']],
  ['Balance transactions', /^\/v1\/balance_transactions/, ['BalanceTransaction']],
  ['Events', /^\/v1\/events/, ['EventBase']],
  ['Webhook endpoints', /^\/v1\/webhook_endpoints/, ['WebhookEndpoint', 'DeletedWebhookEndpoint']],
  ['Test clocks', /^\/v1\/test_helpers\/test_clocks/, ['TestClock', 'DeletedTestClock']],
] as const

type Count = { yes: number; partly: number; refused: number }
type Totals = { readonly operations: Count; readonly parameters: Count; readonly fields: Count }

const noCount = (): Count => ({ yes: 0, partly: 0, refused: 0 })
const noTotals = (): Totals => ({ operations: noCount(), parameters: noCount(), fields: noCount() })

const countInto = (count: Count, rows: readonly Pick<Support, 'level'>[]): void => {
  for (const { level } of rows) count[level] += 1
}

const how = ({ how: parts }: Support): string => parts.join('; ').replaceAll('|', '\\|')

const rowsOf = (supports: readonly Support[]): string[] =>
  supports.filter(({ level }) => level === 'partly').map((one) => `| \`${one.name}\` | ${how(one)} |`)

const named = (supports: readonly Support[], level: Support['level']): string =>
  supports
    .filter((one) => one.level === level)
    .map(({ name }) => `\`${name}\``)
    .join(', ')

/** All names of one kind in one paragraph; what is only partly there in a table. */
const describe = (supports: readonly Support[], refused: string): string[] => {
  const partly = rowsOf(supports)
  const yes = named(supports, 'yes')
  const no = named(supports, 'refused')
  return [
    ...(yes === '' ? [] : [`Yes: ${yes}.`, '']),
    ...(partly.length === 0 ? [] : ['| partly | how |', '|---|---|', ...partly, '']),
    ...(no === '' ? [] : [`${refused}: ${no}.`, '']),
  ]
}

/** What is ours alone, and what it says. */
const ownLines = (own: readonly (readonly [name: string, says: string])[]): string[] =>
  own.length === 0
    ? []
    : [`Beside Stripe's: ${own.map(([name, says]) => `\`${name}\` (${says})`).join('; ')}.`, '']

const ownParameters = (route: string): string[] => ownLines(Object.entries(OWN_PARAMETERS[route] ?? {}))

const ownFields = (object: string): string[] =>
  ownLines(Object.entries(OWN_FIELDS[object] ?? {}).map(([name, { says }]) => [name, says]))

const operationSection = (ours: Ours, route: string, operation: Operation, totals: Totals): string[] => {
  const definition = operation.parameters === null ? null : contract.definitions[operation.parameters]
  const mine = operationOf(ours, route)
  const title = `### ${route.replaceAll(/\{\w+\}/g, ':id')}`
  if (mine === null) {
    totals.operations.refused += 1
    totals.parameters.refused += Object.keys(definition?.properties ?? {}).length
    return [title, '', 'Refused: there is no such path.', '']
  }
  const supports =
    definition === null || definition === undefined
      ? []
      : compare(ours, definition, parametersOf(ours, mine), 'parameters')
  countInto(totals.parameters, supports)
  const level = supports.every((one) => one.level === 'yes') ? 'yes' : 'partly'
  totals.operations[level] += 1
  const described = supports.length === 0 ? ['Yes.', ''] : describe(supports, 'Refused')
  return [title, '', ...described, ...ownParameters(route)]
}

const retrievalOf = (ours: Ours, object: string): Parameters<typeof compare>[2] | null => {
  const wanted = object === 'EventBase' ? 'Event' : object
  for (const [route, { returns }] of Object.entries(contract.operations)) {
    if (!returns.split(' or ').includes(wanted)) continue
    const operation = operationOf(ours, route)
    const answer = operation === null ? null : answerOf(ours, operation)
    if (answer !== null) return answer
  }
  return null
}

const objectSection = (ours: Ours, object: string, totals: Totals): string[] => {
  const definition = contract.definitions[object]
  if (definition === undefined) throw new Error(`the contract has no ${object}`)
  const answer = retrievalOf(ours, object)
  const title = `### The fields of ${object === 'EventBase' ? 'Event' : object}`
  if (answer === null) {
    totals.fields.refused += Object.keys(definition.properties ?? {}).length
    return [title, '', 'Not shown: no path of ours answers with it.', '']
  }
  const supports = compare(ours, definition, answer, 'fields')
  countInto(totals.fields, supports)
  return [title, '', ...describe(supports, 'Not shown'), ...ownFields(object)]
}

const cells = ({ yes, partly, refused }: Count): string => `${yes} | ${partly} | ${refused}`

const sum = (all: readonly Totals[]): Totals => {
  const total = noTotals()
  for (const one of all)
    for (const kind of ['operations', 'parameters', 'fields'] as const)
      for (const level of ['yes', 'partly', 'refused'] as const) total[kind][level] += one[kind][level]
  return total
}

const INTRODUCTION = `# Compatibility with Stripe

Generated from our routes and from the type declarations of the official package
(\`${contract.source}\`, API version \`${contract.apiVersion}\`); do not edit. Each operation, parameter and field of the resources
that we offer stands here.

- **Yes**: taken or shown as Stripe does it.
- **Partly**: what stands beside it is missing or different. What is missing inside a parameter is refused by name.
- **Refused**: sent, it is answered with \`parameter_unknown\` or 404, and never ignored. A field that is not shown is one that
  Stripe does not always show either.
- **Beside Stripe's**: what we take or show and the package does not know. There is nothing else of that kind on its resources.
`

const renderPage = async (): Promise<string> => {
  const ours = await loadOurs()
  const totals: [string, Totals][] = []
  const sections = CHAPTERS.flatMap(([heading, paths, objects]) => {
    const counted = noTotals()
    totals.push([heading, counted])
    const operations = Object.entries(contract.operations).filter(([route]) =>
      paths.test(route.split(' ')[1] ?? ''),
    )
    return [
      `## ${heading}`,
      '',
      ...operations.flatMap(([route, operation]) => operationSection(ours, route, operation, counted)),
      ...objects.flatMap((object) => objectSection(ours, object, counted)),
    ]
  })
  const all: [string, Totals][] = [...totals, ['**All**', sum(totals.map(([, counted]) => counted))]]
  return [
    INTRODUCTION,
    '## Totals',
    '',
    '| | operations: yes | partly | refused | parameters: yes | partly | refused | fields: yes | partly | not shown |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...all.map(
      ([heading, { operations, parameters, fields }]) =>
        `| ${heading} | ${cells(operations)} | ${cells(parameters)} | ${cells(fields)} |`,
    ),
    '',
    ...sections,
  ]
    .join('\n')
    .replace(/\n+$/, '\n')
}

export const generated = [{ path: 'docs/stripe-compatibility.md', content: renderPage }]
