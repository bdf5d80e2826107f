import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { assert, type TenantId } from '../kit/index.ts'

/**
 * AES-256-GCM with random nonces. What is sealed is bound to its place: a ciphertext that is moved to another tenant,
 * table, column or row, or marked with another key version, does not open.
 *
 *   1 byte format · 4 bytes key version · 12 bytes nonce · ciphertext · 16 bytes tag
 */
export type DataKey = { readonly version: number; readonly bytes: Buffer }

/** Where the sealed value stands. */
export type Place = { readonly table: string; readonly column: string; readonly row: string }

const CIPHER = 'aes-256-gcm'
const FORMAT = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + 4

/** Each part with its length before it, so that no two places read the same. */
const contextOf = (parts: readonly string[]): Buffer => {
  const encoded = parts.flatMap((part) => {
    const text = Buffer.from(part, 'utf8')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(text.length)
    return [length, text]
  })
  return Buffer.concat(encoded)
}

/** Encrypts for one context; opens for the same one only. */
export const encrypt = (key: Buffer, version: number, context: readonly string[], plain: Buffer): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt8(FORMAT)
  header.writeUInt32BE(version, 1)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.concat([header, contextOf(context)]))
  return Buffer.concat([header, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Whether it can be a sealed value at all: long enough, and of a format that we know. */
export const isWhole = (sealed: Buffer): boolean =>
  sealed.length >= HEADER_BYTES + NONCE_BYTES + TAG_BYTES && sealed.readUInt8() === FORMAT

/** The version of the key that sealed it. */
export const versionOf = (sealed: Buffer): number => {
  assert(isWhole(sealed), 'a sealed value is long enough, and of a known format')
  return sealed.readUInt32BE(1)
}

/** Throws when the value was changed, moved, or sealed with another key. */
export const decrypt = (key: Buffer, context: readonly string[], sealed: Buffer): Buffer => {
  const header = sealed.subarray(0, HEADER_BYTES)
  const nonce = sealed.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES)
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.concat([header, contextOf(context)]))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  const text = sealed.subarray(HEADER_BYTES + NONCE_BYTES, sealed.length - TAG_BYTES)
  return Buffer.concat([decipher.update(text), decipher.final()])
}

const placeContext = (tenant: TenantId, { table, column, row }: Place): readonly string[] => [
  'value',
  String(tenant),
  table,
  column,
  row,
]

export const sealWith = (key: DataKey, tenant: TenantId, place: Place, plain: Buffer): Buffer =>
  encrypt(key.bytes, key.version, placeContext(tenant, place), plain)

export const openWith = (key: DataKey, tenant: TenantId, place: Place, sealed: Buffer): Buffer => {
  assert(versionOf(sealed) === key.version, 'a sealed value is opened with the key of its version')
  return decrypt(key.bytes, placeContext(tenant, place), sealed)
}
