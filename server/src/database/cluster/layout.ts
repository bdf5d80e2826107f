import { randomBytes } from 'node:crypto'
import { lstatSync, readFileSync, readlinkSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupProblem } from '../../kit/index.ts'
import { type Account, canEnter, makeFolder } from './folders.ts'

/** Where the things of a cluster lie. The folder is ours, the data are PostgreSQL's. */
export type Layout = {
  readonly folder: string
  /** PostgreSQL's own folder; `data` in ours, or what a link of that name leads to. */
  readonly data: string
  readonly binaries: string
  readonly log: string
  readonly state: string
  readonly turn: string
  readonly users: string
  readonly server: string
  readonly serverNote: string
  /** Segments of the log that are on their way to the folder of backups; beside the data, where PostgreSQL can write. */
  readonly outbox: string
  /** Which folder of backups was chosen. */
  readonly choice: string
}

/** What we remember of a cluster between two starts. */
export type State = { readonly port: number | null }

const ELSEWHERE = '/var/lib/evenkeel'

const linkTarget = (path: string): string | null => {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isSymbolicLink() === true ? readlinkSync(path) : null
}

export const layOut = (folder: string): Layout => {
  const data = linkTarget(join(folder, 'data')) ?? join(folder, 'data')
  return {
    folder,
    data,
    binaries: join(dirname(data), 'binaries'),
    log: join(folder, 'postgres.log'),
    state: join(folder, 'cluster.json'),
    turn: join(folder, 'turn.lock'),
    users: join(folder, 'users.lock'),
    server: join(folder, 'server.lock'),
    serverNote: join(folder, 'server.json'),
    outbox: join(dirname(data), 'outbox'),
    choice: join(folder, 'backup.json'),
  }
}

/** Whether a cluster was ever made in the folder, running or not. */
export const hasCluster = (folder: string): boolean =>
  lstatSync(join(folder, 'data'), { throwIfNoEntry: false }) !== undefined

/**
 * Root's cluster runs as another user, to whom a folder below root's home is closed. Its data then go to
 * /var/lib/evenkeel, and a link says where. The new place, or null when there was no need.
 */
export const moveWithinReach = (layout: Layout, account: Account | null): string | null => {
  if (account === null || layout.data !== join(layout.folder, 'data') || canEnter(layout.folder, account))
    return null
  const elsewhere = join(ELSEWHERE, randomBytes(8).toString('hex'))
  makeFolder(elsewhere, 0o711)
  if (!canEnter(elsewhere, account))
    throw new SetupProblem(
      `PostgreSQL runs as ${account.name}, to whom both ${layout.folder} and ${ELSEWHERE} are closed`,
      `Set DATA_DIR to a folder that ${account.name} can reach, or start as an ordinary user.`,
    )
  symlinkSync(join(elsewhere, 'data'), join(layout.folder, 'data'))
  return elsewhere
}

export const readState = (layout: Layout): State => {
  try {
    const { port } = JSON.parse(readFileSync(layout.state, 'utf8')) as { port?: unknown }
    return { port: typeof port === 'number' && Number.isInteger(port) ? port : null }
  } catch {
    return { port: null }
  }
}

export const writeState = (layout: Layout, state: State): void => {
  const unfinished = `${layout.state}.new`
  writeFileSync(unfinished, `${JSON.stringify(state)}\n`)
  renameSync(unfinished, layout.state)
}
