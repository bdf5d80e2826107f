import { readdirSync, statfsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'

/** What the settings of the cluster depend on. */
export type Machine = {
  readonly memoryBytes: number
  readonly cores: number
  /** Free bytes on the disk of the data, and what the write-ahead log of this cluster already takes of it. */
  readonly diskBytes: number
  readonly platform: NodeJS.Platform
}

const WAL_SEGMENT_BYTES = 16 * 1_048_576

const walBytes = (dataFolder: string): number => {
  try {
    return readdirSync(join(dataFolder, 'pg_wal')).length * WAL_SEGMENT_BYTES
  } catch {
    return 0
  }
}

/** A container's limit counts, not the memory of the machine around it. */
const memory = (): number => {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

export const measureMachine = (dataFolder: string): Machine => {
  const disk = statfsSync(dataFolder)
  return {
    memoryBytes: memory(),
    cores: availableParallelism(),
    diskBytes: disk.bavail * disk.bsize + walBytes(dataFolder),
    platform: process.platform,
  }
}
