import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from '../../database/index.ts'
import { SetupProblem } from '../../kit/index.ts'
import { digestOf, ENTRIES_FILE, TRIAL_FILE } from '../figures/digest.ts'
import { ACCOUNT_COLUMNS, BALANCE_COLUMNS, ENTRY_COLUMNS, TRIAL_COLUMNS } from '../figures/lines.ts'
import { ACCOUNTS_FILE, BALANCES_FILE, type ExportManifest, MANIFEST_FILE } from '../figures/manifest.ts'
import { MANIFEST_BYTES_MOST } from '../limits.ts'
import { Accounts } from './accounts.ts'
import { Entries } from './entries.ts'
import { type Line, NoCsv, piecesOf } from './read-csv.ts'
import { type OfflineSheets, offlineChecks, openOfflineSheets } from './sheets.ts'

export type OfflineReport = {
  readonly ok: boolean
  readonly manifest: ExportManifest
  readonly checks: readonly Check[]
  /** Lines of all files. */
  readonly rows: number
  readonly seconds: number
}

export type OfflineProgress = { readonly file: string; readonly done: number; readonly total: number }

const MILLIS_PER_SECOND = 1_000

const AGAIN = 'Give the folder that evenkeel export has written, or export again.'

const readText = (path: string): string => {
  try {
    if (statSync(path).size > MANIFEST_BYTES_MOST)
      throw new SetupProblem(`${path} is no manifest of ours`, AGAIN)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof SetupProblem) throw error
    const code = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new SetupProblem(`${path} cannot be read: ${code}`, AGAIN)
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const areTexts = (value: unknown, names: readonly string[]): boolean =>
  isObject(value) && names.every((name) => typeof value[name] === 'string')

/** Enough of its shape to work with; whether it is true is what the checks find out. */
const isManifest = (value: unknown): value is ExportManifest => {
  if (!isObject(value) || !areTexts(value, ['release', 'made', 'digest'])) return false
  const { format, version, period, totals, files, tenant, closing } = value
  return (
    format === 'evenkeel.ledger_export' &&
    version === 1 &&
    areTexts(tenant, ['name', 'time_zone']) &&
    areTexts(period, ['to']) &&
    (closing === null || areTexts(closing, ['id', 'digest'])) &&
    Array.isArray(totals) &&
    totals.every((each) => areTexts(each, ['currency', 'opening_debits', 'closing_credits'])) &&
    Array.isArray(files) &&
    files.every((each) => areTexts(each, ['name', 'sha256']))
  )
}

const readManifest = (folder: string): ExportManifest => {
  const path = join(folder, MANIFEST_FILE)
  const manifest = parse(readText(path))
  if (!isManifest(manifest))
    throw new SetupProblem(`${path} is no manifest of an export that this release knows`, AGAIN)
  return manifest
}

type Seen = { readonly sha256: string; readonly bytes: number; readonly rows: number }

type Reading = {
  readonly folder: string
  readonly sheets: OfflineSheets
  readonly onBytes: (file: string, bytes: number) => void
}

/** Reads a file once: hashes its bytes and hands its lines on. Null where it is not there. */
const readFile = async (
  { folder, sheets, onBytes }: Reading,
  file: string,
  columns: readonly string[],
  onLine: (line: Line) => void,
): Promise<Seen | null> => {
  const hash = createHash('sha256')
  let [bytes, lines] = [0, 0]
  try {
    for await (const piece of piecesOf(join(folder, file))) {
      hash.update(piece.bytes)
      bytes += piece.bytes.length
      for (const line of piece.lines) {
        lines += 1
        if (lines > 1) {
          if (line.cells.length === columns.length) onLine(line)
          else sheets.files.find(null, 'a line has too few or too many cells', { file, line: line.number })
        } else if (line.cells.join() !== columns.join()) {
          sheets.files.find(null, 'the first line does not name the columns', { file })
        }
      }
      onBytes(file, bytes)
    }
  } catch (error) {
    const line = error instanceof NoCsv ? { line: error.line } : {}
    const code = (error as NodeJS.ErrnoException).code
    const what = code === 'ENOENT' ? 'the file is missing' : String((error as Error).message)
    sheets.files.find(null, what, { file, ...line })
    return null
  }
  return { sha256: hash.digest('hex'), bytes, rows: Math.max(0, lines - 1) }
}

const compareFile = (
  sheets: OfflineSheets,
  manifest: ExportManifest,
  name: string,
  seen: Seen | null,
): void => {
  sheets.files.rows += 1
  const told = manifest.files.find((file) => file.name === name)
  if (told === undefined) {
    sheets.files.find(null, 'the manifest does not name the file', { file: name })
    return
  }
  if (seen === null) return
  for (const field of ['bytes', 'rows', 'sha256'] as const) {
    if (told[field] === seen[field]) continue
    sheets.files.find(null, `the file is not the one that was written: its ${field} differ`, {
      file: name,
      manifest: String(told[field]),
      found: String(seen[field]),
    })
  }
}

const compareDigest = (
  { digest: sheet }: OfflineSheets,
  { digest, closing }: ExportManifest,
  entries: Seen | null,
  trial: Seen | null,
): void => {
  sheet.rows += 1
  const found = digestOf({ entries: entries?.sha256 ?? '', trial: trial?.sha256 ?? '' })
  if (found !== digest) sheet.find(null, 'the digest is not that of the files', { manifest: digest, found })
  if (closing === null)
    sheet.note('The period is none that was closed, so no closing vouches for these figures.')
  else if (closing.digest !== found)
    sheet.find(null, 'the period was closed with another digest', {
      closing: closing.id,
      closed_with: closing.digest,
      found,
    })
}

const KNOWN = [ACCOUNTS_FILE, ENTRIES_FILE, BALANCES_FILE, TRIAL_FILE] as const

const compareFolder = (folder: string, sheets: OfflineSheets): void => {
  const known = new Set<string>([...KNOWN, MANIFEST_FILE])
  for (const name of readdirSync(folder).filter((each) => !known.has(each)))
    sheets.files.find(null, 'a file stands there that the export did not write', { file: name })
}

/** Proves an export by its files alone: no database and no server is asked. */
export const verifyExport = async (
  folder: string,
  onProgress: (progress: OfflineProgress) => void = () => undefined,
): Promise<OfflineReport> => {
  const from = performance.now()
  const manifest = readManifest(folder)
  const sheets = openOfflineSheets()
  const accounts = new Accounts(sheets)
  const entries = new Entries(sheets, accounts, manifest.period)
  const total = manifest.files.reduce((sum, { bytes }) => sum + (Number.isFinite(bytes) ? bytes : 0), 0)
  let before = 0
  let now = 0
  const reading: Reading = {
    folder,
    sheets,
    onBytes: (file, bytes) => {
      now = bytes
      onProgress({ file, done: before + bytes, total })
    },
  }
  const seen = new Map<string, Seen | null>()
  const take = async (
    name: string,
    columns: readonly string[],
    onLine: (line: Line) => void,
  ): Promise<void> => {
    const found = await readFile(reading, name, columns, onLine)
    before += now
    now = 0
    seen.set(name, found)
    compareFile(sheets, manifest, name, found)
  }
  await take(ACCOUNTS_FILE, ACCOUNT_COLUMNS, (line) => accounts.account(line))
  await take(ENTRIES_FILE, ENTRY_COLUMNS, (line) => entries.entry(line))
  entries.end()
  await take(BALANCES_FILE, BALANCE_COLUMNS, (line) => accounts.balance(line))
  await take(TRIAL_FILE, TRIAL_COLUMNS, (line) => accounts.trial(line))
  accounts.end(manifest.totals)
  compareFolder(folder, sheets)
  compareDigest(sheets, manifest, seen.get(ENTRIES_FILE) ?? null, seen.get(TRIAL_FILE) ?? null)
  const checks = offlineChecks(sheets)
  return {
    ok: checks.every(({ ok }) => ok),
    manifest,
    checks,
    rows: [...seen.values()].reduce((sum, each) => sum + (each?.rows ?? 0), 0),
    seconds: (performance.now() - from) / MILLIS_PER_SECOND,
  }
}
