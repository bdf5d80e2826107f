import { execFileSync } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Client } from './clients.ts'
import { median } from './statistics.ts'

/** Where and on what the figures were taken: without it they mean nothing. */
export type Machine = {
  readonly cores: number
  readonly cpu: string
  readonly memory_bytes: number
  readonly platform: string
  readonly node: string
  readonly postgres: string
  /** Of the repository, with a + where files were changed since; null outside of one. */
  readonly commit: string | null
  /** What one confirmed write of a page to the disk of the data takes. */
  readonly fsync_ms: number
  /** The data lie in memory, where a confirmed write costs nothing: figures from here do not compare. */
  readonly in_memory: boolean
  /** How many processes wanted to run before we did anything: above 0 the machine was not ours alone. */
  readonly load_before: number
  readonly started: string
}

const PAGE = Buffer.alloc(8_192, 1)
const WRITES = 25

/** The median of some confirmed writes: what each COMMIT waits for. */
const fsyncMs = (folder: string): number => {
  const path = join(folder, 'fsync')
  const file = openSync(path, 'w')
  const times = Array.from({ length: WRITES }, (_, at) => {
    const fromMs = performance.now()
    writeSync(file, PAGE, 0, PAGE.length, at * PAGE.length)
    fdatasyncSync(file)
    return performance.now() - fromMs
  })
  closeSync(file)
  rmSync(path)
  return median(times)
}

const git = (...words: string[]): string | null => {
  try {
    const said = execFileSync('git', words, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return said.trim()
  } catch {
    return null
  }
}

const commit = (): string | null => {
  const head = git('rev-parse', '--short=12', 'HEAD')
  return head === null ? null : `${head}${git('status', '--porcelain') === '' ? '' : '+'}`
}

/** As statfs names the file systems that lie in memory: tmpfs and ramfs. */
const IN_MEMORY: readonly number[] = [0x01021994, 0x858458f6]

const THOUSANDTHS = 1_000

export const describeMachine = async (admin: Client, folder: string): Promise<Machine> => {
  const { rows } = await admin.query<{ server_version: string }>('show server_version')
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memory_bytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    postgres: rows[0]?.server_version ?? 'unknown',
    commit: commit(),
    fsync_ms: Math.round(fsyncMs(folder) * THOUSANDTHS) / THOUSANDTHS,
    in_memory: IN_MEMORY.includes(statfsSync(folder).type),
    load_before: loadavg()[0] ?? 0,
    started: new Date().toISOString(),
  }
}
