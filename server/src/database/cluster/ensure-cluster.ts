import { realpathSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { SetupProblem } from '../../kit/index.ts'
import { type Address, firstOf } from '../connect/address.ts'
import { adopt } from './adopt.ts'
import { setArchiving } from './archiving.ts'
import { ensureDatabase } from './ask.ts'
import { prepareBinaries } from './binaries.ts'
import { create, exists } from './create.ts'
import { chooseAccount, makeFolder } from './folders.ts'
import { type Layout, layOut, moveWithinReach } from './layout.ts'
import type { Lock } from './lock.ts'
import { inTurn, isUnused, joinUsers, type Role, takeServer } from './presence.ts'
import { DATABASE, HOST, type Log, type Passwords, type Site, SUPERUSER, type Tuning } from './site.ts'
import { type Postmaster, start } from './start.ts'
import { stop } from './stop.ts'
import { explained } from './troubles.ts'
import { type Watch, watch } from './watch.ts'

export type ClusterOptions = {
  /** Ours alone; made when missing. Not the data folder of PostgreSQL itself, which lies in it. */
  readonly folder: string
  /** One, or what says which are to be tried while it is being replaced. */
  readonly superuserPassword: string | Passwords
  readonly log: Log
  /** A server has the folder to itself and revives PostgreSQL when it dies; guests come and go beside it. */
  readonly role: Role
  readonly tuning?: Tuning
  /** Told when PostgreSQL died and could not be started again. */
  readonly onFailure?: (problem: Error) => void
}

export type Cluster = {
  readonly host: string
  readonly port: number
  /** The superuser, for making roles and migrating. */
  readonly user: string
  readonly database: string
  readonly url: string
  /** The same, for whoever stays while the password is replaced. */
  readonly address: Address
  /** The folder of the data, which is elsewhere than asked for when root's PostgreSQL could not reach it. */
  readonly dataFolder: string
  /** It was running already, left over by a killed process or in use by another. */
  readonly adopted: boolean
  /** It was made by this call. */
  readonly created: boolean
  readonly pid: () => number
  /** Where the things of the cluster lie. */
  readonly layout: Layout
  /** Tells the running PostgreSQL whether its log goes to the outbox. A start goes by the choice that was written down. */
  readonly setArchiving: (on: boolean) => Promise<void>
  /** Gives the cluster back; PostgreSQL stops with its last user. */
  readonly stop: () => Promise<void>
}

type Up = Postmaster & { readonly adopted: boolean; readonly created: boolean }

export const prepareSite = ({ folder, superuserPassword, log, tuning = {} }: ClusterOptions): Site => {
  const planned = layOut(folder)
  const account = chooseAccount(planned.data)
  const elsewhere = moveWithinReach(planned, account)
  if (elsewhere !== null) log.info(`${account?.name} cannot reach ${folder}: the data go to ${elsewhere}`)
  const layout = layOut(folder)
  const binaries = prepareBinaries(layout.binaries, account)
  const passwords: Passwords =
    typeof superuserPassword === 'string' ? () => [superuserPassword] : superuserPassword
  return { layout, account, binaries, passwords, log, tuning }
}

const bringUp = async (site: Site): Promise<Up> => {
  const found = exists(site)
  if (!found) await create(site)
  const running = found ? await adopt(site) : null
  const postmaster = running ?? (await start(site))
  try {
    await ensureDatabase(site, postmaster.port)
  } catch (error) {
    if (running === null) await stop(site)
    throw error
  }
  return { ...postmaster, adopted: running !== null, created: !found }
}

type Held = { readonly site: Site; readonly up: Up; readonly users: Lock; readonly server: Lock | null }

const releaseCluster = async ({ site, users, server }: Held, watcher: Watch | null): Promise<void> => {
  await watcher?.stop()
  await inTurn(site.layout, site.log, async () => {
    users.release()
    if (!isUnused(site.layout)) {
      site.log.info('PostgreSQL stays up: another process uses it')
      return
    }
    await stop(site)
    if (site.tuning.throwaway === true) rmSync(site.layout.data, { recursive: true, force: true })
  })
  server?.release()
}

const hold = async (options: ClusterOptions): Promise<Held> => {
  const layout = layOut(options.folder)
  const server = options.role === 'server' ? takeServer(layout) : null
  try {
    return await inTurn(layout, options.log, async () => {
      const site = prepareSite(options)
      const users = joinUsers(layout)
      try {
        return { site, up: await bringUp(site), users, server }
      } catch (error) {
        users.release()
        throw error
      }
    })
  } catch (error) {
    server?.release()
    throw error
  }
}

const portLost = (site: Site, port: number): SetupProblem =>
  new SetupProblem(
    `PostgreSQL died, and its port ${port} was taken by another program before it was back`,
    `Start Evenkeel again; the database in ${site.layout.folder} is whole.`,
  )

/** The embedded PostgreSQL of a folder: created, started or found running. Two calls at once get the same cluster. */
export const ensureCluster = async (given: ClusterOptions): Promise<Cluster> => {
  const folder = await explained(given.folder, () => {
    makeFolder(resolve(given.folder), process.getuid?.() === 0 ? 0o711 : 0o700)
    return realpathSync(given.folder)
  })
  const options = { ...given, folder }
  const held = await explained(folder, () => hold(options))
  const { site, up } = held
  let { pid } = up
  const revive = (): Promise<Postmaster> =>
    inTurn(site.layout, site.log, async () => {
      const again = await bringUp(site)
      if (again.port !== up.port) throw portLost(site, up.port)
      pid = again.pid
      return again
    })
  const onFailure = options.onFailure ?? ((problem: Error) => site.log.warn(problem.message))
  const watcher =
    options.role === 'server' ? watch({ site, pid: () => pid, bringUp: revive, onFailure }) : null
  let stopped: Promise<void> | null = null
  const urlOf = (password: string): string =>
    `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@${HOST}:${up.port}/${DATABASE}`
  const address = (): readonly [string, ...string[]] => {
    const [likeliest, ...others] = site.passwords()
    return [urlOf(likeliest), ...others.map(urlOf)]
  }
  return {
    host: HOST,
    port: up.port,
    user: SUPERUSER,
    database: DATABASE,
    get url() {
      return firstOf(address)
    },
    address,
    dataFolder: site.layout.data,
    adopted: up.adopted,
    created: up.created,
    pid: () => pid,
    layout: site.layout,
    setArchiving: (on) => setArchiving(site, up.port, on),
    stop: () => {
      stopped ??= releaseCluster(held, watcher)
      return stopped
    },
  }
}
