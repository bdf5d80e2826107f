import { type Client, EvenkeelError, type Launch, type WaivableGate } from '@evenkeel/sdk'
import type { Command } from 'commander'
import { type ApiOptions, addApiOptions, asProblem, clientFor } from '../api.ts'
import type { Context } from '../context.ts'
import { CommandProblem } from '../problem.ts'
import { readJson, withoutComments } from '../read-json.ts'
import { drawLaunch } from './launch-picture.ts'

export type LaunchOptions = ApiOptions & { readonly json?: true }

const PATH = '/v1/launches'
const HASH_LEAST = 8
const SECONDS_PER_DAY = 86_400
const MILLIS_PER_SECOND = 1_000

/** Does something at the API; its no is said as it is, with what the launch lacks. */
export const withClient = async <Result>(
  context: Context,
  options: ApiOptions,
  work: (client: Client) => Promise<Result>,
): Promise<Result> => {
  const client = clientFor(context, options, PATH)
  try {
    return await work(client)
  } catch (error) {
    const problem = asProblem(error)
    const isRefused = error instanceof EvenkeelError && error.status !== null
    throw isRefused ? new CommandProblem(`The answer is ${error.status}: ${error.message}`, null, 1) : problem
  }
}

export const tellLaunch = ({ terminal }: Context, options: LaunchOptions, launch: Launch): void => {
  terminal.answer(
    options.json === true ? JSON.stringify(launch, null, 2) : drawLaunch(launch, terminal.paintAnswer),
  )
  const { receipt } = launch
  if (receipt !== undefined)
    terminal.say(`Recorded in the audit log at ${receipt.position}, ${receipt.hash}. Keep this.`)
}

/** What was read is what is signed: the hash that somebody gives must be that of the launch as it is. */
const hashFor = (launch: Launch, given: string | undefined): string => {
  if (given === undefined) return launch.content_hash
  if (given.length >= HASH_LEAST && launch.content_hash.startsWith(given.toLowerCase()))
    return launch.content_hash
  throw new CommandProblem(
    `The launch is not what was read: its content is ${launch.content_hash}`,
    `Look at it again: evenkeel launch show ${launch.id}`,
  )
}

type Act<Options> = (client: Client, launch: string, options: Options) => Promise<Launch>

type HashOptions = LaunchOptions & { readonly hash?: string }
type ReasonOptions = LaunchOptions & { readonly reason?: string }
type NeededReason = LaunchOptions & { readonly reason: string }
type StartOptions = LaunchOptions & { readonly at?: string }
type OpenOptions = LaunchOptions & { readonly merge?: readonly string[] }
type WaiveOptions = LaunchOptions & {
  readonly gate?: WaivableGate
  readonly reason?: string
  readonly days: string
  readonly sign?: string
}

const momentOf = (text: string): number => {
  const ms = Date.parse(text)
  if (!Number.isNaN(ms)) return Math.floor(ms / MILLIS_PER_SECOND)
  throw new CommandProblem(`"${text}" is no moment`, 'Write it as 2026-11-22T17:00Z.')
}

const waive =
  (nowMs: () => number): Act<WaiveOptions> =>
  async (client, launch, { gate, reason, days, sign }) => {
    if (sign !== undefined) return client.launches.waivers.sign(launch, sign)
    if (gate === undefined || reason === undefined)
      throw new CommandProblem(
        'A waiver names a gate and a reason',
        'Give --gate and --reason, or --sign <waiver> to sign one that was asked for.',
      )
    const expires_at = Math.floor(nowMs() / MILLIS_PER_SECOND) + Number(days) * SECONDS_PER_DAY
    return client.launches.waivers.ask(launch, { gate, reason, expires_at })
  }

const readRisk = async (context: Context, source: string): Promise<Record<string, unknown>> => {
  const fix =
    'Write { "text": "…", "probability": 20, "impact_low": 100000, "impact_high": 900000, "tripwire": { "metric": "decline_rate", "bound": 800, "action": "rollback" } }'
  const { value } = await readJson(context.terminal, source, fix, withoutComments)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new CommandProblem('A risk is an object', fix)
}

/** Adds `launch <verb> <launch>`, which answers with the launch as it is then. */
const addAct = <Options extends LaunchOptions>(
  launch: Command,
  context: Context,
  words: { readonly verb: string; readonly summary: string; readonly description: string },
  act: Act<Options>,
  more: (command: Command) => Command = (command) => command,
): Command => {
  const command = launch
    .command(words.verb)
    .summary(words.summary)
    .description(words.description)
    .argument('<launch>', 'its id, such as launch_…')
  return addApiOptions(more(command).option('--json', 'print JSON')).action(
    async (id: string, options: Options) => {
      tellLaunch(context, options, await withClient(context, options, (client) => act(client, id, options)))
    },
  )
}

const reason = (command: Command): Command => command.requiredOption('--reason <text>', 'why, for the record')
const freeReason = (command: Command): Command => command.option('--reason <text>', 'why, for the record')
const hash = (command: Command): Command =>
  command.option('--hash <hash>', 'the content that was read, or its first 8 characters and more')

const because = ({ reason: text }: ReasonOptions) => (text === undefined ? {} : { reason: text })

export const addDecisions = (launch: Command, context: Context): void => {
  addAct<HashOptions>(
    launch,
    context,
    {
      verb: 'sign',
      summary: 'sign it, as a person of business or technology',
      description:
        'Signs the content of a launch with your key. With --hash only if it is still what you have read.',
    },
    async (client, id, options) => {
      const found = await client.launches.retrieve(id)
      return client.launches.sign(id, { content_hash: hashFor(found, options.hash) })
    },
    hash,
  )
  addAct<StartOptions>(
    launch,
    context,
    {
      verb: 'start',
      summary: 'expose its first stage',
      description:
        'Starts a launch that both have signed. With --at it waits from then on for who starts it.',
    },
    (client, id, { at }) => client.launches.start(id, at === undefined ? {} : { start_at: momentOf(at) }),
    (command) => command.option('--at <moment>', 'such as 2026-11-22T17:00Z'),
  )
  addAct<HashOptions>(
    launch,
    context,
    {
      verb: 'approve',
      summary: 'approve the end of its stage',
      description: 'Approves the stage that the launch is in. The last approval raises its exposure.',
    },
    async (client, id, options) => {
      const found = await client.launches.retrieve(id)
      return client.launches.approve(id, { stage: found.stage, content_hash: hashFor(found, options.hash) })
    },
    hash,
  )
  addAct<WaiveOptions>(
    launch,
    context,
    {
      verb: 'waive',
      summary: 'pass over a gate, with both signatures',
      description:
        'Asks for a gate to be waived, or signs a waiver that the other has asked for. Shown until it ends.',
    },
    waive(context.terminal.nowMs),
    (command) =>
      command
        .option('--gate <gate>', 'promotion, matured, time, error_budget or cover')
        .option('--reason <text>', 'why, for the record')
        .option('--days <days>', 'how long it holds, up to 30', '7')
        .option('--sign <waiver>', 'sign this one, waiver_…'),
  )
}

export const addStops = (launch: Command, context: Context): void => {
  addAct<NeededReason>(
    launch,
    context,
    {
      verb: 'hold',
      summary: 'leave exposure where it is',
      description: 'Holds a running launch: guardrails go on being watched, and nothing is raised.',
    },
    (client, id, options) => client.launches.hold(id, { reason: options.reason }),
    reason,
  )
  addAct<ReasonOptions>(
    launch,
    context,
    { verb: 'resume', summary: 'go on after a hold', description: 'Resumes a launch that was held.' },
    (client, id, options) => client.launches.resume(id, because(options)),
    freeReason,
  )
  addAct<NeededReason>(
    launch,
    context,
    {
      verb: 'rollback',
      summary: 'bring exposure to zero, at once',
      description:
        'Rolls a launch back: no new payment goes its way after the answer, and what is in flight finishes where it began.',
    },
    (client, id, options) => client.launches.rollback(id, { reason: options.reason }),
    reason,
  )
  addAct<ReasonOptions>(
    launch,
    context,
    { verb: 'abandon', summary: 'give it up', description: 'Abandons a launch that is not live.' },
    (client, id, options) => client.launches.abandon(id, because(options)),
    freeReason,
  )
  addAct<ReasonOptions>(
    launch,
    context,
    {
      verb: 'reopen',
      summary: 'make it a draft again',
      description: 'Reopens a launch that was rolled back or abandoned: same units first, signatures void.',
    },
    (client, id, options) => client.launches.reopen(id, because(options)),
    freeReason,
  )
}

export const addPremortemActs = (launch: Command, context: Context): void => {
  const risk = launch
    .command('risk')
    .summary('write a risk for the pre-mortem, alone')
    .description('Writes a risk from a JSON file. Nobody else sees it until the owner opens the pre-mortem.')
    .argument('<launch>', 'its id, such as launch_…')
    .argument('<file>', 'a JSON file, or - for standard input')
  addApiOptions(risk).action(async (id: string, file: string, options: ApiOptions) => {
    const params = await readRisk(context, file)
    const written = await withClient(context, options, (client) =>
      client.request('POST', `${PATH}/${encodeURIComponent(id)}/risks`, params),
    )
    context.terminal.answer(JSON.stringify(written, null, 2))
  })
  addAct<OpenOptions>(
    launch,
    context,
    {
      verb: 'open',
      summary: 'open the pre-mortem, as its owner',
      description:
        'Shows everybody what each has written. Risks that are one are merged: --merge risk_1,risk_2',
    },
    (client, id, { merge = [] }) =>
      client.launches.openPremortem(
        id,
        merge.length === 0 ? {} : { merge: merge.map((group) => group.split(',')) },
      ),
    (command) => command.option('--merge <risks...>', 'ids with commas between them, for each group'),
  )
}
