import type { Logger } from 'pino'
import { readTooOld, showTooOld } from '../database/index.ts'
import type { Readiness } from '../http/index.ts'
import type { Platform } from './platform.ts'

/** How often a server looks by itself, whether or not somebody asks /readyz. */
const LOOK_EVERY_MS = 5_000

type Ground = { readonly pools: Pick<Platform['pools'], 'plain'>; readonly log: Pick<Logger, 'error'> }

export type Watched = { readonly ready: () => Promise<Readiness>; readonly stop: () => void }

/**
 * Whether this server can do its work: its database answers, and no newer release has left it behind. That one is also
 * said in the log, once, because not every server has somebody who asks.
 */
export const watchReadiness = ({ pools, log }: Ground): Watched => {
  let isLeftBehind = false
  const ready = async (): Promise<Readiness> => {
    try {
      const tooOld = await readTooOld(pools.plain)
      if (tooOld === null) {
        isLeftBehind = false
        return { ready: true, checks: { database: 'ok', migrations: 'ok' } }
      }
      const says = `${showTooOld(tooOld)}. Start a newer release.`
      if (!isLeftBehind) log.error(tooOld, `too old for the database, so /readyz answers 503: ${says}`)
      isLeftBehind = true
      return { ready: false, checks: { database: 'ok', migrations: says } }
    } catch {
      return { ready: false, checks: { database: 'does not answer' } }
    }
  }
  const timer = setInterval(() => void ready(), LOOK_EVERY_MS).unref()
  return { ready, stop: () => clearInterval(timer) }
}
