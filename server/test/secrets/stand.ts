import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { endPostgres } from '../faults/processes/postgres.ts'
import { makeFolder } from '../faults/runs/site.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const START = join(ROOT, 'server/src/main/start.ts')
const COMMAND = join(ROOT, 'cli/src/main.ts')
const READY_MOST_MS = 60_000

export type Ended = { readonly code: number | null; readonly said: string }

/** A server that logs everything, and whatever it wrote. */
export type Stand = {
  readonly folder: string
  readonly dataDir: string
  readonly address: string
  /** Printed once to whoever started it. */
  readonly apiKey: string
  readonly pid: number
  /** What it logged, on standard error. */
  readonly log: () => Buffer
  readonly command: (args: readonly string[], settings?: Readonly<Record<string, string>>) => Promise<Ended>
  readonly stop: () => Promise<void>
  readonly close: () => Promise<void>
}

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((done) => child.once('exit', (code) => done(code)))

const run = async (
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Ended> => {
  const child = spawn(process.execPath, [file, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const hear = (piece: Buffer): void => {
    said += piece.toString('utf8')
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return { code: await ended(child), said }
}

export const openStand = async (settings: Readonly<Record<string, string>>): Promise<Stand> => {
  const folder = makeFolder()
  const dataDir = join(folder, 'data')
  const work = join(folder, 'work')
  mkdirSync(work)
  const [outFile, logFile] = [join(folder, 'out.txt'), join(folder, 'log.jsonl')]
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NODE_COMPILE_CACHE: join(tmpdir(), 'evenkeel-compile-cache'),
    DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'trace',
    LOG_FORMAT: 'json',
    NO_COLOR: '1',
    ...settings,
  }
  const child = spawn(process.execPath, [START], {
    cwd: work,
    env: environment,
    stdio: ['ignore', openSync(outFile, 'a'), openSync(logFile, 'a')],
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended(child)
  }
  const close = async (): Promise<void> => {
    await stop()
    endPostgres(join(dataDir, 'postgres', 'data'))
    rmSync(folder, { recursive: true, force: true })
  }
  const until = performance.now() + READY_MOST_MS
  let banner = ''
  while (!banner.includes('Ctrl-C stops it')) {
    if (performance.now() > until || child.exitCode !== null) {
      const said = `${banner}\n${readFileSync(logFile, 'utf8')}`
      await close()
      throw new Error(`the server did not come up:\n${said}`)
    }
    await pause(20)
    banner = readFileSync(outFile, 'utf8')
  }
  return {
    folder,
    dataDir,
    address: /Address +(http:\S+)/.exec(banner)?.[1] ?? '',
    apiKey: /Sandbox key +(\S+)/.exec(banner)?.[1] ?? '',
    pid: child.pid ?? 0,
    log: () => readFileSync(logFile),
    command: (args, more = {}) => run(COMMAND, args, { ...environment, ...more }, work),
    stop,
    close,
  }
}
