import type { BackupFile, BackupManifest } from './model.ts'
import { parseMoment } from './restore-moment.ts'

type Read =
  | { readonly ok: true; readonly manifest: BackupManifest }
  | { readonly ok: false; readonly why: string }

type Is = (value: unknown) => boolean
const isText: Is = (value) => typeof value === 'string'
const isCount: Is = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const matches =
  (pattern: RegExp): Is =>
  (value) =>
    typeof value === 'string' && pattern.test(value)

const isMoment: Is = (value) => typeof value === 'string' && parseMoment(value) !== null
const isLsn = matches(/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/)
const isSegment = matches(/^[0-9A-F]{24}$/)

/** A path that stays below the folder of the copy, wherever the manifest comes from. */
const isPath: Is = (value) =>
  typeof value === 'string' &&
  value !== '' &&
  !value.includes('\\') &&
  !value.includes('\0') &&
  value.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

const isFile: Is = (value) => {
  const { path, bytes, sha256 } = (value ?? {}) as Partial<BackupFile>
  return isPath(path) && isCount(bytes) && matches(/^[0-9a-f]{64}$/)(sha256)
}

const isListOf =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is)

const SHAPE: { readonly [Name in keyof BackupManifest]: Is } = {
  object: (value) => value === 'evenkeel_backup',
  format: (value) => value === 1,
  id: isText,
  startedAt: isMoment,
  endedAt: isMoment,
  release: isText,
  newestMigration: isCount,
  postgresVersion: isCount,
  systemIdentifier: isText,
  timeline: isCount,
  startLsn: isLsn,
  endLsn: isLsn,
  firstSegment: isSegment,
  lastSegment: isSegment,
  masterKeyFingerprint: matches(/^[0-9a-f]+$/),
  files: isListOf(isFile),
  folders: isListOf(isPath),
  bytes: isCount,
  pagesChecked: isCount,
}

/** Reads what somebody may have edited, cut off or written with another release. */
export const manifestFrom = (text: string): Read => {
  let found: Readonly<Record<string, unknown>>
  try {
    found = (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>
  } catch {
    return { ok: false, why: 'its manifest is cut off or damaged' }
  }
  if (found['object'] === 'evenkeel_backup' && found['format'] !== 1)
    return { ok: false, why: `it is of a newer release (format ${String(found['format'])})` }
  const wrong = Object.entries(SHAPE).find(([name, is]) => !is(found[name]))
  if (wrong !== undefined) return { ok: false, why: `its manifest is wrong at ${wrong[0]}` }
  const manifest = found as BackupManifest
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  return bytes === manifest.bytes
    ? { ok: true, manifest }
    : { ok: false, why: 'the sizes in its manifest do not add up' }
}
