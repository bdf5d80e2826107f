import { type Command, Option } from 'commander'
import { type ApiOptions, addApiOptions, asProblem, clientFor } from '../api.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { CommandProblem } from '../problem.ts'
import { readJson } from '../read-json.ts'
import { renderTable } from '../table.ts'
import { many } from '../wording.ts'

type Rule = {
  readonly name: string | null
  readonly currencies: readonly string[]
  readonly countries: readonly string[]
  readonly brands: readonly string[]
  readonly merchants: readonly string[]
  readonly amount_from: number | null
  readonly amount_to: number | null
  readonly rails: readonly string[]
}

type Routing = {
  readonly version: number
  readonly rules: readonly Rule[]
  readonly default_rail: string | null
  readonly receipt?: { readonly position: number; readonly hash: string }
}

type Preview = {
  readonly rails: readonly string[]
  readonly rule: { readonly position: number; readonly name: string | null } | null
}

type Shared = ApiOptions & { readonly json?: true }
type SetOptions = Shared & { readonly ifVersion?: number; readonly reason?: string }
type PreviewOptions = Shared & {
  readonly currency: string
  readonly amount: number
  readonly country: string
  readonly brand: string
  readonly merchant?: string
  readonly rules?: string
}

const PATH = '/v1/routing'

const readWhole = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new CommandProblem(`"${text}" is not a whole number`, 'Write digits only; amounts in minor units.')
}

const ask = async (
  context: Context,
  options: ApiOptions,
  path: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<unknown> => {
  const client = clientFor(context, options, path)
  const sent = body === undefined ? client.request('GET', path) : client.request('POST', path, body)
  return sent.catch((error: unknown) => {
    throw asProblem(error)
  })
}

const values = (all: readonly string[]): string => (all.length === 0 ? 'any' : all.join(', '))

const amounts = ({ amount_from: from, amount_to: to }: Rule): string => {
  if (from === null) return to === null ? 'any' : `up to ${to}`
  return to === null ? `from ${from}` : `${from} to ${to}`
}

const COLUMNS = [
  { title: 'RULE', align: 'right' },
  { title: 'CURRENCY' },
  { title: 'COUNTRY' },
  { title: 'BRAND' },
  { title: 'AMOUNT' },
  { title: 'MERCHANT' },
  { title: 'TAKES' },
  { title: 'NAME' },
] as const

const ARROW = ' → '

/** The rules as they are asked, from the top down; below them where everything else goes. */
const picture = ({ rules, default_rail: rail }: Routing, paint: Parameters<typeof renderTable>[2]): string =>
  renderTable(
    COLUMNS,
    [
      ...rules.map((rule, position) => [
        String(position),
        values(rule.currencies),
        values(rule.countries),
        values(rule.brands),
        amounts(rule),
        values(rule.merchants),
        rule.rails.join(ARROW),
        rule.name ?? '',
      ]),
      ['', 'any', 'any', 'any', 'any', 'any', rail ?? 'no rail', 'everything else'],
    ],
    paint,
  )

const asJson = (value: unknown): string => JSON.stringify(value, null, 2)

const show = async (context: Context, options: Shared): Promise<void> => {
  const { terminal } = context
  const routing = (await ask(context, options, PATH)) as Routing
  terminal.answer(options.json === true ? asJson(routing) : picture(routing, terminal.paintAnswer))
  if (options.json !== true) terminal.say(`Version ${routing.version}.`)
}

/** A file holds the rules alone, or an object with them, such as what show --json prints. */
const readRules = async (context: Context, file: string): Promise<unknown> => {
  const fix = 'Write a list of rules: [{ "countries": ["NL"], "rails": ["sandbox-express"] }]'
  const { value } = await readJson(context.terminal, file, fix)
  if (Array.isArray(value)) return value
  const rules = typeof value === 'object' && value !== null && 'rules' in value ? value.rules : null
  if (Array.isArray(rules)) return rules.map(withoutNothing)
  throw new CommandProblem(`${file === '-' ? 'Standard input' : file} has no list of rules`, fix)
}

/** What is shown as null or empty is left out when it is sent. */
const withoutNothing = (rule: unknown): unknown =>
  typeof rule === 'object' && rule !== null
    ? Object.fromEntries(
        Object.entries(rule).filter(
          ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
        ),
      )
    : rule

const set = async (context: Context, file: string, options: SetOptions): Promise<void> => {
  const { terminal } = context
  const rules = await readRules(context, file)
  const { ifVersion, reason } = options
  const routing = (await ask(context, options, PATH, {
    rules,
    ...(ifVersion === undefined ? {} : { if_version: ifVersion }),
    ...(reason === undefined ? {} : { reason }),
  })) as Routing
  if (options.json === true) {
    terminal.answer(asJson(routing))
    return
  }
  terminal.answer(picture(routing, terminal.paintAnswer))
  terminal.say(`Version ${routing.version}: ${many(routing.rules.length, 'rule')}.`)
  const { receipt } = routing
  if (receipt !== undefined) terminal.say(`Entry ${receipt.position} of the audit log, ${receipt.hash}.`)
}

const preview = async (context: Context, options: PreviewOptions): Promise<void> => {
  const { currency, amount, country, brand, merchant, rules: file } = options
  const answer = (await ask(context, options, `${PATH}/preview`, {
    currency,
    amount,
    country,
    brand,
    ...(merchant === undefined ? {} : { merchant }),
    ...(file === undefined ? {} : { rules: await readRules(context, file) }),
  })) as Preview
  if (options.json === true) {
    context.terminal.answer(asJson(answer))
    return
  }
  const { rails, rule } = answer
  const name = rule === null || rule.name === null ? '' : ` (${rule.name})`
  const why = rule === null ? 'no rule matches' : `rule ${rule.position}${name}`
  context.terminal.answer(`${rails.length === 0 ? 'no rail' : rails.join(ARROW)}: ${why}`)
}

const addShared = (command: Command): Command => addApiOptions(command).option('--json', 'print JSON')

const addSet = (routing: Command, context: Context): void => {
  const command = routing
    .command('set')
    .summary('replace the rules by those of a file')
    .description(
      'Replaces the whole table by the rules of a JSON file, or of - (standard input). Each attempt of a payment that is made afterwards goes by them.',
    )
    .argument('<file>', 'with a list of rules, or with what show --json prints')
    .option('--if-version <number>', 'only while the rules stand at this version', readWhole)
    .option('--reason <text>', 'why, for the audit log')
  addShared(command).action((file: string, options: SetOptions) => set(context, file, options))
  addExamples(command, [
    ['evenkeel routing set rules.json --reason "express in NL"', 'from a file'],
    ["echo '[]' | evenkeel routing set -", 'all payments take the default rail'],
  ])
}

const addPreview = (routing: Command, context: Context): void => {
  const command = routing
    .command('preview')
    .summary('show which rails a payment would take')
    .description('Says which rails a payment would take, and by which rule. Nothing is sent anywhere.')
    .requiredOption('--currency <code>', 'of the payment, such as eur')
    .addOption(new Option('--amount <number>', 'in minor units').argParser(readWhole).makeOptionMandatory())
    .requiredOption('--country <code>', 'of the card, such as NL')
    .requiredOption('--brand <brand>', 'of the card, such as visa')
    .option('--merchant <merchant>', 'whose payment it is')
    .option('--rules <file>', 'by these rules, which are not set')
  addShared(command).action((options: PreviewOptions) => preview(context, options))
  addExamples(command, [
    ['evenkeel routing preview --currency eur --amount 2500 --country NL --brand visa', 'as it stands'],
  ])
}

export const addRouting = (program: Command, context: Context): void => {
  const routing = program
    .command('routing')
    .summary('say which rails payments take')
    .description(
      'Rules say which rails a payment takes, by its currency, amount and merchant and by the card’s country and brand. The first that matches wins; where none does, the payment takes the default rail.',
    )
  addShared(routing.command('show').summary('show the rules, in the order in which they are asked')).action(
    (options: Shared) => show(context, options),
  )
  addSet(routing, context)
  addPreview(routing, context)
}
