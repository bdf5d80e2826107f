import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientBase } from 'pg'
import { withSnapshot } from '../../database/index.ts'
import { type Day, type Micros, SetupProblem, showDay, type TenantId } from '../../kit/index.ts'
import { subjectOf } from '../closing/views.ts'
import type { Closing } from '../core/index.ts'
import { readClosing, standingClosings } from '../store/closings.ts'
import type { AccountSums, Period } from '../store/figures.ts'
import { lineOf } from './csv.ts'
import { digestOf, ENTRIES_FILE, TRIAL_FILE } from './digest.ts'
import { abandonPlace, type ExportPlace, finishPlace, placeProblem, preparePlace } from './export-folder.ts'
import {
  ACCOUNT_COLUMNS,
  accountLine,
  BALANCE_COLUMNS,
  balanceLine,
  ENTRY_COLUMNS,
  entryLines,
  TRIAL_COLUMNS,
  trialLine,
} from './lines.ts'
import {
  ACCOUNTS_FILE,
  BALANCES_FILE,
  type ExportFile,
  type ExportManifest,
  type LedgerTotals,
  MANIFEST_FILE,
} from './manifest.ts'
import { type Ask, pagesOfAccounts, pagesOfTransfers, trialLinesOf } from './read-figures.ts'
import { Sink } from './sink.ts'

export type ExportWanted = {
  readonly tenant: {
    readonly id: TenantId
    readonly name: string
    readonly kind: string
    readonly timeZone: string
  }
  /** Null: from the beginning. */
  readonly from: Day | null
  readonly to: Day
  readonly folder: string
  readonly release: string
  readonly madeMs: number
}

/** How far an export is: of a tenant's time line, from its first transfer to its newest. */
export type ExportProgress = {
  readonly step: 'entries' | 'balances'
  readonly rows: number
  readonly fraction: number | null
}

type Work = {
  readonly ask: Ask
  readonly wanted: ExportWanted
  readonly period: Period
  readonly folder: string
  readonly onProgress: (progress: ExportProgress) => void
}

const ENTRIES_EACH = 2

const sinking = async <Value>(
  folder: string,
  name: string,
  columns: readonly string[],
  work: (sink: Sink) => Promise<Value>,
): Promise<readonly [ExportFile, Value]> => {
  const sink = await Sink.open(folder, name)
  try {
    await sink.write(lineOf(columns), 0)
    const value = await work(sink)
    return [await sink.end(), value]
  } catch (error) {
    await sink.abandon()
    throw error
  }
}

const RANGE = `select min(time_micros), max(time_micros) from ledger.transfers where tenant = $1`

const writeEntries = async ({ ask, wanted, period, folder, onProgress }: Work): Promise<ExportFile> => {
  const { id } = wanted.tenant
  const [range] = await ask({ name: 'figures_range', text: RANGE, values: [id] })
  const [first, last] = (range ?? [null, null]) as readonly (Micros | null)[]
  const [file] = await sinking(folder, ENTRIES_FILE, ENTRY_COLUMNS, async (sink) => {
    for await (const { transfers, untilMicros } of pagesOfTransfers(ask, id, period)) {
      await sink.write(transfers.map(entryLines).join(''), transfers.length * ENTRIES_EACH)
      const span = Number((last ?? 0n) - (first ?? 0n))
      const fraction = span === 0 ? null : Number(untilMicros - (first ?? 0n)) / span
      onProgress({ step: 'entries', rows: sink.rows, fraction })
    }
  })
  return file
}

type Totals = Record<keyof Omit<LedgerTotals, 'ledger' | 'currency'>, bigint> & { currency: string }

const NONE = {
  opening_debits: 0n,
  opening_credits: 0n,
  movement_debits: 0n,
  movement_credits: 0n,
  closing_debits: 0n,
  closing_credits: 0n,
}

const addTotals = (totals: Map<number, Totals>, { account, opening, closing }: AccountSums): void => {
  const sum = totals.get(account.ledger) ?? { ...NONE, currency: account.currency.toLowerCase() }
  sum.opening_debits += opening.debits
  sum.opening_credits += opening.credits
  sum.movement_debits += closing.debits - opening.debits
  sum.movement_credits += closing.credits - opening.credits
  sum.closing_debits += closing.debits
  sum.closing_credits += closing.credits
  totals.set(account.ledger, sum)
}

const showTotals = (totals: ReadonlyMap<number, Totals>): readonly LedgerTotals[] =>
  [...totals]
    .toSorted(([one], [other]) => one - other)
    .map(([ledger, { currency, ...sums }]) => ({
      ledger,
      currency,
      opening_debits: String(sums.opening_debits),
      opening_credits: String(sums.opening_credits),
      movement_debits: String(sums.movement_debits),
      movement_credits: String(sums.movement_credits),
      closing_debits: String(sums.closing_debits),
      closing_credits: String(sums.closing_credits),
    }))

/** Both files of the accounts in one go: who they are as they stand now, and what was posted to them by book date. */
const writeAccounts = async ({ ask, wanted, period, folder, onProgress }: Work) => {
  const totals = new Map<number, Totals>()
  const [accounts, [balances]] = await sinking(folder, ACCOUNTS_FILE, ACCOUNT_COLUMNS, (list) =>
    sinking(folder, BALANCES_FILE, BALANCE_COLUMNS, async (sink) => {
      for await (const page of pagesOfAccounts(ask, wanted.tenant.id, period)) {
        const used = page.filter(({ closing }) => closing.debits > 0n || closing.credits > 0n)
        for (const each of used) addTotals(totals, each)
        await list.write(page.map(({ account }) => accountLine(account)).join(''), page.length)
        const lines = used.map(({ account, opening, closing }) => balanceLine(account, opening, closing))
        await sink.write(lines.join(''), used.length)
        onProgress({ step: 'balances', rows: list.rows, fraction: null })
      }
    }),
  )
  return { accounts, balances, totals: showTotals(totals) }
}

const writeTrial = async ({ ask, wanted, period, folder }: Work): Promise<ExportFile> => {
  const lines = await trialLinesOf(ask, wanted.tenant.id, period.through)
  const [file] = await sinking(folder, TRIAL_FILE, TRIAL_COLUMNS, (sink) =>
    sink.write(lines.map(trialLine).join(''), lines.length),
  )
  return file
}

/** The closing of precisely this period. What does not add up to it any more must not be handed to anybody. */
const closingOf = (closings: readonly Closing[], { after, through }: Period, digest: string) => {
  const closing = closings.find((each) => each.through === through && each.digest === digest)
  const same = closings.find((each) => each.through === through && each.after === after)
  if (closing === undefined && same !== undefined && same.digest !== null)
    throw new SetupProblem(
      `The period through ${showDay(through)} was closed with the digest ${same.digest} and now gives ${digest}`,
      'Somebody has changed what was closed. Run evenkeel verify, which says what.',
    )
  return closing === undefined || closing.digest === null
    ? null
    : { id: subjectOf(closing), number: closing.number, digest: closing.digest }
}

const writeAll = async (work: Work): Promise<ExportManifest> => {
  const { ask, wanted, period, folder } = work
  const { tenant, from, to, release, madeMs } = wanted
  const closings = (await ask(standingClosings(tenant.id))).map(readClosing)
  const entries = await writeEntries(work)
  const trial = await writeTrial(work)
  const { accounts, balances, totals } = await writeAccounts(work)
  const digest = digestOf({ entries: entries.sha256, trial: trial.sha256 })
  const last = closings.at(-1)
  const manifest: ExportManifest = {
    format: 'evenkeel.ledger_export',
    version: 1,
    release,
    made: new Date(madeMs).toISOString(),
    tenant: { number: tenant.id, name: tenant.name, kind: tenant.kind, time_zone: tenant.timeZone },
    period: { from: from === null ? null : showDay(from), to: showDay(to) },
    closed_through: last === undefined ? null : showDay(last.through),
    closing: closingOf(closings, period, digest),
    digest,
    totals,
    files: [entries, trial, accounts, balances],
  }
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, {
    flag: 'wx',
    flush: true,
  })
  return manifest
}

/** Runs in the snapshot, so all files show one moment. */
const writeWithin = async (
  client: ClientBase,
  place: ExportPlace,
  wanted: ExportWanted,
  onProgress: Work['onProgress'],
): Promise<ExportManifest> =>
  withSnapshot(client, () => {
    const ask: Ask = async ({ text, values }) =>
      (await client.query<unknown[]>({ text, values: [...values], rowMode: 'array' })).rows
    const period = { after: wanted.from === null ? null : wanted.from - 1, through: wanted.to }
    return writeAll({ ask, wanted, period, folder: place.unfinished, onProgress })
  })

/** Writes a period of a tenant's books to a folder, whole or not at all. The client is the reader's. */
export const exportPeriod = async (
  client: ClientBase,
  wanted: ExportWanted,
  onProgress: (progress: ExportProgress) => void = () => undefined,
): Promise<ExportManifest> => {
  if (wanted.from !== null && wanted.from > wanted.to)
    throw new SetupProblem('The period begins after its end', 'Give --from a day that is not after --to.')
  const place = preparePlace(wanted.folder)
  try {
    const manifest = await writeWithin(client, place, wanted, onProgress)
    await finishPlace(place)
    return manifest
  } catch (error) {
    abandonPlace(place)
    throw placeProblem(error, place)
  }
}
