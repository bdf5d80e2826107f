import { sha256 } from '../../kit/index.ts'
import { FULL_EXPOSURE } from './model.ts'

/**
 * Where a unit stands in a launch, 0 to 9,999: the same in every process and for the launch's whole life, and of no use
 * to guess where it stands in another. Whoever is below the exposure is exposed, so raising it moves nobody out.
 */
export const bucketOf = (salt: string, unit: string): number =>
  sha256(`${salt}:${unit}`).readUInt32BE(0) % FULL_EXPOSURE
