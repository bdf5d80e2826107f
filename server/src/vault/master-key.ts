import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { SetupProblem } from '../kit/index.ts'

/**
 * The one secret of an installation: 32 bytes, from MASTER_KEY or from a file that only its owner can read. Everything
 * else derives from it or is wrapped by it. It is held as a KeyObject, which neither logs nor JSON can show.
 */
export type MasterKey = KeyObject

const KEY_BYTES = 32
const HEX = /^[0-9a-f]{64}$/i
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/

const makeOne = `Make one with: node -p "crypto.randomBytes(${KEY_BYTES}).toString('base64')"`

/** 32 bytes in base64 or hexadecimal; null when the text is neither. */
export const parseMasterKey = (text: string): MasterKey | null => {
  const trimmed = text.trim()
  if (HEX.test(trimmed)) return createSecretKey(Buffer.from(trimmed, 'hex'))
  return BASE64.test(trimmed) ? createSecretKey(Buffer.from(trimmed, 'base64')) : null
}

const wrongText = (where: string): SetupProblem =>
  new SetupProblem(`${where} is not a key of ${KEY_BYTES} bytes in base64 or hexadecimal`, `${makeOne}.`)

/** The key that MASTER_KEY holds. */
export const masterKeyFromText = (text: string): MasterKey => {
  const key = parseMasterKey(text)
  if (key === null) throw wrongText('MASTER_KEY')
  return key
}

const OTHERS = 0o077

/** The key of the file; null when there is no file. A file that others can read is no secret, and is refused. */
export const readMasterKeyFile = (file: string): MasterKey | null => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) return null
  if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0)
    throw new SetupProblem(
      `The master key file ${file} can be read by others (mode ${(found.mode & 0o777).toString(8)})`,
      `Run: chmod 600 ${file}. If somebody may have read it, consider what it protects as known.`,
    )
  const key = parseMasterKey(readFileSync(file, 'utf8'))
  if (key === null) throw wrongText(`The master key file ${file}`)
  return key
}

/** Writes a new key, whole or not at all; of two processes at once the first one's key counts for both. */
export const createMasterKeyFile = (file: string): MasterKey => {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(unfinished, `${randomBytes(KEY_BYTES).toString('base64')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  })
  try {
    linkSync(unfinished, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(unfinished, { force: true })
  }
  const key = readMasterKeyFile(file)
  if (key === null) throw new SetupProblem(`The master key file ${file} vanished`, 'Start again.')
  return key
}

export type MasterKeySource = {
  /** What MASTER_KEY says, where it is set. */
  readonly text?: string
  /** Outside the database's folder, so that a copy of the database is not a copy of its key. */
  readonly file: string
  /** Whether a database exists that was made with some key. Asked only when there is no key. */
  readonly hasDatabase: () => boolean | Promise<boolean>
}

/** The key that there is, or a new one for a new installation. Never a new one for an old database. */
export const obtainMasterKey = async ({ text, file, hasDatabase }: MasterKeySource): Promise<MasterKey> => {
  if (text !== undefined) return masterKeyFromText(text)
  const key = readMasterKeyFile(file)
  if (key !== null) return key
  if (await hasDatabase())
    throw new SetupProblem(
      `The master key is gone: neither MASTER_KEY is set nor is there a file ${file}, but the database was made with one`,
      `Restore ${file}, or set MASTER_KEY. Without it, what the database holds encrypted cannot be read.`,
    )
  return createMasterKeyFile(file)
}

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
