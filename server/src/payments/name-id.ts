import { createHash } from 'node:crypto'
import type { Uuid } from '../kit/index.ts'

const HEX = 16

/**
 * A name-based UUID (RFC 9562, 5.8): what the outside names has the same id in every process, so whoever is told of it
 * twice, or at the same time as another, finds what is there.
 */
export const uuidOfName = (...words: readonly string[]): Uuid => {
  const hex = createHash('sha256')
    .update(`evenkeel ${words.join(' ')}`)
    .digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 17), HEX) & 0x3) | 0x8).toString(HEX)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Uuid
}
