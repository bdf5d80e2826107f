import {
  type ImportReport,
  loadProfile,
  type Progress,
  renderReport,
  runImport,
  writeReport,
} from '../imports/index.ts'
import { createImportPort } from './import-port.ts'
import type { Platform } from './platform.ts'

export type ImportWanted = {
  readonly file: string
  /** A built-in name, or the path of a profile. */
  readonly profile: string
  /** Made where it is not there yet, once the profile was found to be good. */
  readonly sandbox: string
  /** Where the report is written as JSON; null for nowhere. */
  readonly report: string | null
  readonly settle: boolean
  readonly strict: boolean
  readonly signal: AbortSignal
}

export type Imported =
  | {
      readonly ok: true
      readonly report: ImportReport
      /** The report for people. */
      readonly text: string
      readonly made: { readonly accounts: number; readonly transfers: number }
      readonly madeSandbox: boolean
    }
  | { readonly ok: false; readonly message: string }

/** Imports a file into a sandbox, which is made where it is new, and writes the report. */
export const importFile = async (
  platform: Platform,
  wanted: ImportWanted,
  onProgress: (progress: Progress) => void,
): Promise<Imported> => {
  const loaded = await loadProfile(wanted.profile)
  if (!loaded.ok) return loaded
  let tenant = await platform.tenants.find(wanted.sandbox)
  const madeSandbox = tenant === null
  if (tenant === null) {
    const made = await platform.tenants.createSandbox({ name: wanted.sandbox })
    if (!made.ok) return made
    tenant = made.tenant
  }
  const result = await runImport({
    file: wanted.file,
    profile: loaded.profile,
    port: createImportPort(platform, tenant.id),
    clock: platform.clock,
    settle: wanted.settle,
    strict: wanted.strict,
    signal: wanted.signal,
    onProgress,
  })
  if (!result.ok) return result
  if (wanted.report !== null) await writeReport(wanted.report, result.report)
  return {
    ok: true,
    report: result.report,
    text: renderReport(result.report),
    made: result.made,
    madeSandbox,
  }
}
