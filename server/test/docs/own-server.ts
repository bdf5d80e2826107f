import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const ROOT = resolve(import.meta.dirname, '../../..')
const START = join(ROOT, 'server/src/main/start.ts')

const UP_WITHIN_MS = 60_000
const PAGE_WITHIN_MS = 120_000
const STOPPED_WITHIN_MS = 10_000

/** A server as `npm start` starts it, with data of its own and whatever port is free, and a shell to try things in. */
export type OwnServer = {
  readonly address: string
  readonly banner: string
  /** Runs a script in a folder that looks like the repository, and gives what it printed. */
  readonly shell: (script: string) => Promise<string>
  readonly stop: () => Promise<void>
}

/** Other settings of the machine must not reach the server, nor a key of somebody's the commands. */
const environmentOf = (folder: string): NodeJS.ProcessEnv => {
  const others = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('EVENKEEL_') && !/^(DATABASE_|LOG_|HOST$|MASTER_KEY$)/.test(name),
  )
  return {
    ...Object.fromEntries(others),
    PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter),
    DATA_DIR: join(folder, '.evenkeel'),
    PORT: '0',
    NO_COLOR: '1',
    // Dozens of commands run the same code: reading it anew would take half of their time.
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  }
}

/** PostgreSQL of root runs as another user, which must be able to enter the folder. */
const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-docs-'))
  chmodSync(folder, 0o755)
  symlinkSync(join(ROOT, 'examples'), join(folder, 'examples'))
  return folder
}

const collect = (child: ChildProcess): { readonly text: () => string } => {
  let text = ''
  const add = (piece: Buffer): void => {
    text += piece.toString('utf8')
  }
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)
  return { text: () => text }
}

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((done) => child.once('exit', () => done()))

const waitForBanner = async (child: ChildProcess, said: () => string): Promise<string> => {
  const until = performance.now() + UP_WITHIN_MS
  while (performance.now() < until && child.exitCode === null) {
    if (said().includes('Ctrl-C stops it')) return said()
    await sleep(50)
  }
  throw new Error(`The server did not come up. It said:\n${said()}`)
}

const runShell = async (script: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> => {
  // Both outputs in one, as on a terminal.
  const child = spawn('bash', ['-c', `exec 2>&1\n${script}`], { cwd: folder, env })
  const { text } = collect(child)
  const timer = setTimeout(() => child.kill('SIGKILL'), PAGE_WITHIN_MS)
  await ended(child)
  clearTimeout(timer)
  return text()
}

const stop = async (child: ChildProcess, folder: string): Promise<void> => {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS)
  await ended(child)
  clearTimeout(timer)
  rmSync(folder, { recursive: true, force: true })
}

export const startOwnServer = async (): Promise<OwnServer> => {
  const folder = makeFolder()
  const environment = environmentOf(folder)
  const child = spawn(process.execPath, [START], { cwd: folder, env: environment })
  const { text } = collect(child)
  try {
    const banner = await waitForBanner(child, text)
    const address = /Address\s+(http:\/\/\S+)/.exec(banner)?.[1] ?? ''
    const env = { ...environment, EVENKEEL_URL: address }
    return {
      address,
      banner,
      shell: (script) => runShell(script, folder, env),
      stop: () => stop(child, folder),
    }
  } catch (error) {
    await stop(child, folder)
    throw error
  }
}
