import { existsSync, statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Cluster,
  isArchiving,
  type Layout,
  readArchiveChoice,
  writeArchiveChoice,
} from '../database/index.ts'
import type { WallClock } from '../kit/index.ts'
import {
  OUTBOX_LEAST_FREE_BYTES,
  OUTBOX_MOST_BYTES,
  OUTBOX_SPARED_SEGMENTS,
  SEGMENT_BYTES,
  SHIP_AGAIN_MS,
  SHIP_AT_ONCE,
  SHIP_EVERY_MS,
} from './limits.ts'
import { createShipper, type Shipped, waitingLog } from './ship.ts'
import { whileNobodyBacksUp } from './write-backup.ts'

export type ShippingOptions = {
  readonly cluster: Pick<Cluster, 'layout' | 'setArchiving'>
  readonly clock: WallClock
  readonly log: { readonly info: (words: string) => void; readonly warn: (words: string) => void }
  /** Free bytes where the outbox lies; of the disk, but in tests. */
  readonly freeBytes?: (folder: string) => number
}

export type Shipping = {
  /** Stops after what is being shipped. */
  readonly stop: () => Promise<void>
}

const freeOfDisk = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** Whether what waits endangers the database. */
const isTooMuch = (waiting: number, freeBytes: number): boolean =>
  waiting * SEGMENT_BYTES > OUTBOX_MOST_BYTES ||
  (waiting > OUTBOX_SPARED_SEGMENTS && freeBytes < OUTBOX_LEAST_FREE_BYTES)

/** What was chosen and what PostgreSQL does have parted: a command was killed between the two. */
const hasParted = (layout: Layout): boolean => {
  const choice = readArchiveChoice(layout)
  return choice.next !== null || isArchiving(choice) !== existsSync(layout.outbox)
}

/** Only while no command is at work, which may be between the two at this moment. */
const reconcile = async ({ cluster }: ShippingOptions): Promise<void> => {
  const { layout } = cluster
  if (!hasParted(layout)) return
  await whileNobodyBacksUp(layout, async () => {
    const choice = readArchiveChoice(layout)
    // The run that began with another folder is gone, and left nothing whole there.
    if (choice.next !== null) writeArchiveChoice(layout, { ...choice, next: null })
    const wanted = isArchiving({ ...choice, next: null })
    if (wanted !== existsSync(layout.outbox)) await cluster.setArchiving(wanted)
  })
}

/** The way back ends here, and the payments go on: both cannot be had on a full disk. */
const letGo = async (options: ShippingOptions, waiting: number): Promise<void> => {
  const { cluster, clock, log } = options
  await whileNobodyBacksUp(cluster.layout, async () => {
    const choice = readArchiveChoice(cluster.layout)
    writeArchiveChoice(cluster.layout, {
      ...choice,
      next: null,
      brokenAt: new Date(clock.now()).toISOString(),
    })
    await cluster.setArchiving(false)
    log.warn(
      `${waiting} segments of the log waited for the folder of backups, and the database's disk has no room for more: they were let go. Nothing from now on can be restored until a new backup: npx evenkeel backup`,
    )
  })
}

/** Of a server: hands what PostgreSQL puts into the outbox on to the folder of backups. Nothing that fails here stops anything. */
export const startShipping = (options: ShippingOptions): Shipping => {
  const { cluster, log, freeBytes = freeOfDisk } = options
  const { layout } = cluster
  const shipper = createShipper()
  const stopping = new AbortController()
  let told = ''

  const tell = (problem: string): void => {
    if (problem === told) return
    if (problem === '') log.info('The folder of backups takes the log again')
    else
      log.warn(
        `The log does not reach the folder of backups: ${problem}. It waits, and the platform works on.`,
      )
    told = problem
  }

  const round = async (): Promise<Shipped> => {
    await reconcile(options)
    const shipped = await shipper.ship(layout)
    const waiting = (await waitingLog(layout)).length
    if (waiting > 0 && isTooMuch(waiting, freeBytes(layout.folder))) await letGo(options, waiting)
    return shipped
  }

  /** How long to wait before the next look. */
  const once = async (): Promise<number> => {
    try {
      const { problems, shipped } = await round()
      tell(problems.map(({ problem }) => problem.message).join('; '))
      if (problems.length > 0) return SHIP_AGAIN_MS
      return shipped >= SHIP_AT_ONCE ? 0 : SHIP_EVERY_MS
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error))
      return SHIP_AGAIN_MS
    }
  }

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const pauseMs = await once()
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = loop()

  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
