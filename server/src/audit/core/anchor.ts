import { canonicalJson, type Json, sha256 } from '../../kit/index.ts'

/*
 * The anchor file: a line of JSON for each head that was signed, and one for each key, before its first signature. Lines
 * stand in the order of writing; two processes may both write, so an order among them, and that none stands twice, is not
 * promised and not needed.
 */

/** The end of a tenant's chain, as it stood then. */
export type Anchor = {
  readonly tenant: number
  readonly position: number
  readonly hash: string
  /** Unix seconds, by the wall clock of who signed. */
  readonly time: number
  /** Which key: the first 16 digits of the hash of the public key. */
  readonly key: string
  /** Ed25519 over the canonical JSON of all the rest, in base64. */
  readonly signature: string
}

/**
 * Announces a key. It is signed by itself, and names the key that it follows: whoever trusts the new key trusts the one
 * before, and, where that one was still there to sign, the other way round.
 */
export type KeyLine = {
  readonly public_key: string
  readonly previous: string | null
  /** By the key before, over the same text; null where it was lost, or where there was none. */
  readonly previous_signature: string | null
  readonly time: number
  readonly key: string
  readonly signature: string
}

export type AnchorLine = Anchor | KeyLine

type Fields = Readonly<Record<string, unknown>>

export type Unsigned<Line extends AnchorLine> = Omit<Line, 'signature' | 'previous_signature'>

/** What is signed: everything but the signatures. */
export const signedText = (line: Unsigned<Anchor> | Unsigned<KeyLine>): string => {
  const { signature, previous_signature, ...rest } = line as Fields
  return canonicalJson(rest as Json)
}

export const keyIdOf = (publicKey: string): string =>
  sha256(Buffer.from(publicKey, 'base64')).toString('hex').slice(0, 16)

const isText = (value: unknown): value is string => typeof value === 'string'
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value)
const HASH = /^[0-9a-f]{64}$/

const anchorOf = ({ tenant, position, hash, time, key, signature }: Fields): Anchor | null =>
  isWhole(tenant) &&
  isWhole(position) &&
  position > 0 &&
  isText(hash) &&
  HASH.test(hash) &&
  isWhole(time) &&
  isText(key) &&
  isText(signature)
    ? { tenant, position, hash, time, key, signature }
    : null

const keyLineOf = ({
  public_key,
  previous,
  previous_signature,
  time,
  key,
  signature,
}: Fields): KeyLine | null =>
  isText(public_key) &&
  (previous === null || isText(previous)) &&
  (previous_signature === null || isText(previous_signature)) &&
  isWhole(time) &&
  isText(key) &&
  isText(signature)
    ? { public_key, previous, previous_signature, time, key, signature }
    : null

export const isKeyLine = (line: AnchorLine): line is KeyLine => 'public_key' in line

/** Null for a line that was torn or is none of ours. */
export const readLine = (text: string): AnchorLine | null => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    return 'public_key' in value ? keyLineOf(value as Fields) : anchorOf(value as Fields)
  } catch {
    return null
  }
}
