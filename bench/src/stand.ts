import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import type { OnStage } from '../../server/src/database/index.ts'
import { assert, type TenantId } from '../../server/src/kit/index.ts'
import { openBarePlatform, type Platform, parseConfiguration } from '../../server/src/main/index.ts'
import { type Client, openClient } from './clients.ts'
import { type Program, startProgram } from './program.ts'

/** A sandbox with a key to it. */
export type Sandbox = { readonly tenant: TenantId; readonly name: string; readonly key: string }

/** A durable Evenkeel of the benchmarks' own, in a folder that goes when they end. */
export type Stand = {
  readonly folder: string
  readonly platform: Platform
  /** The superuser of the cluster, for tables of the benchmarks and for looking at sizes. */
  readonly adminUrl: string
  readonly admin: Client
  readonly postmaster: () => number
  readonly createSandbox: (name: string) => Promise<Sandbox>
  /** The server as a user starts it. */
  readonly startServer: (nodeArguments?: readonly string[]) => Promise<Program>
  /** The same HTTP layer over a route that answers `answerFile` and does nothing. */
  readonly startEmptyServer: (answerFile: string) => Promise<Program>
  readonly close: () => Promise<void>
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

const createSandbox = async ({ tenants }: Platform, name: string): Promise<Sandbox> => {
  const made = await tenants.createSandbox({ name })
  assert(made.ok, 'the sandbox of a benchmark is made')
  const key = await tenants.createKey({ tenant: name, name: 'benchmark' })
  assert(key.ok, 'the key of a benchmark is made')
  return { tenant: made.tenant.id, name, key: key.text }
}

export type StandOptions = {
  /** Where the folder is made; the system's place for temporary files where it is left out. */
  readonly within?: string | undefined
  readonly onStage?: OnStage
  /** Uses the folder of a stand that was closed with `keep`, and removes it in the end. */
  readonly folder?: string
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const

/** Works on a stand, and takes everything away however the work ends: by itself, by an error or by a signal. */
export const withStand = async <Value>(
  options: StandOptions,
  work: (stand: Stand) => Promise<Value>,
): Promise<Value> => {
  const stand = await openStand(options)
  const stop = (signal: keyof typeof SIGNALS): void => {
    void stand.close().finally(() => process.exit(SIGNALS[signal]))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  try {
    return await work(stand)
  } finally {
    await stand.close()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  }
}

/** Opens a platform with everything on, as the product opens it, over an embedded cluster of its own. */
const openStand = async ({ within, onStage, folder: given }: StandOptions): Promise<Stand> => {
  const folder = given ?? makeFolder(within)
  const settings = { DATA_DIR: join(folder, 'data') }
  let dataFolder: string | undefined
  try {
    const configuration = parseConfiguration({ ...settings, LOG_LEVEL: 'warn' })
    const platform = await openBarePlatform({
      as: 'tool',
      configuration,
      ...(onStage === undefined ? {} : { onStage }),
    })
    const { cluster } = platform
    assert(cluster !== null, 'a configuration without DATABASE_URL has a cluster of its own')
    dataFolder = cluster.dataFolder
    const admin = await openClient(cluster.url)
    const programs: Program[] = []
    let closed: Promise<void> | null = null
    const close = async (): Promise<void> => {
      await Promise.all(programs.map((program) => program.stop()))
      await admin.close()
      await platform.close()
      removeData(folder, dataFolder)
    }
    const start = async (
      script: string,
      options: { arguments?: string[]; nodeArguments?: readonly string[] },
    ): Promise<Program> => {
      const program = await startProgram({
        script: new URL(script, import.meta.url),
        settings: { ...settings, PORT: '0' },
        folder,
        log: join(folder, `server-${programs.length}.log`),
        ...options,
      })
      programs.push(program)
      return program
    }
    return {
      folder,
      platform,
      adminUrl: cluster.url,
      admin: admin.client,
      postmaster: cluster.pid,
      createSandbox: (name) => createSandbox(platform, name),
      startServer: (nodeArguments = []) => start('../../server/src/main/start.ts', { nodeArguments }),
      startEmptyServer: (answerFile) => start('./http/empty-server.ts', { arguments: [answerFile] }),
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
