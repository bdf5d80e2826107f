import type { Binaries } from './binaries.ts'
import type { Account } from './folders.ts'
import type { Layout } from './layout.ts'

/** What the cluster says while it works; a logger of pino fits. */
export type Log = {
  readonly info: (message: string) => void
  readonly warn: (message: string) => void
}

/** Departures from what the machine suggests. */
export type Tuning = {
  /** Tests only: no fsync. */
  readonly unsafe?: boolean
  /** Tests only: the data go when the last user stops. */
  readonly throwaway?: boolean
  readonly memoryBytes?: number
  readonly diskBytes?: number
}

/** The superuser's, the likeliest first: there are two while the master key is being replaced. */
export type Passwords = () => readonly [string, ...string[]]

/** One cluster's folder, how to run it and how to speak with it. */
export type Site = {
  readonly layout: Layout
  readonly account: Account | null
  readonly binaries: Binaries
  readonly passwords: Passwords
  readonly log: Log
  readonly tuning: Tuning
}

/** The user that initdb makes. Nothing but our own start-up connects as it. */
export const SUPERUSER = 'evenkeel_admin'

/** The database that Evenkeel lives in. */
export const DATABASE = 'evenkeel'

export const HOST = '127.0.0.1'

/** PostgreSQL needs little of our environment, and must not see its secrets. */
export const childOptions = ({ account }: Pick<Site, 'account'>) => ({
  cwd: '/',
  env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
  ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
})
