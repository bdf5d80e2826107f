import { hash } from 'node:crypto'
import { assert, parseId } from '../kit/index.ts'
import type { Identify } from './core/openings.ts'

const MILLIS_MAX = 0xffff_ffff_ffff

/**
 * UUIDs of version 8 (RFC 9562, 5.8) out of SHA-256: with a time its milliseconds come first, as in version 7,
 * then the hash. Nothing of the tenant or the moment goes in, so a second run makes the same ids.
 */
export const identify: Identify = (content, millis) => {
  const digest = hash('sha256', content, 'hex')
  const time = millis === null ? null : millis < 0 ? 0 : millis > MILLIS_MAX ? MILLIS_MAX : millis
  const head = time === null ? digest.slice(20, 32) : time.toString(16).padStart(12, '0')
  const variant = ((Number.parseInt(digest.charAt(3), 16) & 0x3) | 0x8).toString(16)
  const id = parseId('', `${head}8${digest.slice(0, 3)}${variant}${digest.slice(4, 19)}`)
  assert(id !== null, 'a hash makes a UUID')
  return id
}
