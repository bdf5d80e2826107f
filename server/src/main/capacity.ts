import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a benchmark of this machine found, where `evenkeel bench --json` was told to write it: bench.json in the data folder. */
const FILE = 'bench.json'

/** Payments as customers make them, a request each. */
const KEYS = ['payments_64', 'payments_256'] as const

export type Capacity = { readonly perSecond: number; readonly measuredAt: number }

type Report = Readonly<
  Record<string, { readonly per_second?: unknown; readonly started?: unknown } | undefined>
>

const readReport = (text: string): Capacity | null => {
  const report = JSON.parse(text) as Report | null
  const started = Date.parse(String(report?.['machine']?.started))
  const rates = KEYS.map((key) => Number(report?.[key]?.per_second)).filter((rate) => rate > 0)
  if (Number.isNaN(started) || rates.length === 0) return null
  return { perSecond: Math.max(...rates), measuredAt: Math.floor(started / 1_000) }
}

/** The highest rate of payments that the platform's own benchmark held here; null where there is no such report. */
export const capacityIn = (dataDir: string) => async (): Promise<Capacity | null> => {
  try {
    return readReport(await readFile(join(dataDir, FILE), 'utf8'))
  } catch {
    return null
  }
}
