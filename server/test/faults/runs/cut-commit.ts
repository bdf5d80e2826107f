import { setTimeout as pause } from 'node:timers/promises'
import { withClient } from '../../../src/database/index.ts'
import {
  type CommitProxy,
  KINDS,
  type Kind,
  openCommitProxy,
  POSITIONS,
  type Position,
} from '../proxy/commit-proxy.ts'
import type { Amount } from '../size.ts'
import { openPair, type Pair } from './pair.ts'
import { newTally, type Say, spread, type Tally } from './run.ts'
import { underLoad } from './under-load.ts'

/**
 * A black hole lasts until somebody's time is over: the server's for an answer, PostgreSQL's for the rest of a
 * transaction. Both are the pool's settings, which the URL of a database may change; here they are short, and yet longer than a batch
 * takes on a busy machine.
 */
const QUERY_TIMEOUT_MS = 2_000
const IDLE_IN_TRANSACTION_MS = 1_500

const CUT_MOST_MS = 60_000
const HEAL_MOST_MS = 60_000
const POLL_MS = 5
const BETWEEN_MOST_MS = 60
const ANSWERS_ARRIVE_MS = 30

const COMBINATIONS = KINDS.flatMap((kind) => POSITIONS.map((position) => ({ kind, position })))

const turn = <Value>(values: readonly Value[], count: number): Value => {
  const value = values[count % values.length]
  if (value === undefined) throw new Error('there is nothing to take turns')
  return value
}

const through = (url: string, port: number): string => {
  const changed = new URL(url)
  changed.port = String(port)
  changed.searchParams.set('query_timeout', String(QUERY_TIMEOUT_MS))
  changed.searchParams.set('idle_in_transaction_session_timeout', String(IDLE_IN_TRANSACTION_MS))
  return changed.href
}

const addressOf = (url: string): { host: string; port: number } => {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

/** The next commit that goes through: then the server has found its way again. */
const nextCommit = async (proxy: CommitProxy): Promise<void> => {
  const before = proxy.commits()
  const untilMs = performance.now() + HEAL_MOST_MS
  while (proxy.commits() === before) {
    if (performance.now() > untilMs) throw new Error('no batch is committed after a connection was cut')
    await pause(POLL_MS)
  }
}

const within = async (work: Promise<void>, ms: number, problem: string): Promise<void> => {
  const expired = new AbortController()
  const timer = pause(ms, undefined, { signal: expired.signal }).then(() => {
    throw new Error(problem)
  })
  timer.catch(() => undefined)
  try {
    await Promise.race([work, timer])
  } finally {
    expired.abort()
  }
}

/** Transactions that PostgreSQL should have given up. */
const countStale = (adminUrl: string): Promise<number> =>
  withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>(
      `select count(*) from pg_stat_activity
        where datname = current_database() and state like 'idle in transaction%'
          and state_change < clock_timestamp() - interval '3 seconds'`,
    )
    return Number(rows[0]?.count)
  })

/** Two servers, of which the first has its database behind the proxy. */
export type ProxiedPair = Pair & { readonly proxy: CommitProxy }

export const openProxiedPair = async (): Promise<ProxiedPair> => {
  const opened: { proxy?: CommitProxy } = {}
  try {
    const pair = await openPair({
      openProxy: async (database) => {
        opened.proxy = await openCommitProxy(addressOf(database.appUrl))
        return through(database.appUrl, opened.proxy.port)
      },
    })
    const { proxy } = opened
    if (proxy === undefined) throw new Error('the proxy was not opened')
    const close = async (): Promise<void> => {
      await pair.close()
      await proxy.close()
    }
    return { ...pair, proxy, close }
  } catch (error) {
    await opened.proxy?.close()
    throw error
  }
}

const cutNext = ({ proxy }: ProxiedPair, position: Position, kind: Kind): Promise<void> =>
  within(proxy.cut(position, kind), CUT_MOST_MS, 'no batch was committed that could be cut')

/**
 * The connection of a batch is cut at its COMMIT, before, after and behind, while another server works on the same
 * accounts. Everybody has money enough, so that no refusal may say that somebody has not.
 */
export const cutCommit = async (pair: ProxiedPair, amount: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('connection cut at COMMIT')
  const { proxy } = pair
  const healed: number[] = []
  await underLoad(pair, {
    tally,
    name: 'cut-commit',
    amount,
    say,
    money: 'all are rich',
    fault: async (_load, random) => {
      await pause(random.below(BETWEEN_MOST_MS))
      const { position, kind } = turn(COMBINATIONS, tally.times)
      await cutNext(pair, position, kind)
      const cutMs = performance.now()
      await nextCommit(proxy)
      healed.push(performance.now() - cutMs)
      proxy.bury()
    },
  })
  const stale = await countStale(pair.adminUrl)
  if (stale > 0) tally.problems.push(`${stale} sessions are idle in a transaction for too long`)
  tally.notes.push(`commits again: ${spread(healed)}`)
  return tally
}

/**
 * The server is killed while its COMMIT is under way, as far as it got: whoever was answered too early has been
 * answered by then, and the transaction is or is not there.
 */
export const killAtCommit = async (pair: ProxiedPair, amount: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('kill -9 of the server at COMMIT')
  const { proxy, servers } = pair
  const [server] = servers
  return underLoad(pair, {
    tally,
    name: 'kill-at-commit',
    amount,
    say,
    fault: async (load, random) => {
      await pause(random.below(BETWEEN_MOST_MS))
      await cutNext(pair, turn(POSITIONS, tally.times), 'black hole')
      await pause(ANSWERS_ARRIVE_MS)
      await server.end('SIGKILL')
      proxy.bury()
      await server.start()
      if (!(await load.heals(HEAL_MOST_MS)))
        throw new Error('nothing is acknowledged after the server was killed')
    },
  })
}
