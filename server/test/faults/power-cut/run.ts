import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { withClient } from '../../../src/database/connect/owner.ts'
import { openBooks } from '../load/books.ts'
import { type Load, startLoad } from '../load/load.ts'
import { createMix } from '../load/mix.ts'
import { createRandom, type Random } from '../load/random.ts'
import type { Journal } from '../oracle/journal.ts'
import { closeRound, newTally, openRound, type Say, type Tally } from '../runs/run.ts'
import type { Site } from '../runs/site.ts'
import type { Amount } from '../size.ts'
import { type Files, readDisk, readLog, type Snapshot } from './files.ts'
import { journalOfCut } from './history.ts'
import { bytesOf, cutLog, mixDisk } from './mix.ts'
import { adminUrlOf, dataOf, flushedTo, layCopy, revive } from './place.ts'

const CLIENTS = 32
const ACCOUNTS = { plain: 40, rich: 4, poor: 6 } as const
const POLL_MS = 10
const PATIENCE_MS = 60_000
/** Requests that are acknowledged between the checkpoint and the cut. */
const ACKNOWLEDGED_LEAST = 300

/** Everything from which one can say what a disk might hold after the cut, and what its clients had heard by then. */
type Moment = {
  readonly before: Snapshot
  readonly after: Snapshot
  readonly log: Files
  readonly flushed: bigint
  readonly answersUpTo: number
}

const acknowledges = async (load: Load, count: number): Promise<void> => {
  const wanted = load.acknowledged() + count
  const untilMs = performance.now() + PATIENCE_MS
  while (load.acknowledged() < wanted) {
    if (performance.now() > untilMs) throw new Error('the load acknowledges too little to cut anything')
    await pause(POLL_MS)
  }
}

/**
 * The order is what makes it true. The cut falls into a checkpoint: all pages are written and none is sure to stay, and
 * the last checkpoint that counts is the one before. Pages are read before the place of the log, because no page is
 * written before its log is on the disk. The journal is measured before as well: what was acknowledged up to here must be
 * in the log up to there. The log itself is read last, for there is nothing in it that a cut could still take away.
 */
const takeMoment = async (site: Site, load: Load, journal: Journal): Promise<Moment> => {
  const data = dataOf(site.folder)
  return withClient(adminUrlOf(site.folder), async (client) => {
    await client.query('checkpoint')
    const before = readDisk(data)
    await acknowledges(load, ACKNOWLEDGED_LEAST)
    const earlier = readLog(data)
    await client.query('checkpoint')
    const after = readDisk(data)
    await acknowledges(load, 1)
    const answersUpTo = statSync(journal.file).size
    const flushed = bytesOf(await flushedTo(client))
    return { before, after, log: new Map([...earlier, ...readLog(data)]), flushed, answersUpTo }
  })
}

type Wanted = {
  readonly moment: Moment
  readonly journal: string
  readonly prefix: string
  readonly number: number
  readonly random: Random
}

/** One disk that the moment could have left behind: PostgreSQL recovers on it, and everything is compared and goes on. */
const cutOnce = async (site: Site, tally: Tally, wanted: Wanted): Promise<number> => {
  const { moment, number, random, prefix } = wanted
  const folder = join(site.folder, `cut-${prefix}${number}`)
  const { files, pages, torn } = mixDisk(random, moment.before, moment.after)
  const log = cutLog(random, moment.log, moment.flushed, number % 2 === 0 ? 'some' : 'none')
  layCopy(site, folder, { folders: moment.before.folders, files, log })
  const revived = await revive(site, folder)
  try {
    const journal = journalOfCut(wanted.journal, moment.answersUpTo, join(folder, 'journal.jsonl'))
    const evidence = { ...revived.reading, prefix, journal: journal.file }
    await closeRound(tally, { journal, evidence }, revived.server.place())
    tally.problems.push(...revived.server.unasked)
  } finally {
    await revived.close()
  }
  tally.times += 1
  tally.notes.push(`${pages} pages by chance, ${torn} of them torn`)
  return pages
}

/**
 * The power fails under load, played with what the disk may hold at that moment: the files as they were synced, plus any
 * of the pages that were written since, whole or torn, and the log as far as it was flushed.
 */
export const cutPower = async (site: Site, amount: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('power cut')
  for (let number = 1; number <= amount.rounds; number++) {
    const prefix = `power-cut-${number}-`
    const random = createRandom(number)
    const { journal, evidence } = openRound(site.folder, prefix, site.reading)
    const books = await openBooks({ journal, prefix }, site.server.place(), ACCOUNTS)
    const mix = createMix({ prefix, books, random })
    const load = startLoad({ journal, mix, random, targets: [site.server], clients: CLIENTS })
    const moment = await takeMoment(site, load, journal).finally(() => load.stop())
    journal.close()
    let chosen = 0
    for (let mixed = 1; mixed <= amount.perRound; mixed++) {
      chosen += await cutOnce(site, tally, {
        moment,
        journal: evidence.journal,
        prefix,
        number: mixed,
        random: createRandom(number * 1_000 + mixed),
      })
      say(`${tally.name}: ${tally.times} of ${amount.rounds * amount.perRound}`)
    }
    if (chosen === 0) tally.problems.push('no page was written between the checkpoint and the cut')
  }
  return tally
}
