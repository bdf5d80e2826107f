import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TEST_MASTER_KEY_TEXT } from '../../support/postgres.ts'

const START = join(import.meta.dirname, '..', '..', '..', 'src', 'main', 'start.ts')
const READY_MOST_MS = 60_000
const OUTPUT_KEPT = 65_536

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A server in a process of its own, started as `npm start` does it. */
export type Server = {
  readonly pid: number
  readonly address: string
  /** Printed at the first start on a database only. */
  readonly apiKey: string | null
  /** From the start of the process to its banner. */
  readonly readyMs: number
  /** Resolves when it has ended, however that came about. */
  readonly exited: Promise<Exit>
  /** Sends the signal to this process alone, and waits for its end. */
  readonly end: (signal: NodeJS.Signals) => Promise<Exit>
  /** What it said last, for messages. */
  readonly output: () => string
}

/** Children that still run when this process ends, however it ends, go with it. */
const living = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL')
})

const environment = (settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  // The same files are loaded at each of hundreds of starts.
  NODE_COMPILE_CACHE: join(tmpdir(), 'evenkeel-compile-cache'),
  PORT: '0',
  LOG_LEVEL: 'error',
  LOG_FORMAT: 'json',
  MASTER_KEY: TEST_MASTER_KEY_TEXT,
  EVENKEEL_TEST_CHECK_ANSWERS: '1',
  ...settings,
})

const ADDRESS = /^ {2}Address +(http:\S+)$/m
const API_KEY = /^ {2}Sandbox key +(\S+)$/m
/** The last line of the banner. */
const COMPLETE = /Ctrl-C stops it/

type Wanted = {
  readonly settings: Readonly<Record<string, string>>
  /** Where it runs; no .env file may lie there. */
  readonly folder: string
  readonly entry?: string
}

export const startServer = async ({ settings, folder, entry = START }: Wanted): Promise<Server> => {
  const startedMs = performance.now()
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: environment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  living.add(child)
  let output = ''
  const hear = (chunk: Buffer): void => {
    output = `${output}${chunk.toString('utf8')}`.slice(-OUTPUT_KEPT)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      living.delete(child)
      resolve({ code, signal })
    })
    child.once('error', (error) => {
      hear(Buffer.from(`${error.message}\n`))
      living.delete(child)
      resolve({ code: null, signal: null })
    })
  })
  const banner = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the server is not ready after ${READY_MOST_MS / 1_000} s:\n${output}`))
    }, READY_MOST_MS)
    const look = (): void => {
      if (!COMPLETE.test(output)) return
      clearTimeout(timer)
      child.stdout.off('data', look)
      resolve(output)
    }
    child.stdout.on('data', look)
    void exited.then(({ code, signal }) => {
      clearTimeout(timer)
      reject(new Error(`the server ended (${code ?? signal}) before it was ready:\n${output}`))
    })
  })
  return {
    pid: child.pid ?? 0,
    address: ADDRESS.exec(banner)?.[1] ?? '',
    apiKey: API_KEY.exec(banner)?.[1] ?? null,
    readyMs: performance.now() - startedMs,
    exited,
    end: async (signal) => {
      child.kill(signal)
      return exited
    },
    output: () => output,
  }
}
