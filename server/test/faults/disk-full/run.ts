import { withClient } from '../../../src/database/connect/owner.ts'
import type { Load } from '../load/load.ts'
import type { Random } from '../load/random.ts'
import { adminUrlOf } from '../power-cut/place.ts'
import { newTally, type Say, spread, type Tally } from '../runs/run.ts'
import { type Site, sceneOf } from '../runs/site.ts'
import { underLoad } from '../runs/under-load.ts'
import type { Amount } from '../size.ts'
import type { SmallDisk } from './small-disk.ts'

/** As long as this nothing is acknowledged: then the disk is full for PostgreSQL as well. */
const QUIET_MS = 1_200
const STANDSTILL_TRIES = 40
const HEAL_MOST_MS = 30_000

export const pidsOf = ({ server, postgres }: Site): number[] => {
  const postmaster = postgres.find()
  return [server.server().pid, ...(postmaster === null ? [] : [postmaster.pid])]
}

/** A few segments of the log are made ahead or kept to be used again. */
const SEGMENTS_MOST = 200

/** The next segment of the log has to be made, for which there is no space: PostgreSQL gives up and cannot start again. */
export const switchLog = (folder: string): Promise<void> =>
  withClient(adminUrlOf(folder), async (client) => {
    for (let segment = 1; segment <= SEGMENTS_MOST; segment++) {
      await client.query("select pg_logical_emit_message(false, 'test', 'a word', true)")
      await client.query('select pg_switch_wal()')
    }
  }).catch(() => undefined)

/** The filler took all, and still a few writes find a place that was theirs before. */
const standsStill = async (site: Site, disk: SmallDisk, load: Load): Promise<void> => {
  for (let tries = 1; await load.heals(QUIET_MS); tries++) {
    if (tries === STANDSTILL_TRIES) throw new Error('the disk is full and transfers are acknowledged')
    disk.fill(pidsOf(site))
  }
}

/**
 * The disk runs full under load, by turns where tables grow and where the log does, stays so, and is freed. The server
 * says 503 meanwhile and goes on by itself afterwards.
 */
export const fillDisk = async (site: Site, disk: SmallDisk, amount: Amount, say: Say): Promise<Tally> => {
  const tally = newTally(`disk full (${disk.kind})`)
  const healed: number[] = []
  await underLoad(sceneOf(site), {
    tally,
    name: 'disk-full',
    amount,
    say,
    fault: async (load: Load, _random: Random) => {
      disk.fill(pidsOf(site))
      try {
        if (tally.times % 2 === 1) await switchLog(site.folder)
        await standsStill(site, disk, load)
      } finally {
        disk.free(pidsOf(site))
      }
      const fromMs = performance.now()
      if (!(await load.heals(HEAL_MOST_MS)))
        throw new Error('the server does not heal after there is space again')
      healed.push(performance.now() - fromMs)
    },
  })
  tally.notes.push(`acknowledges again: ${spread(healed)}`)
  return tally
}
