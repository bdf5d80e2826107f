import { createHmac, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@evenkeel/sdk'
import type { Command } from 'commander'
import { type ApiOptions, addApiOptions, asProblem, clientFor } from '../api.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { CommandProblem } from '../problem.ts'

type Options = ApiOptions & {
  readonly forwardTo?: string
  readonly events?: string
  readonly exitAfter?: string
  readonly json?: true
}

type Event = { readonly id: string; readonly type: string }
type Page = { readonly data: readonly Event[]; readonly has_more: boolean }

const PATH = '/v1/events'
const PAGE = 100
const POLL_MS = 500
const FORWARD_TIMEOUT_MS = 30_000
const SECRET_BYTES = 32
const OWNER_ONLY = 0o600

/** Of this device, and the same for each run, so that a program in the making keeps it. */
const deviceSecret = (environment: Readonly<Record<string, string | undefined>>): string => {
  const file = join(
    environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config'),
    'evenkeel',
    'listen-secret',
  )
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${secret}\n`, { mode: OWNER_ONLY })
  return secret
}

/** As the server signs its webhooks: Stripe's header, and those of Standard Webhooks. */
const signed = (
  secret: string,
  { id, body, timestampS }: { readonly id: string; readonly body: string; readonly timestampS: number },
): Record<string, string> => {
  const own = createHmac('sha256', secret).update(`${timestampS}.${body}`).digest('hex')
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const standard = createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')
  return {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': `t=${timestampS},v1=${own}`,
    'webhook-id': id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': `v1,${standard}`,
  }
}

const readTarget = (text: string): string => {
  // As people write it: localhost:3000/webhooks.
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `http://${text}`)
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href
  throw new CommandProblem(`"${text}" is not an address`, 'Write it like http://localhost:3000/webhooks.')
}

const readPage = async (client: Client, query: Record<string, string>): Promise<Page> => {
  const answer = await client.send('GET', PATH, query).catch((error: unknown) => {
    throw asProblem(error)
  })
  return answer.data as Page
}

/** The events after one, the oldest first. None is passed over: their order is that of the commits, without gaps. */
const eventsAfter = async (client: Client, cursor: string | null): Promise<readonly Event[]> => {
  const query = { limit: String(PAGE), ...(cursor === null ? {} : { ending_before: cursor }) }
  const { data, has_more: hasMore } = await readPage(client, query)
  // Before the first event there is no cursor, and a full page may hide older ones.
  if (cursor !== null || !hasMore) return data.toReversed()
  const all = [...data]
  for (let more = true; more; ) {
    const page = await readPage(client, { limit: String(PAGE), starting_after: all.at(-1)?.id ?? '' })
    all.push(...page.data)
    more = page.has_more
  }
  return all.toReversed()
}

const forward = async (
  { fetch }: Context,
  { target, secret, event }: { readonly target: string; readonly secret: string; readonly event: Event },
): Promise<string> => {
  const body = JSON.stringify(event)
  const headers = signed(secret, { id: event.id, body, timestampS: Math.floor(Date.now() / 1_000) })
  try {
    const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS)
    const answer = await fetch(target, { method: 'POST', headers, body, redirect: 'manual', signal })
    await answer.text()
    return String(answer.status)
  } catch (error) {
    const { cause, message } = error as Error
    return (cause as { code?: string } | undefined)?.code ?? message
  }
}

type Listening = {
  readonly client: Client
  readonly target: string | null
  readonly secret: string
  readonly types: ReadonlySet<string> | null
  readonly options: Options
}

const tell = async (context: Context, listening: Listening, event: Event): Promise<void> => {
  const { terminal } = context
  const { target, secret, options } = listening
  const came = target === null ? null : await forward(context, { target, secret, event })
  if (options.json === true) {
    terminal.answer(JSON.stringify(event))
    return
  }
  const isGood = came === null || /^2\d\d$/.test(came)
  const outcome = came === null ? '' : `  ${terminal.paintAnswer(isGood ? 'green' : 'red', came)}`
  terminal.answer(`${event.id}  ${event.type}${outcome}`)
}

const follow = async (context: Context, listening: Listening): Promise<void> => {
  const { client, types, options } = listening
  const signal = context.terminal.interruption()
  const [newest] = (await readPage(client, { limit: '1' })).data
  let cursor = newest?.id ?? null
  context.terminal.say('Listening. Ctrl-C ends it.')
  while (!signal.aborted) {
    for (const event of await eventsAfter(client, cursor)) {
      cursor = event.id
      if (types !== null && !types.has(event.type)) continue
      await tell(context, listening, event)
      if (signal.aborted || event.type === options.exitAfter) return
    }
    await pause(POLL_MS, undefined, { signal }).catch(() => undefined)
  }
}

export const addListen = (program: Command, context: Context): void => {
  const command = program
    .command('listen')
    .summary('see events as they happen, and forward them')
    .description(
      'Prints each event from now on and, with --forward-to, posts it there, signed like a webhook with a secret of this device. No endpoint is made, and none is missed: what happens between two looks comes with the next one.',
    )
    .option('--forward-to <address>', 'where to post them, such as localhost:3000/webhooks')
    .option('--events <types>', 'only these types, with commas between them')
    .option('--exit-after <type>', 'end after the first event of this type')
    .option('--json', 'print each event as one line of JSON')
  addApiOptions(command).action(async (options: Options) => {
    const { terminal } = context
    const client = clientFor(context, options, PATH)
    const target = options.forwardTo === undefined ? null : readTarget(options.forwardTo)
    const secret = target === null ? '' : deviceSecret(terminal.environment)
    if (target !== null) terminal.say(`The signing secret of this device is ${secret}`)
    const types =
      options.events === undefined ? null : new Set(options.events.split(',').map((type) => type.trim()))
    await follow(context, { client, target, secret, types, options })
  })
  addExamples(command, [
    ['evenkeel listen', 'each event, as it happens'],
    ['evenkeel listen --forward-to localhost:3000/webhooks', 'and to a program in the making'],
    ['evenkeel listen --exit-after payment_intent.succeeded', 'for scripts'],
  ])
}
