import { type Day, parseDay, SetupProblem } from '../kit/index.ts'
import { type ExportManifest, type ExportProgress, exportPeriod } from '../ledger/index.ts'
import type { Platform } from './platform.ts'
import { RELEASE } from './release.ts'

export type ExportAsked = {
  /** live, or the name of a sandbox. */
  readonly tenant: string
  /** Left out: from the beginning. */
  readonly from?: string
  readonly to: string
  readonly folder: string
}

const dayOf = (text: string, option: string): Day => {
  const day = parseDay(text)
  if (day !== null) return day
  throw new SetupProblem(`${option} ${text} is no day of the calendar`, 'Write it as 2026-10-31.')
}

/** Writes a period of a tenant's books to a folder, as the reader sees them at one moment. */
export const exportBooks = async (
  platform: Platform,
  asked: ExportAsked,
  onProgress: (progress: ExportProgress) => void,
): Promise<ExportManifest> => {
  if (platform.isNew)
    throw new SetupProblem(
      'There were no books here until now, so there is nothing to export',
      'Run it in the folder where the server runs, or set DATA_DIR or DATABASE_URL as the server has them.',
    )
  const from = asked.from === undefined ? null : dayOf(asked.from, '--from')
  const to = dayOf(asked.to, '--to')
  const tenant = await platform.tenants.find(asked.tenant)
  if (tenant === null)
    throw new SetupProblem(
      `There is no tenant "${asked.tenant}"`,
      'It is "live", or the name of a sandbox: evenkeel sandboxes list',
    )
  const client = await platform.pools.reader.connect()
  let broken = true
  try {
    const wanted = { tenant, from, to, folder: asked.folder, release: RELEASE, madeMs: platform.clock.now() }
    const manifest = await exportPeriod(client, wanted, onProgress)
    broken = false
    return manifest
  } finally {
    client.release(broken)
  }
}
