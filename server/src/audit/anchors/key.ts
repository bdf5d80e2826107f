import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { assert, SetupProblem } from '../../kit/index.ts'
import { keyIdOf } from '../core/anchor.ts'

/** Signs heads of the audit log. It stands outside the database, so that whoever owns the database cannot sign. */
export type AnchorKey = {
  readonly id: string
  /** SPKI in base64: what an auditor keeps. */
  readonly publicKey: string
  readonly sign: (text: string) => string
}

const ONLY_OURS = 0o600

const keyOf = (secret: KeyObject): AnchorKey => {
  const publicKey = createPublicKey(secret).export({ type: 'spki', format: 'der' }).toString('base64')
  return {
    id: keyIdOf(publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), secret).toString('base64'),
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** Null where there is no such file; refused where it is no key of ours. */
export const readAnchorKey = (file: string): AnchorKey | null => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    throw new SetupProblem(
      `The key of the audit log's anchors, ${file}, cannot be read`,
      'Let the server’s user read it.',
      { cause: error },
    )
  }
  try {
    const secret = createPrivateKey(text)
    if (secret.asymmetricKeyType === 'ed25519') return keyOf(secret)
  } catch {
    // Refused below, as what is a key of another kind.
  }
  throw new SetupProblem(
    `${file} is not the key of the audit log's anchors: it holds no Ed25519 key in PEM`,
    'Put the file back from your copy, or run: evenkeel audit rotate-key',
  )
}

const syncFolder = (folder: string): void => {
  const at = openSync(folder, 'r')
  try {
    fsyncSync(at)
  } finally {
    closeSync(at)
  }
}

/** Whoever is killed meanwhile leaves a file of another name, and never half a key. */
const write = (file: string, text: string, place: (unfinished: string) => void): void => {
  const unfinished = `${file}.${process.pid}`
  rmSync(unfinished, { force: true })
  const at = openSync(unfinished, 'wx', ONLY_OURS)
  try {
    writeSync(at, text)
    fsyncSync(at)
  } finally {
    closeSync(at)
  }
  place(unfinished)
  syncFolder(dirname(file))
}

const newKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const there = (file: string): AnchorKey => {
  const key = readAnchorKey(file)
  assert(key !== null, 'the key is there, as it was just written')
  return key
}

/** The first key. Of two processes that begin at once one makes it, and both have the same. */
export const makeAnchorKey = (file: string): AnchorKey => {
  write(file, newKey(), (unfinished) => {
    try {
      linkSync(unfinished, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    rmSync(unfinished)
  })
  return there(file)
}

/** A new key in the place of whatever stands there. */
export const replaceAnchorKey = (file: string): AnchorKey => {
  write(file, newKey(), (unfinished) => renameSync(unfinished, file))
  return there(file)
}

/** Whether the owner of a public key has signed a text. */
export const isSignedBy = (publicKey: string, text: string, signature: string): boolean => {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}
