import type { Launch, LaunchStatus } from '@evenkeel/sdk'
import type { Command } from 'commander'
import { addApiOptions } from '../api.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { CommandProblem } from '../problem.ts'
import { readJson, withoutComments } from '../read-json.ts'
import { renderTable } from '../table.ts'
import { duration } from '../wording.ts'
import {
  addDecisions,
  addPremortemActs,
  addStops,
  type LaunchOptions,
  tellLaunch,
  withClient,
} from './launch-acts.ts'
import { LAUNCH_EXAMPLE } from './launch-example.ts'

type NewOptions = LaunchOptions & { readonly example?: true }
type ListOptions = LaunchOptions & { readonly status?: LaunchStatus; readonly limit: string }

const PATH = '/v1/launches'
const BP_PER_PERCENT = 100

const propose = async (context: Context, file: string | undefined, options: NewOptions): Promise<void> => {
  const { terminal } = context
  if (options.example === true) {
    terminal.answer(LAUNCH_EXAMPLE)
    return
  }
  const fix = 'Begin with: evenkeel launch new --example > launch.json'
  if (file === undefined) throw new CommandProblem('There is no file with the launch', fix)
  const { value } = await readJson(terminal, file, fix, withoutComments)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CommandProblem('A launch is an object', fix)
  const launch = await withClient(
    context,
    options,
    async (client) => (await client.request('POST', PATH, { ...value })) as Launch,
  )
  tellLaunch(context, options, launch)
  if (options.json !== true)
    terminal.say(`Now each writes what could go wrong: evenkeel launch risk ${launch.id} risk.json`)
}

const COLUMNS = [
  { title: 'LAUNCH' },
  { title: 'NAME' },
  { title: 'STATUS' },
  { title: 'STAGE', align: 'right' },
  { title: 'EXPOSED', align: 'right' },
  { title: 'WAITS FOR' },
] as const

const rowOf = (launch: Launch): string[] => [
  launch.id,
  launch.name,
  launch.status,
  `${launch.stage + 1}/${launch.stages.length}`,
  `${launch.exposure_bp / BP_PER_PERCENT} %`,
  launch.waiting === null ? '' : `${launch.waiting.for}, ${duration(launch.waiting.age_seconds)}`,
]

const list = async (context: Context, { status, limit, ...options }: ListOptions): Promise<void> => {
  const { terminal } = context
  const page = await withClient(context, options, (client) =>
    client.launches.list({ limit: Number(limit), ...(status === undefined ? {} : { status }) }).page(),
  )
  if (options.json === true) terminal.answer(JSON.stringify(page, null, 2))
  else if (page.data.length === 0) terminal.say('There is no launch.')
  else terminal.answer(renderTable(COLUMNS, page.data.map(rowOf), terminal.paintAnswer))
}

const addReading = (launch: Command, context: Context): void => {
  const proposing = launch
    .command('new')
    .summary('propose one, from a JSON file')
    .description('Proposes a launch. What the file leaves out gets a good default, which the answer shows.')
    .argument('[file]', 'a JSON file, or - for standard input; lines that begin with // are comments')
    .option('--example', 'print a complete file to begin with')
    .option('--json', 'print JSON')
  addApiOptions(proposing).action((file: string | undefined, options: NewOptions) =>
    propose(context, file, options),
  )
  addExamples(proposing, [
    ['evenkeel launch new --example > launch.json', 'a file to begin with'],
    ['evenkeel launch new launch.json', 'a draft'],
  ])
  const showing = launch
    .command('show')
    .summary('draw it: stages, guardrails against their bounds, gates, what waits')
    .description('Draws a launch as it stands at this moment.')
    .argument('<launch>', 'its id, such as launch_…')
    .option('--json', 'print JSON')
  addApiOptions(showing).action(async (id: string, options: LaunchOptions) => {
    tellLaunch(context, options, await withClient(context, options, ({ launches }) => launches.retrieve(id)))
  })
  const listing = launch
    .command('list')
    .summary('list them, the newest first')
    .description('Lists launches, the newest first, with what each waits for and since when.')
    .option('--status <status>', 'only these, such as running')
    .option('--limit <count>', 'how many, up to 100', '20')
    .option('--json', 'print JSON')
  addApiOptions(listing).action((options: ListOptions) => list(context, options))
}

export const addLaunch = (program: Command, context: Context): void => {
  const launch = program
    .command('launch')
    .summary('launch something early, with brakes')
    .description(
      'Proposes, signs, starts and stops launches. Signing, starting and approving take a person’s own key: evenkeel people add',
    )
  addReading(launch, context)
  addPremortemActs(launch, context)
  addDecisions(launch, context)
  addStops(launch, context)
}
