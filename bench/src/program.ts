import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { READY_MS, STOP_MS } from './sizes.ts'

/** A server in a process of its own. */
export type Program = {
  readonly pid: number
  readonly port: number
  readonly stop: () => Promise<void>
}

type Options = {
  readonly script: URL
  readonly words: readonly string[]
  /** Settings of ours. Nothing else of the environment is handed on, and no .env file is found in `folder`. */
  readonly settings: Readonly<Record<string, string>>
  readonly folder: string
  /** The program's log, as a user would keep it. */
  readonly log: string
}

/** What a program may need that is none of our settings: somebody's DATABASE_URL must not be benchmarked. */
const HANDED_ON = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LD_LIBRARY_PATH'] as const

const environment = (settings: Options['settings']): NodeJS.ProcessEnv => {
  const handedOn = HANDED_ON.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  )
  return { ...Object.fromEntries(handedOn), ...settings }
}

const LOG_TAIL = 2_000

const failed = (what: string, { script, log }: Options): Error => {
  const tail = readFileSync(log, 'utf8').slice(-LOG_TAIL)
  return new Error(`${script.pathname.split('/').at(-1)} ${what}. The end of its log:\n${tail}`)
}

const ADDRESS = /http:\/\/[\d.]+:(\d+)/

/** The port that the program says it listens on. */
const portOf = (child: ChildProcess, options: Options): Promise<number> =>
  new Promise((resolve, reject) => {
    let said = ''
    let isReady = false
    const timer = setTimeout(() => reject(failed('was not ready in time', options)), READY_MS)
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const port = ADDRESS.exec(said)?.[1]
      if (port === undefined) return
      clearTimeout(timer)
      isReady = true
      resolve(Number(port))
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      if (!isReady) reject(failed(`ended with ${code} before it was ready`, options))
    })
  })

/** Starts a server and waits until it listens. */
export const startProgram = async (options: Options): Promise<Program> => {
  const { script, words, settings, folder, log } = options
  const child = spawn(process.execPath, [fileURLToPath(script), ...words], {
    cwd: folder,
    env: environment(settings),
    stdio: ['ignore', 'pipe', openSync(log, 'a')],
  })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await Promise.race([exited, pause(STOP_MS, undefined, { ref: false })])
    kill()
    await exited
    process.off('exit', kill)
  }
  try {
    const port = await portOf(child, options)
    return { pid: child.pid ?? 0, port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
