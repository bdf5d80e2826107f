// What the story needs before it begins: a sandbox of its own, a program's key, and two people with keys of their own.
// All of it is made as a stranger would make it, with the command line on the server's machine.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Client, createClient, type Payload } from '@evenkeel/sdk'

const COMMAND = fileURLToPath(new URL('../../cli/bin/evenkeel.mjs', import.meta.url))
const run = promisify(execFile)

/** Runs `evenkeel …` and gives what it answered. */
export const evenkeel = async (...line: readonly string[]): Promise<string> => {
  const { stdout } = await run(process.execPath, [COMMAND, ...line], { maxBuffer: 64 * 1024 * 1024 })
  return stdout.trim()
}

export type Json = Readonly<Record<string, unknown>>

/** One caller of the API: a program, or a person. */
export type Caller = {
  readonly get: <Answer = Json>(path: string, query?: Payload) => Promise<Answer>
  readonly post: <Answer = Json>(path: string, body?: Payload) => Promise<Answer>
  readonly client: Client
}

const callerOf = (baseUrl: string, apiKey: string): Caller => {
  const client = createClient({ baseUrl, apiKey })
  return {
    client,
    get: async <Answer>(path: string, query?: Payload) =>
      (await client.request('GET', path, query)) as Answer,
    post: async <Answer>(path: string, body?: Payload) =>
      (await client.request('POST', path, body)) as Answer,
  }
}

export type World = {
  readonly sandbox: string
  readonly program: Caller
  readonly business: Caller
  readonly technology: Caller
  /** person_… of the business lead, who owns the launches. */
  readonly owner: string
}

type PersonMade = { readonly id: string; readonly secret: string }

const addPerson = async (name: string, role: string, sandbox: string): Promise<PersonMade> =>
  JSON.parse(
    await evenkeel('people', 'add', name, '--role', role, '--sandbox', sandbox, '--json'),
  ) as PersonMade

/** Makes everything anew, so that the story can be played as often as one likes. */
export const makeWorld = async (baseUrl: string, name: string): Promise<World> => {
  const sandbox = `${name}-${Date.now().toString(36)}`
  await evenkeel('sandboxes', 'create', sandbox)
  const key = await evenkeel('keys', 'create', '--sandbox', sandbox)
  const business = await addPerson('Beatrix Bright', 'business', sandbox)
  const technology = await addPerson('Tadeo Tide', 'technology', sandbox)
  return {
    sandbox,
    program: callerOf(baseUrl, key),
    business: callerOf(baseUrl, business.secret),
    technology: callerOf(baseUrl, technology.secret),
    owner: business.id,
  }
}
