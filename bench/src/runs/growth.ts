import { statfsSync } from 'node:fs'
import { SetupProblem, type Uuid } from '../../../server/src/kit/index.ts'
import { batchCommit, submitFor } from '../benchmarks/batch-commit.ts'
import { entriesPage } from '../benchmarks/entries-page.ts'
import { type BookCheck, checkBooks, Tally } from '../books.ts'
import type { Database, Sandbox } from '../database.ts'
import { describeMachine } from '../machine.ts'
import { createMeter, type Meter } from '../meter.ts'
import type { Report } from '../report/json.ts'
import { ratiosOf } from '../report/ratios.ts'
import { targetsOf } from '../report/targets.ts'
import { type Measured, runInTurn } from '../runner.ts'
import type { Sizes } from '../sizes.ts'
import { type Stand, withStand } from '../stand.ts'
import { makeBatch, openAccounts, pickUniform } from '../transfers.ts'
import type { RunOptions } from './options.ts'

/** A sandbox that batches go into, with its accounts. */
type Field = {
  readonly database: Database
  readonly sandbox: Sandbox
  readonly accounts: readonly Uuid[]
  readonly tally: Tally
}

const openField = async (database: Database, name: string, sizes: Sizes): Promise<Field> => {
  const sandbox = await database.createSandbox(name)
  const size = { count: sizes.accounts, batch: sizes.batch }
  const accounts = await openAccounts(database.platform, sandbox.tenant, size)
  return { database, sandbox, accounts, tally: new Tally() }
}

/** With its indexes and its share of the log. */
const BYTES_PER_TRANSFER = 2_000

const refuseSmallDisk = (folder: string, transfers: number): void => {
  const { bavail, bsize } = statfsSync(folder)
  const needed = transfers * BYTES_PER_TRANSFER
  if (bavail * bsize >= needed) return
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(0)
  throw new SetupProblem(
    `The long run needs ${gigabytes(needed)} GB of disk, and there are ${gigabytes(bavail * bsize)} GB`,
    'Name a folder on a larger disk with --within.',
  )
}

/** Brings the books to a number of transfers, by the same batches that are measured. */
const fill = async (field: Field, level: number, { sizes, tell }: RunOptions): Promise<void> => {
  const pick = pickUniform(field.accounts)
  for (;;) {
    const there = field.tally.transfersOf(field.sandbox)
    if (there >= level) return
    const count = Math.min(sizes.batchesMost, Math.ceil((level - there) / sizes.batch))
    const batches = Array.from({ length: count }, () => makeBatch(sizes.batch, pick))
    const round = await submitFor({ ...field, sizes }, batches, Number.POSITIVE_INFINITY)
    tell(
      `${(there + round.count).toLocaleString('en')} of ${level.toLocaleString('en')} transfers, ${Math.round((round.count / round.ms) * 1_000).toLocaleString('en')}/s`,
    )
  }
}

type Level = { readonly transfers: number; readonly key: string; readonly emptyKey: string }

/** The grown books in turn with empty ones in another database of the same PostgreSQL, made anew for each level. */
const measureLevel = async (
  stand: Stand,
  { grown, level, meter, options }: { grown: Field; level: Level; meter: Meter; options: RunOptions },
): Promise<{ readonly measured: readonly Measured[]; readonly checks: readonly BookCheck[] }> => {
  const { tell, sizes: given } = options
  const sizes = { ...given, batchesMost: given.growthBatches }
  tell('making an empty database beside it')
  const beside = await stand.openBeside(`empty_${level.key}`)
  try {
    const empty = await openField(beside, level.emptyKey.replaceAll('_', '-'), sizes)
    const over = (key: string, field: Field, transfers: number) =>
      batchCommit({
        ...field,
        key,
        what: `batches of ${sizes.batch}, ${field.accounts.length} accounts, after ${transfers.toLocaleString('en')} transfers`,
        pick: pickUniform(field.accounts),
        sizes,
      })
    const benchmarks = [over(level.emptyKey, empty, 0), over(level.key, grown, level.transfers)]
    const rounds = { rounds: sizes.growthRounds, roundsLeast: sizes.growthRounds, untilMs: 0 }
    const measured = await runInTurn(meter, { benchmarks, ...rounds }, tell)
    return { measured, checks: await checkBooks(beside, empty.tally) }
  } finally {
    await beside.close()
  }
}

const measurePages = async (
  stand: Stand,
  { grown, meter, options }: { grown: Field; meter: Meter; options: RunOptions },
): Promise<Measured[]> => {
  const { sizes, tell } = options
  tell('starting a server')
  const { sandbox, accounts } = grown
  const given = { server: await stand.startServer(), sandbox, accounts, sizes }
  const benchmarks = [
    entriesPage({ ...given, key: 'entries_page_10m', limit: null }),
    entriesPage({ ...given, key: 'entries_page_of_100_10m', limit: 100 }),
  ]
  return runInTurn(meter, { benchmarks, rounds: 3, roundsLeast: 3, untilMs: 0 }, tell)
}

/** The long run: batches when there are many transfers already, and the newest page of an account's entries then. */
export const runGrowth = async (options: RunOptions): Promise<Report> => {
  const { sizes, within, tell } = options
  const [million, millions] = sizes.growthLevels
  tell('making a database')
  return withStand({ within }, async (stand) => {
    refuseSmallDisk(stand.folder, millions)
    const machine = await describeMachine(stand.admin, stand.folder)
    const meter = createMeter(stand.postmaster)
    const grown = await openField(stand, 'grown', sizes)
    await fill(grown, million, options)
    const first = { transfers: million, key: 'growth_1m', emptyKey: 'growth_0_beside_1m' }
    const atMillion = await measureLevel(stand, { grown, level: first, meter, options })
    await fill(grown, millions, options)
    const second = { transfers: millions, key: 'growth_10m', emptyKey: 'growth_0' }
    const atMillions = await measureLevel(stand, { grown, level: second, meter, options })
    const pages = await measurePages(stand, { grown, meter, options })
    tell('verifying the books')
    const books = [...atMillion.checks, ...atMillions.checks, ...(await checkBooks(stand, grown.tally))]
    const measured = [...atMillion.measured, ...atMillions.measured, ...pages]
    const ratios = ratiosOf(measured)
    return { machine, measured, ratios, targets: targetsOf(measured, ratios), books }
  })
}
