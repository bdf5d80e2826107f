import type { WallClock } from '../kit/index.ts'

/** How far an import is, for whoever draws it. */
export type Progress = {
  /** Lines that are in the ledger. */
  readonly lines: number
  readonly bytes: number
  readonly totalBytes: number
  readonly linesPerSecond: number
  /** Null until there is a rate to go by. */
  readonly remainingS: number | null
}

/** Reckons rate and remaining time from what is done since the start, which is what a steady run will go on doing. */
export const createProgress = (totalBytes: number, clock: WallClock) => {
  const startedMs = clock.now()
  return ({ lines, bytes }: Pick<Progress, 'lines' | 'bytes'>): Progress => {
    const elapsedS = (clock.now() - startedMs) / 1000
    const left = totalBytes - bytes
    const remainingS =
      left === 0 ? 0 : elapsedS > 0 && bytes > 0 ? Math.ceil((left * elapsedS) / bytes) : null
    return {
      lines,
      bytes,
      totalBytes,
      linesPerSecond: elapsedS > 0 ? Math.round(lines / elapsedS) : 0,
      remainingS,
    }
  }
}
