import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { KEY_BYTES } from './limits.ts'

/**
 * The one secret of an installation: 32 bytes, from MASTER_KEY or from a file that only its owner can read. Everything
 * else derives from it or is wrapped by it. It is held as a KeyObject, which neither logs nor JSON can show.
 */
export type MasterKey = KeyObject

const HEX = /^[0-9a-f]{64}$/i
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/

/** 32 bytes in base64 or hexadecimal; null when the text is neither. */
export const parseMasterKey = (text: string): MasterKey | null => {
  const trimmed = text.trim()
  if (HEX.test(trimmed)) return createSecretKey(Buffer.from(trimmed, 'hex'))
  return BASE64.test(trimmed) ? createSecretKey(Buffer.from(trimmed, 'base64')) : null
}

/** A new one, that nobody has had. */
export const newMasterKey = (): MasterKey => createSecretKey(randomBytes(KEY_BYTES))

/** As it is written into its file. */
export const textOf = (key: MasterKey): string => key.export().toString('base64')

const DERIVED_SALT = 'evenkeel/v1'

/** A key for one purpose. What one purpose leaks says nothing about another, nor about the master key. */
export const derive = (key: MasterKey, purpose: string, bytes: number = KEY_BYTES): Buffer =>
  Buffer.from(hkdfSync('sha256', key, DERIVED_SALT, purpose, bytes))

const PASSWORD_BYTES = 24
const FINGERPRINT_BYTES = 16

export type Role = 'superuser' | 'app' | 'reader'

/** The password of a database role: plain letters, the same at every start, stored nowhere. */
export const rolePassword = (key: MasterKey, role: Role): string =>
  derive(key, `database role ${role}`, PASSWORD_BYTES).toString('base64url')

/** Tells two master keys apart without telling anything about either. */
export const fingerprintOf = (key: MasterKey): Buffer => derive(key, 'fingerprint', FINGERPRINT_BYTES)

/** The same for people and manifests: 32 hexadecimal digits. */
export const fingerprintText = (key: MasterKey): string => fingerprintOf(key).toString('hex')
