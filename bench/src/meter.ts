import type { Client } from './clients.ts'
import { ownSeconds, secondsOfCluster, secondsOfProcess } from './cpu.ts'
import { bytesOf } from './disk.ts'

/** Processor time in cores: 1 is one core, busy all the time. Null where the system does not tell. */
export type Cores = {
  /** The client, where the server is another process. */
  readonly client: number | null
  readonly server: number | null
  readonly database: number | null
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

export const createMeter =
  (postmaster: () => number): Meter =>
  async ({ server, writes }) => {
    const read = () => ({
      own: ownSeconds(),
      server: server === null ? null : secondsOfProcess(server),
      database: secondsOfCluster(postmaster()),
      ms: performance.now(),
    })
    const bytes = await bytesWritten(writes)
    const from = read()
    return async () => {
      const to = read()
      const seconds = (to.ms - from.ms) / MILLIS_PER_SECOND
      const cores = (before: number | null, after: number | null): number | null =>
        before === null || after === null ? null : (after - before) / seconds
      const own = cores(from.own, to.own)
      return {
        cores: {
          client: server === null ? null : own,
          server: server === null ? own : cores(from.server, to.server),
          database: cores(from.database, to.database),
        },
        bytes: (await bytesWritten(writes)) - bytes,
      }
    }
  }
