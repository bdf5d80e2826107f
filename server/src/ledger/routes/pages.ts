import { boundsOf, type Page, type Range } from '../../http/index.ts'
import { MICROS_PER_SECOND, type Micros } from '../../kit/index.ts'
import type { Keyset } from '../store/queries.ts'

const micros = (seconds: number | null): Micros | null =>
  seconds === null ? null : BigInt(seconds) * MICROS_PER_SECOND

export const keysetOf = (page: Page, afterMicros: Micros | null, created: Range | undefined): Keyset => {
  const { from, before } = boundsOf(created)
  return {
    limit: page.limit,
    afterMicros,
    direction: page.direction,
    fromMicros: micros(from),
    beforeMicros: micros(before),
  }
}

/** The last microsecond of a second: a balance "as of" a second holds everything recorded within it. */
export const endOfSecond = (seconds: number): Micros => BigInt(seconds + 1) * MICROS_PER_SECOND - 1n
