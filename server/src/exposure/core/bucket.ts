import { sha256Hex } from '../../kit/index.ts'
import { FULL_EXPOSURE } from './model.ts'

/** Of the digest's first four bytes. */
const DIGITS = 8
const HEX = 16

/**
 * Where a unit stands in a launch, 0 to 9,999: the same in every process and for the launch's whole life, and of no use
 * to guess where it stands in another. Whoever is below the exposure is exposed, so raising it moves nobody out.
 */
export const bucketOf = (salt: string, unit: string): number =>
  Number.parseInt(sha256Hex(`${salt}:${unit}`).slice(0, DIGITS), HEX) % FULL_EXPOSURE
