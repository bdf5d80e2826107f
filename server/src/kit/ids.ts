import { randomFillSync } from 'node:crypto'

/** A UUID in its canonical form: 36 characters, lower case, with dashes. */
export type Uuid = string & { readonly __uuid: true }

/** The number of a tenant: the live books, a sandbox, or one client of a group. */
export type TenantId = number & { readonly __tenant: true }

export const UUID_ZERO = '00000000-0000-0000-0000-000000000000' as Uuid
export const UUID_MAX = 'ffffffff-ffff-ffff-ffff-ffffffffffff' as Uuid

const HEX = /^[0-9a-f]{32}$/
const DASHED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const dash = (hex: string): Uuid =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Uuid

/** How an id is shown: its prefix and 32 hexadecimal digits, so that a caller's own UUID stays recognisable. */
export const showId = (prefix: string, id: Uuid): string =>
  `${prefix}_${id.slice(0, 8)}${id.slice(9, 13)}${id.slice(14, 18)}${id.slice(19, 23)}${id.slice(24)}`

/** Reads a shown id, or a plain UUID with or without dashes; null when it is neither or has another prefix. */
export const parseId = (prefix: string, text: string): Uuid | null => {
  const lower = text.toLowerCase()
  if (lower.length === 36 && DASHED.test(lower)) return lower as Uuid
  if (lower.length === prefix.length + 33 && text.startsWith(`${prefix}_`)) {
    const hex = lower.slice(prefix.length + 1)
    return HEX.test(hex) ? dash(hex) : null
  }
  return lower.length === 32 && HEX.test(lower) ? dash(lower) : null
}

const POOL_BYTES = 10 * 512
const pool = Buffer.alloc(POOL_BYTES)
let used = POOL_BYTES

/** A new UUIDv7 (RFC 9562, 5.7): sorts by the millisecond it was made in. */
export const newUuid = (nowMs: number): Uuid => {
  if (used === POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const random = pool.toString('hex', used, used + 10)
  used += 10
  const time = Math.floor(nowMs).toString(16).padStart(12, '0')
  const variant = ((Number.parseInt(random.slice(3, 4), 16) & 0x3) | 0x8).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}` as Uuid
}
