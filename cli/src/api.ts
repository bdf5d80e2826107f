import {
  type Answer,
  type Client,
  createClient,
  EvenkeelError,
  type Method,
  type Payload,
  type RequestOptions,
} from '@evenkeel/sdk'
import type { Command } from 'commander'
import type { Context } from './context.ts'
import { CommandProblem } from './problem.ts'

export type ApiOptions = {
  readonly url?: string
  readonly key?: string
}

const DEFAULT_URL = 'http://127.0.0.1:8484'

export const addApiOptions = (command: Command): Command =>
  command
    .option('--key <key>', 'the API key; EVENKEEL_API_KEY where it is not given')
    .option('--url <address>', `of the server; EVENKEEL_URL where it is not given, else ${DEFAULT_URL}`)

/** Gathers -d amount=5 -d metadata[order]=7 into a form. */
export const readPair = (text: string, form = new URLSearchParams()): URLSearchParams => {
  const at = text.indexOf('=')
  if (at < 1)
    throw new CommandProblem(`"${text}" is not a parameter`, 'Write it as key=value, such as -d amount=1999.')
  form.append(text.slice(0, at), text.slice(at + 1))
  return form
}

const readPath = (text: string): string => {
  if (/^[a-z]+:\/\//i.test(text))
    throw new CommandProblem(
      `"${text}" is an address, not a path`,
      'Give the path only, such as /v1/ledger/accounts, and the server with --url.',
    )
  return text.startsWith('/') ? text : `/${text}`
}

const KEY = /^[srpu]k_(?:test|live)_\S+$/

/** Only what stands under /v1 asks for a key. */
const readKey = (path: string, key: string | undefined): string | null => {
  if (key === undefined || key === '') {
    if (!path.startsWith('/v1')) return null
    throw new CommandProblem(
      'There is no API key',
      'Set EVENKEEL_API_KEY, or give --key. Make one with: evenkeel keys create',
    )
  }
  if (!KEY.test(key))
    throw new CommandProblem(
      'The API key is none',
      'A key begins with sk_test_ or sk_live_. Make one with: evenkeel keys create',
    )
  return key
}

const show = (body: unknown): string =>
  typeof body === 'string' ? body.trimEnd() : JSON.stringify(body, null, 2)

const unreachable = (error: EvenkeelError): CommandProblem =>
  new CommandProblem(error.message, 'Start the server with `evenkeel start`, or give its address with --url.')

/** For commands that ask several times: the API's own no is a problem there. */
export const asProblem = (error: unknown): unknown => {
  if (!(error instanceof EvenkeelError)) return error
  if (error.status === null) return unreachable(error)
  return new CommandProblem(`The answer is ${error.status}: ${error.message}`, null)
}

/** The API's own no is its answer: it goes where answers go, and the command ends with 1. */
const refused = ({ terminal, end }: Context, error: EvenkeelError): void => {
  if (error.status === null) throw unreachable(error)
  terminal.answer(show(error.body))
  const request = error.requestId === null ? '' : `, request ${error.requestId}`
  terminal.say(`${terminal.paintSaid('red', `The answer is ${error.status}`)}${request}.`)
  end(1)
}

type Call = {
  readonly method: Method
  readonly path: string
  readonly payload: Payload
  readonly options: ApiOptions
  readonly own?: RequestOptions
}

/** A client of the server that the options, or the environment, name. */
export const clientFor = ({ fetch, terminal }: Context, options: ApiOptions, path: string): Client => {
  const { environment } = terminal
  const apiKey = readKey(path, options.key ?? environment['EVENKEEL_API_KEY'])
  const baseUrl = options.url ?? (environment['EVENKEEL_URL'] || DEFAULT_URL)
  try {
    return createClient({ baseUrl, apiKey, fetch })
  } catch (error) {
    if (error instanceof TypeError) throw new CommandProblem(error.message, null)
    throw error
  }
}

/** Sends one request and prints what comes back. */
export const callApi = async (context: Context, call: Call): Promise<void> => {
  const { terminal } = context
  const path = readPath(call.path)
  const client = clientFor(context, call.options, path)
  let answer: Answer
  try {
    answer = await client.send(call.method, path, call.payload, call.own)
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error
    refused(context, error)
    return
  }
  terminal.answer(show(answer.data))
  if (answer.replayed) terminal.say('This is the stored answer of an earlier request (Idempotent-Replayed).')
}
