import type { Client } from './clients.ts'
import { ownSeconds, secondsOfCluster, secondsOfMachine, secondsOfProcess } from './cpu.ts'
import { bytesOf } from './disk.ts'

/** Processor time in cores: 1 is one core, busy all the time. Null where the system does not tell. */
export type Cores = {
  /** The client, where the server is another process. */
  readonly client: number | null
  readonly server: number | null
  readonly database: number | null
  /** Everything else on this machine: what disturbed the measurement. */
  readonly others: number | null
}

export type Used = { readonly cores: Cores; readonly bytes: number }

/** Tables that a benchmark writes, and the database that they are in. */
export type Written = { readonly admin: Client; readonly tables: readonly string[] }

export type Measurable = {
  /** The process that serves; null: it is this one. */
  readonly server: number | null
  readonly writes: Written | null
}

/** Begins to measure; the function that it returns ends it. */
export type Meter = (what: Measurable) => Promise<() => Promise<Used>>

const bytesWritten = async (writes: Written | null): Promise<number> =>
  writes === null ? 0 : bytesOf(writes.admin, writes.tables)

const MILLIS_PER_SECOND = 1_000

type Reading = {
  readonly own: number
  readonly server: number | null
  readonly database: number | null
  readonly machine: number | null
  readonly ms: number
}

const read = (server: number | null, postmaster: number): Reading => ({
  own: ownSeconds(),
  server: server === null ? null : secondsOfProcess(server),
  database: secondsOfCluster(postmaster),
  machine: secondsOfMachine(),
  ms: performance.now(),
})

const coresBetween = (from: Reading, to: Reading, isOneProcess: boolean): Cores => {
  const seconds = (to.ms - from.ms) / MILLIS_PER_SECOND
  const cores = (part: 'own' | 'server' | 'database' | 'machine'): number | null => {
    const [before, after] = [from[part], to[part]]
    return before === null || after === null ? null : (after - before) / seconds
  }
  const [own, server, database, machine] = [
    cores('own'),
    cores('server'),
    cores('database'),
    cores('machine'),
  ]
  const ours = (own ?? 0) + (server ?? 0) + (database ?? 0)
  return {
    client: isOneProcess ? null : own,
    server: isOneProcess ? own : server,
    database,
    others: machine === null ? null : Math.max(0, machine - ours),
  }
}

export const createMeter =
  (postmaster: () => number): Meter =>
  async ({ server, writes }) => {
    const bytes = await bytesWritten(writes)
    const from = read(server, postmaster())
    return async () => {
      const cores = coresBetween(from, read(server, postmaster()), server === null)
      return { cores, bytes: (await bytesWritten(writes)) - bytes }
    }
  }
