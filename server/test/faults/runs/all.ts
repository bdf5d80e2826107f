import { jumpClocks } from '../clock-jumps/run.ts'
import { type ClockWorld, openClockWorld } from '../clock-jumps/world.ts'
import { fillDisk } from '../disk-full/run.ts'
import { openSmallDisk, type SmallDisk } from '../disk-full/small-disk.ts'
import { cutPower } from '../power-cut/run.ts'
import { AMOUNTS, type RunName, type Size } from '../size.ts'
import { cutCommit, killAtCommit, openProxiedPair, type ProxiedPair } from './cut-commit.ts'
import { killPostgres } from './kill-postgres.ts'
import { killServer } from './kill-server.ts'
import { overdraw } from './overdraw.ts'
import { openPair, type Pair } from './pair.ts'
import { payments } from './payments.ts'
import type { Say, Tally } from './run.ts'
import { openSite, type Site } from './site.ts'
import { stages } from './stages.ts'
import { stopServer } from './stop-server.ts'
import { storm } from './storm.ts'
import { twoServers } from './two-servers.ts'

type Amounts = (typeof AMOUNTS)[Size]

/** Runs that share a place, which is opened once for those of them that were chosen. */
export type Group = {
  readonly names: readonly RunName[]
  readonly run: (
    size: Size,
    chosen: ReadonlySet<RunName>,
    say: Say,
    onTally: (tally: Tally) => void,
  ) => Promise<void>
}

type OneRun<Opened> = (opened: Opened, amounts: Amounts, say: Say) => Promise<Tally>

const groupOf = <Opened extends { readonly close: () => Promise<void> }>(
  open: () => Promise<Opened>,
  runs: Readonly<Partial<Record<RunName, OneRun<Opened>>>>,
): Group => ({
  names: Object.keys(runs) as RunName[],
  run: async (size, chosen, say, onTally) => {
    const opened = await open()
    try {
      for (const [name, run] of Object.entries(runs)) {
        if (chosen.has(name as RunName)) onTally(await run(opened, AMOUNTS[size], say))
      }
    } finally {
      await opened.close()
    }
  },
})

const onSite: Readonly<Partial<Record<RunName, OneRun<Site>>>> = {
  serverKills: (site, amounts, say) => killServer(site, amounts.serverKills, say),
  postgresKills: (site, amounts, say) => killPostgres(site, 'everything', amounts.postgresKills, say),
  backendKills: (site, amounts, say) => killPostgres(site, 'backend', amounts.backendKills, say),
  stops: (site, amounts, say) => stopServer(site, amounts.stops, say),
  powerCuts: (site, amounts, say) => cutPower(site, amounts.powerCuts, say),
}

const onClocks: Readonly<Partial<Record<RunName, OneRun<ClockWorld>>>> = {
  clockJumps: (world, amounts, say) => jumpClocks(world, amounts.clockJumps, say),
}

type SiteOnDisk = { readonly site: Site; readonly disk: SmallDisk; readonly close: () => Promise<void> }

const openSiteOnDisk = async (): Promise<SiteOnDisk> => {
  const disk = openSmallDisk()
  if (disk === null) throw new Error('nothing can be mounted here, and no process can be limited')
  const site = await openSite(disk.folder)
  const close = async (): Promise<void> => {
    site.server.retire()
    await site.server.end('SIGTERM')
    disk.detach()
    await site.close()
  }
  return { site, disk, close }
}

const onDisk: Readonly<Partial<Record<RunName, OneRun<SiteOnDisk>>>> = {
  fullDisks: ({ site, disk }, amounts, say) => fillDisk(site, disk, amounts.fullDisks, say),
}

const onPair: Readonly<Partial<Record<RunName, OneRun<Pair>>>> = {
  twoServers: (pair, amounts, say) => twoServers(pair, amounts.twoServers, say),
  stages: (pair, amounts, say) => stages(pair, amounts.stages, say),
  storms: (pair, amounts, say) => storm(pair, amounts.storms, say),
  overdraws: (pair, amounts, say) => overdraw(pair, amounts.overdraws, say),
  payments: (pair, amounts, say) => payments(pair, amounts.payments, say),
}

const onProxiedPair: Readonly<Partial<Record<RunName, OneRun<ProxiedPair>>>> = {
  cuts: (pair, amounts, say) => cutCommit(pair, amounts.cuts, say),
  commitKills: (pair, amounts, say) => killAtCommit(pair, amounts.commitKills, say),
}

export const GROUPS: readonly Group[] = [
  groupOf(openSite, onSite),
  groupOf(openProxiedPair, onProxiedPair),
  groupOf(openPair, onPair),
  groupOf(openClockWorld, onClocks),
  groupOf(openSiteOnDisk, onDisk),
]
