import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE, HOST } from '../../src/database/cluster/site.ts'
import { READER } from '../../src/database/connect/owner.ts'
import { withLogin } from '../../src/database/connect/url.ts'
import { openBarePlatform, parseConfiguration } from '../../src/main/index.ts'
import { masterKeyToolsOf, type Rotated, type RotationStep } from '../../src/main/master-key-tools.ts'
import { masterKeyFromText, rolePassword } from '../../src/vault/index.ts'
import { endPostgres, type Postgres, postgresOf } from '../faults/processes/postgres.ts'
import { type Supervisor, supervise } from '../faults/processes/supervisor.ts'
import { makeFolder, tenantOfKey } from '../faults/runs/site.ts'
import { TEST_MASTER_KEY_TEXT } from '../support/postgres.ts'

/** A server over a cluster of its own whose master key stands in a file. */
export type Stand = {
  readonly folder: string
  readonly keyFile: string
  /** The keys that the file holds, as text. */
  readonly keys: () => readonly string[]
  readonly server: Supervisor
  /** The same database, served by another process with other settings. */
  readonly serveWith: (settings: Readonly<Record<string, string>>) => Supervisor
  readonly postgres: Postgres
  /** As the role that reads, with the password that follows from this key. */
  readonly readerUrl: (key: string) => string
  readonly tenant: number
  readonly close: () => Promise<void>
}

const quiet = { LOG_LEVEL: 'silent', PORT: '0' }

/** Runs a rotation as the command does it; throws out of it after one of its steps, as if it had been killed there. */
export const rotate = async (
  stand: Pick<Stand, 'folder'>,
  { killedAfter, masterKey }: { readonly killedAfter?: RotationStep; readonly masterKey?: string } = {},
): Promise<Rotated> => {
  const platform = await openBarePlatform({
    as: 'tool',
    configuration: parseConfiguration({
      ...quiet,
      DATA_DIR: join(stand.folder, 'data'),
      ...(masterKey === undefined ? {} : { MASTER_KEY: masterKey }),
    }),
  })
  try {
    return await masterKeyToolsOf(platform).rotate({
      onStep: (step) => {
        if (step === killedAfter) throw new Error(`killed after ${step}`)
      },
    })
  } finally {
    await platform.close()
  }
}

export const openStand = async (): Promise<Stand> => {
  const folder = makeFolder()
  const data = join(folder, 'data')
  mkdirSync(join(folder, 'work'))
  mkdirSync(data)
  chmodSync(data, 0o711)
  const keyFile = join(data, 'master.key')
  writeFileSync(keyFile, `${TEST_MASTER_KEY_TEXT}\n`, { mode: 0o600 })
  const dataFolder = join(data, 'postgres', 'data')
  const supervisors: Supervisor[] = []
  const serveWith: Stand['serveWith'] = (settings) => {
    const [first] = supervisors
    const made = supervise({
      // An empty text is an absent one: the key is that of the file.
      settings: { DATA_DIR: data, MASTER_KEY: '', ...settings },
      folder: join(folder, 'work'),
      ...(first === undefined ? {} : { apiKey: first.place().apiKey }),
    })
    supervisors.push(made)
    return made
  }
  const close = async (): Promise<void> => {
    for (const one of supervisors) one.retire()
    for (const one of supervisors) await one.end('SIGTERM')
    endPostgres(dataFolder)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const server = serveWith({})
    const started = await server.start()
    const postgres = postgresOf(dataFolder)
    const port = postgres.find()?.port ?? 0
    const readerUrl = (key: string): string =>
      withLogin(
        `postgresql://${HOST}:${port}/${DATABASE}`,
        READER,
        rolePassword(masterKeyFromText(key), 'reader'),
      )
    const tenant = await tenantOfKey(readerUrl(TEST_MASTER_KEY_TEXT), started.apiKey?.slice(-4) ?? '')
    const keys = (): readonly string[] => readFileSync(keyFile, 'utf8').trim().split('\n')
    return { folder, keyFile, keys, server, serveWith, postgres, readerUrl, tenant, close }
  } catch (error) {
    await close()
    throw error
  }
}
