import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { checkProfile } from './core/check-profile.ts'
import type { Profile } from './core/profile.ts'
import type { ImportReport } from './core/report-shape.ts'
import type { MemoryLedger } from './memory-ledger.ts'
import { type ImportOptions, type ImportResult, runImport } from './run-import.ts'

// A small bank for tests: its profile, its files, and an import of them into a ledger in memory.

export const folder = await mkdtemp(join(tmpdir(), 'imports-'))
after(() => rm(folder, { recursive: true }))

export const base = {
  name: 'bank',
  format: { date_format: 'YYYY-MM-DD' },
  columns: { account: 'account', date: 'date', amount: 'amount', balance: 'balance', external_id: 'id' },
  currency: 'EUR',
  ledger: { number: 1, name: 'Main' },
  accounts: { code: 1 },
  counter_accounts: [{ reference: 'cash', code: 10 }],
  default_counter_account: 'cash',
  differences_account: { reference: 'differences', code: 99 },
}

export const profileOf = (changes: Readonly<Record<string, unknown>> = {}): Profile => {
  const checked = checkProfile({ ...base, ...changes })
  assert.ok(checked.ok)
  return checked.profile
}

const HEADER = 'id,account,date,amount,balance'

let files = 0
export const fileOf = async (...lines: readonly string[]): Promise<string> => {
  files += 1
  const path = join(folder, `${files}.csv`)
  await writeFile(path, [HEADER, ...lines, ''].join('\n'))
  return path
}

export const run = (
  file: string,
  port: MemoryLedger,
  changes: Partial<ImportOptions> = {},
): Promise<ImportResult> =>
  runImport({ file, profile: profileOf(), port, clock: { now: () => 0 }, ...changes })

export const reportOf = (result: ImportResult): ImportReport => {
  assert.ok(result.ok, JSON.stringify(result))
  return result.report
}

export const messageOf = (result: ImportResult): string => {
  assert.ok(!result.ok)
  return result.message
}

/** A history of many lines in date order, some of which do not agree. */
export const many = (lines: number): string[] => {
  const stated = new Map<number, number>()
  return Array.from({ length: lines }, (_, index) => {
    const account = index % 37
    const amount = ((index * 7919) % 1000) - 300
    const off = index % 97 === 0 ? 1 : 0
    const balance = (stated.get(account) ?? 0) + amount + off
    stated.set(account, balance)
    const day = String(1 + Math.floor((index * 28) / lines)).padStart(2, '0')
    return `${index},K${account},2024-01-${day},${(amount / 100).toFixed(2)},${(balance / 100).toFixed(2)}`
  })
}
