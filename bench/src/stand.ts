import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Configuration, parseConfiguration } from '@evenkeel/server'
import type { OnStage } from '../../server/src/database/index.ts'
import { assert } from '../../server/src/kit/index.ts'
import { type Database, openDatabase } from './database.ts'
import { type Program, startProgram } from './program.ts'
import { CLOSE_MS } from './sizes.ts'

/** A durable Evenkeel of the benchmarks' own, in a folder that goes when they end. */
export type Stand = Database & {
  readonly folder: string
  /** The superuser's, over the stand's own database. */
  readonly adminUrl: string
  readonly postmaster: () => number
  /** Another database of the same PostgreSQL, empty; closing it drops it. */
  readonly openBeside: (name: string) => Promise<Database>
  /** The server as a user starts it. */
  readonly startServer: () => Promise<Program>
  /** The same HTTP layer over a route that answers what is in the file and does nothing. */
  readonly startEmptyServer: (answerFile: string, path: string) => Promise<Program>
}

export type StandOptions = {
  /** Where the folder is made; the system's place for temporary files where it is left out. */
  readonly within: string | undefined
  readonly onStage?: OnStage
}

/** Others may pass through to the cluster's own folder, which root's PostgreSQL runs in as another user. */
const FOLDER_MODE = 0o711

const makeFolder = (within: string | undefined): string => {
  const folder = mkdtempSync(join(realpathSync(within ?? tmpdir()), 'evenkeel-bench-'))
  chmodSync(folder, FOLDER_MODE)
  return folder
}

const removeData = (folder: string, dataFolder: string | undefined): void => {
  // Where the temporary folder is closed to PostgreSQL's user, its data went elsewhere.
  if (dataFolder !== undefined && !dataFolder.startsWith(folder + sep))
    rmSync(dirname(dataFolder), { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
}

/** Nothing is read from the environment or a .env file: it could lead to somebody's own database. */
const configure = (settings: Readonly<Record<string, string>>): Configuration =>
  parseConfiguration({ LOG_LEVEL: 'error', ...settings })

const openBeside = async (
  { admin }: Database,
  { url, settings, name }: { url: string; settings: Readonly<Record<string, string>>; name: string },
): Promise<Database> => {
  await admin.query(`create database ${name}`)
  const beside = new URL(url)
  beside.pathname = `/${name}`
  const database = await openDatabase(configure({ ...settings, DATABASE_URL: beside.href }), undefined)
  return {
    ...database,
    close: async () => {
      await database.close()
      await admin.query(`drop database ${name} with (force)`)
    },
  }
}

const startersOf = (folder: string, settings: Readonly<Record<string, string>>) => {
  const programs: Program[] = []
  const start = async (script: URL, words: readonly string[]): Promise<Program> => {
    const log = join(folder, `server-${programs.length}.log`)
    const program = await startProgram({ script, words, settings: { ...settings, PORT: '0' }, folder, log })
    programs.push(program)
    return program
  }
  return {
    startServer: () => start(new URL('../../server/src/main/start.ts', import.meta.url), []),
    startEmptyServer: (answerFile: string, path: string) =>
      start(new URL('./http/empty-server.ts', import.meta.url), [answerFile, path]),
    stopAll: async () => {
      await Promise.all(programs.map((program) => program.stop()))
    },
  }
}

/** Opens a platform over an embedded cluster of its own, with the settings that the product starts it with. */
const openStand = async ({ within, onStage }: StandOptions): Promise<Stand> => {
  const folder = makeFolder(within)
  const settings = { DATA_DIR: join(folder, 'data') }
  let dataFolder: string | undefined
  try {
    const database = await openDatabase(configure(settings), onStage)
    const { cluster } = database.platform
    assert(cluster !== null, 'a configuration without DATABASE_URL has a cluster of its own')
    dataFolder = cluster.dataFolder
    const { startServer, startEmptyServer, stopAll } = startersOf(folder, settings)
    let closed: Promise<void> | null = null
    const close = async (): Promise<void> => {
      await stopAll()
      // A benchmark that broke off may hold a connection for ever. Without its folder PostgreSQL ends by itself.
      await Promise.race([database.close(), pause(CLOSE_MS, undefined, { ref: false })])
      removeData(folder, dataFolder)
    }
    return {
      ...database,
      folder,
      adminUrl: cluster.url,
      postmaster: cluster.pid,
      openBeside: (name) => openBeside(database, { url: cluster.url, settings, name }),
      startServer,
      startEmptyServer,
      close: () => {
        closed ??= close()
        return closed
      },
    }
  } catch (error) {
    removeData(folder, dataFolder)
    throw error
  }
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Works on a stand, and takes everything away however the work ends: by itself, by an error or by a signal. */
export const withStand = async <Value>(
  options: StandOptions,
  work: (stand: Stand) => Promise<Value>,
): Promise<Value> => {
  const opening = openStand(options)
  let isStopping = false
  const stop = (signal: NodeJS.Signals): void => {
    isStopping = true
    process.stderr.write('\nStopping: taking the database away.\n')
    void opening
      .then((stand) => stand.close())
      .finally(() => process.exit(EXIT_CODES[signal === 'SIGINT' ? signal : 'SIGTERM']))
  }
  for (const signal of SIGNALS) process.once(signal, stop)
  const stand = await opening
  try {
    return await work(stand)
  } catch (error) {
    // What the stop breaks off is no news: the process is about to end.
    if (isStopping) await new Promise(() => undefined)
    throw error
  } finally {
    await stand.close()
    for (const signal of SIGNALS) process.off(signal, stop)
  }
}
