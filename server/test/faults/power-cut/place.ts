import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ClientBase } from 'pg'
import { chooseAccount, giveTreeTo } from '../../../src/database/cluster/folders.ts'
import { DATABASE, HOST, SUPERUSER } from '../../../src/database/cluster/site.ts'
import { withLogin } from '../../../src/database/connect/url.ts'
import { rolePassword } from '../../../src/vault/index.ts'
import { testMasterKey } from '../../support/postgres.ts'
import { endPostgres, postgresOf } from '../processes/postgres.ts'
import { type Supervisor, supervise } from '../processes/supervisor.ts'
import type { Reading } from '../runs/run.ts'
import { readerUrlAt, type Site } from '../runs/site.ts'
import type { Files } from './files.ts'

export const dataOf = (folder: string): string => join(folder, 'data', 'postgres', 'data')

export const adminUrlAt = (port: number): string =>
  withLogin(`postgresql://${HOST}:${port}/${DATABASE}`, SUPERUSER, rolePassword(testMasterKey, 'superuser'))

const portOf = (folder: string): number => {
  const port = postgresOf(dataOf(folder)).find()?.port
  if (port === undefined) throw new Error(`no PostgreSQL runs in ${dataOf(folder)}`)
  return port
}

export const adminUrlOf = (folder: string): string => adminUrlAt(portOf(folder))

/** Up to where the log is on the disk, by PostgreSQL's own word. */
export const flushedTo = async (client: ClientBase): Promise<string> => {
  const { rows } = await client.query<{ place: string }>('select pg_current_wal_flush_lsn()::text as place')
  return rows[0]?.place ?? ''
}

export type Copy = { readonly folders: readonly string[]; readonly files: Files; readonly log: Files }

const writeAll = (folder: string, files: Files): void => {
  for (const [name, bytes] of files) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, bytes, { mode: 0o600 })
  }
}

/** The data folder of a server whose machine lost its power, beside the one that it was copied from. */
export const layCopy = (site: Site, folder: string, copy: Copy): void => {
  const from = join(site.folder, 'data')
  mkdirSync(join(folder, 'data', 'postgres'), { recursive: true, mode: 0o711 })
  mkdirSync(join(folder, 'work'))
  // What is kept outside the database: the key that signs the audit log, and the heads that it has signed.
  cpSync(from, join(folder, 'data'), {
    recursive: true,
    filter: (path) => !path.startsWith(join(from, 'postgres')),
  })
  const data = dataOf(folder)
  mkdirSync(join(data, 'pg_wal'), { recursive: true, mode: 0o700 })
  for (const name of copy.folders) mkdirSync(join(data, name), { recursive: true, mode: 0o700 })
  writeAll(data, copy.files)
  writeAll(join(data, 'pg_wal'), copy.log)
  giveTreeTo(data, chooseAccount(dataOf(site.folder)))
}

export type Revived = {
  readonly server: Supervisor
  readonly reading: Reading
  readonly close: () => Promise<void>
}

/** The server after the power is back. */
export const revive = async (site: Site, folder: string): Promise<Revived> => {
  const { apiKey } = site.server.place()
  const server = supervise({
    settings: { DATA_DIR: join(folder, 'data') },
    folder: join(folder, 'work'),
    apiKey,
  })
  const close = async (): Promise<void> => {
    server.retire()
    await server.end('SIGTERM')
    endPostgres(dataOf(folder))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await server.start()
    return { server, reading: { ...site.reading, readerUrl: readerUrlAt(portOf(folder)) }, close }
  } catch (error) {
    await close()
    throw error
  }
}
