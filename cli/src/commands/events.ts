import type { Command } from 'commander'
import { type ApiOptions, addApiOptions, asProblem, callApi, clientFor } from '../api.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { CommandProblem } from '../problem.ts'
import { renderTable } from '../table.ts'

type Shown = {
  readonly id: string
  readonly type: string
  readonly created: number
  readonly pending_webhooks: number
  readonly data: { readonly object: { readonly id?: string } }
}

type ListOptions = ApiOptions & { readonly type?: string; readonly limit: string; readonly json?: true }
type ResendOptions = ApiOptions & { readonly endpoint?: string }

const MILLIS_PER_SECOND = 1_000
const PAGE_MOST = 100

const readLimit = (text: string): string => {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= PAGE_MOST) return text
  throw new CommandProblem(
    `"${text}" is not a number of events`,
    `Give --limit a number from 1 to ${PAGE_MOST}.`,
  )
}

const timeOf = (seconds: number): string => new Date(seconds * MILLIS_PER_SECOND).toISOString().slice(0, 19)

const list = async (context: Context, options: ListOptions): Promise<void> => {
  const { terminal } = context
  const path = '/v1/events'
  const payload = { limit: options.limit, ...(options.type === undefined ? {} : { type: options.type }) }
  if (options.json === true) {
    await callApi(context, { method: 'GET', path, payload, options })
    return
  }
  const client = clientFor(context, options, path)
  const answer = await client.send('GET', path, payload).catch((error: unknown) => {
    throw asProblem(error)
  })
  const { data } = answer.data as { readonly data: readonly Shown[] }
  if (data.length === 0) {
    terminal.say('Nothing has happened yet.')
    return
  }
  const columns = [
    { title: 'EVENT' },
    { title: 'WHEN (UTC)' },
    { title: 'TYPE' },
    { title: 'OBJECT' },
    { title: 'PENDING' },
  ]
  const rows = data.map((event) => [
    event.id,
    timeOf(event.created),
    event.type,
    event.data.object.id ?? '',
    String(event.pending_webhooks),
  ])
  terminal.answer(renderTable(columns, rows, terminal.paintAnswer))
}

export const addEvents = (program: Command, context: Context): void => {
  const events = program
    .command('events')
    .summary('see what happened, and send it again')
    .description('Lists the events of a sandbox or of live, and has webhooks sent again.')
  const listing = events
    .command('list')
    .summary('list what happened, the newest first')
    .description('Lists events, the newest first, with how many of their webhooks are still on their way.')
    .option('--type <type>', 'only events of this type, such as charge.refunded')
    .option('--limit <count>', `how many, up to ${PAGE_MOST}`, readLimit, '20')
    .option('--json', 'print JSON')
  addApiOptions(listing).action((options: ListOptions) => list(context, options))
  const resending = events
    .command('resend')
    .summary('send an event to its webhook endpoints again')
    .description('Sends an event again, to all endpoints that want it or to one. It keeps its id.')
    .argument('<event>', 'its id, such as evt_…')
    .option('--endpoint <endpoint>', 'only to this one, whatever it wants')
  addApiOptions(resending).action(async (event: string, options: ResendOptions) => {
    const { endpoint } = options
    const payload = endpoint === undefined ? {} : { webhook_endpoint: endpoint }
    const path = `/v1/events/${encodeURIComponent(event)}/resend`
    await callApi(context, { method: 'POST', path, payload, options })
  })
  addExamples(listing, [
    ['evenkeel events list', 'the newest'],
    ['evenkeel events list --type charge.refunded --limit 5', 'of one type'],
  ])
  addExamples(resending, [
    ['evenkeel events resend evt_0199a1b2c3d47e5f8091a2b3c4d5e6f7', 'to all that want it'],
  ])
}
