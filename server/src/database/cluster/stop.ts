import { FAST_STOP_TIMEOUT_MS, IMMEDIATE_STOP_TIMEOUT_MS } from './limits.ts'
import { isPostmasterOf, waitForExit } from './processes.ts'
import type { Site } from './site.ts'
import { readPostmasterFile } from './start.ts'

const signal = (pid: number, name: 'SIGINT' | 'SIGQUIT'): void => {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself in the meantime.
  }
}

/**
 * Fast first: connections are closed and a checkpoint is written. When that takes too long it is cut short, which
 * loses nothing that was committed; the next start replays the log.
 */
export const stop = async (site: Site): Promise<void> => {
  const pid = readPostmasterFile(site)?.pid
  if (pid === undefined || !isPostmasterOf(pid, site.layout.data)) return
  signal(pid, 'SIGINT')
  if (await waitForExit(pid, FAST_STOP_TIMEOUT_MS)) return
  site.log.info('PostgreSQL has much left to write; the next start will do it')
  signal(pid, 'SIGQUIT')
  if (await waitForExit(pid, IMMEDIATE_STOP_TIMEOUT_MS)) return
  site.log.warn(`PostgreSQL (process ${pid}) does not stop`)
}
