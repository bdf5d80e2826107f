import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createClient } from '@evenkeel/sdk'
import { TEST_MASTER_KEY_TEXT } from '../support/postgres.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const COMMAND = join(ROOT, 'cli/bin/evenkeel.mjs')
const run = promisify(execFile)

export type Ask = <Answer>(
  method: 'GET' | 'POST',
  path: string,
  body?: Readonly<Record<string, unknown>>,
) => Promise<Answer>

export const asking = (baseUrl: string, apiKey: string): Ask => {
  const client = createClient({ baseUrl, apiKey })
  return async <Answer>(method: 'GET' | 'POST', path: string, body: Readonly<Record<string, unknown>> = {}) =>
    (await client.request(method, path, body as Parameters<typeof client.request>[2])) as Answer
}

/** Adds a person to the sandbox "sandbox", as its operator does it: at the command line beside the servers. */
export const addPerson = async (
  { settings, folder }: { readonly settings: Readonly<Record<string, string>>; readonly folder: string },
  name: string,
  role: string,
): Promise<{ readonly id: string; readonly secret: string }> => {
  const { stdout } = await run(
    process.execPath,
    [COMMAND, 'people', 'add', name, '--role', role, '--sandbox', 'sandbox', '--json'],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], MASTER_KEY: TEST_MASTER_KEY_TEXT, LOG_LEVEL: 'error', ...settings },
    },
  )
  return JSON.parse(stdout) as { readonly id: string; readonly secret: string }
}
