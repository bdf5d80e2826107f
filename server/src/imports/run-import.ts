import { basename } from 'node:path'
import type { WallClock } from '../kit/index.ts'
import { checkLedger } from './check-ledger.ts'
import type { Profile } from './core/profile.ts'
import { createReading, type Reading } from './core/reading.ts'
import { buildReport } from './core/report.ts'
import type { ImportReport } from './core/report-shape.ts'
import { identify } from './identify.ts'
import { ImportRefused } from './import-refused.ts'
import { BATCH_ITEMS, LISTED } from './limits.ts'
import { patient } from './patience.ts'
import { createPipe, type Done, type Pipe } from './pipe.ts'
import type { LedgerPort } from './port.ts'
import { createPoster, type Refusal } from './post-batch.ts'
import { createProgress, type Progress } from './progress.ts'
import { digestFile, type FileFacts, readPieces } from './source.ts'

export type ImportOptions = {
  readonly file: string
  readonly profile: Profile
  readonly port: LedgerPort
  readonly clock: WallClock
  /** Posts each difference against the profile's differences account. */
  readonly settle?: boolean
  /** Stops at the first line that cannot be read or posted. */
  readonly strict?: boolean
  readonly onProgress?: (progress: Progress) => void
  /** Stops after the batch that is being posted. The same import can be run again and goes on. */
  readonly signal?: AbortSignal
  /** Accounts or transfers in one request; the ledger's limit where it is not given. */
  readonly batchItems?: number
}

export type ImportResult =
  | {
      readonly ok: true
      readonly report: ImportReport
      /** What this run made; the rest was there from an earlier one. Not in the report, which says what holds. */
      readonly made: { readonly accounts: number; readonly transfers: number }
    }
  | { readonly ok: false; readonly message: string }

type Stop = NonNullable<ImportReport['stopped']>

const REFUSED_LEDGER = ['ledger_has_different_currency', 'ledger_has_different_name']

/** Opens the profile's ledger, or says why it cannot be the one. */
const openLedger = async (port: LedgerPort, { ledger, currency }: Profile): Promise<void> => {
  const status = await port.openLedger({ ...ledger, currency: currency.code })
  if (status === 'created' || status === 'exists') return
  throw new ImportRefused(
    REFUSED_LEDGER.includes(status)
      ? `ledger ${ledger.number} is there already and is not "${ledger.name}" in ${currency.code}; choose another ledger.number in the profile`
      : `ledger ${ledger.number} cannot be opened: the ledger says ${status}`,
  )
}

type Run = ImportOptions & { readonly facts: FileFacts; readonly reading: Reading }

const stopped = (run: Run, refusals: readonly Refusal[]): Stop | null => {
  if (run.signal?.aborted === true)
    return { line: null, reason: 'interrupted; run the same import again to go on' }
  const [first] = refusals
  if (run.strict !== true || first === undefined) return null
  return { line: first.line, reason: `the ledger refused it: ${first.status}` }
}

/** Reads and posts the whole file; answers where and why it stopped early, null at the end of the file. */
const postFile = async (run: Run, pipe: Pipe): Promise<Stop | null> => {
  const { file, profile, facts, reading } = run
  let bytes = 0
  for await (const piece of readPieces(file, profile, facts)) {
    for (const record of piece.items) {
      const step = reading.take(record)
      if (step.kind === 'refused') throw new ImportRefused(step.message)
      if (step.kind === 'bad' && run.strict === true) {
        await pipe.finish(bytes)
        const { line, column, reason } = step.bad
        return { line, reason: column === null ? reason : `${column}: ${reason}` }
      }
      if (step.kind !== 'line') continue
      const { line, account } = step.movement
      await pipe.add(step.planned, { line, account }, bytes)
      const stop = stopped(run, pipe.refusals())
      if (stop !== null) {
        await pipe.finish(bytes)
        return stop
      }
    }
    bytes = piece.bytes
  }
  await pipe.finish(bytes)
  return stopped(run, pipe.refusals())
}

const importFile = async (options: ImportOptions): Promise<ImportResult> => {
  const { file, profile, settle = false, onProgress, signal, batchItems = BATCH_ITEMS } = options
  const port = patient(options.port, signal)
  const facts = await digestFile(file)
  const reading = createReading({ profile, identify, fileDigest: facts.sha256, settle })
  await openLedger(port, profile)
  const poster = await createPoster(port)
  const progress = createProgress(facts.bytes, options.clock)
  const onPosted = (done: Done): void => onProgress?.(progress(done))
  const pipe = createPipe({ poster, tally: reading.tally, batchItems, onPosted })
  const stop = await postFile({ ...options, facts, reading }, pipe)
  if (!reading.begun()) throw new ImportRefused(`${file} is empty; its first line must name the columns`)
  const report = buildReport({
    profile,
    file: { name: basename(file), ...facts },
    tally: reading.tally,
    accounts: reading.accounts,
    settle,
    stopped: stop,
    recorded: poster.recorded,
    ledgerCheck: await checkLedger(port, profile, reading.accounts, settle),
    listed: LISTED,
  })
  return { ok: true, report, made: poster.made }
}

/**
 * Imports a file: opens the accounts, posts each movement, compares with the balances that the file states.
 * It may be stopped anywhere and run again; what is in the ledger stays, and the report comes out the same.
 */
export const runImport = async (options: ImportOptions): Promise<ImportResult> => {
  try {
    return await importFile(options)
  } catch (error) {
    if (error instanceof ImportRefused) return { ok: false, message: error.message }
    throw error
  }
}
