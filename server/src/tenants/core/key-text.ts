// The text of an API key: sk_test_<tenant><chance><checksum>.
//
//   prefix    sk secret, rk restricted, pk publishable, uk a person's
//   mode      test for a sandbox, live for the live tenant
//   tenant    its number in base 62: the key is looked up among that tenant's only
//   chance    24 random bytes as 33 digits
//   checksum  CRC-32 of all before it as 6 digits: a mistyped key is told from an unknown one without a look-up

import { assert, type TenantId } from '../../kit/index.ts'
import { KEY_RANDOM_BYTES } from '../limits.ts'
import { fromBase62, toBase62 } from './base62.ts'
import { crc32 } from './checksum.ts'

export type KeyKind = 'secret' | 'restricted' | 'publishable' | 'person'
export type Mode = 'live' | 'test'

/** What the text of a key says about itself; whether there is such a key is another question. */
export type KeyText = { readonly kind: KeyKind; readonly mode: Mode; readonly tenant: TenantId }

export type KeyReading =
  | { readonly kind: 'key'; readonly key: KeyText }
  /** Not of the shape of a key at all. */
  | { readonly kind: 'shapeless' }
  /** Of the right shape, but a character is missing, added or wrong. */
  | { readonly kind: 'mistyped' }

const PREFIXES = {
  secret: 'sk',
  restricted: 'rk',
  publishable: 'pk',
  person: 'uk',
} as const satisfies Record<KeyKind, string>
const KINDS = new Map<string, KeyKind>([
  ['sk', 'secret'],
  ['rk', 'restricted'],
  ['pk', 'publishable'],
  ['uk', 'person'],
])

const RANDOM_DIGITS = 33
const CHECKSUM_DIGITS = 6
const LAST_DIGITS = 4
const TENANT_MOST = 0x7fff_ffff
const SHAPE = /^([srpu]k)_(live|test)_([0-9A-Za-z]+)$/

const checksumOf = (text: string): string => toBase62(BigInt(crc32(text)), CHECKSUM_DIGITS)

export const writeKeyText = ({ kind, mode, tenant }: KeyText, random: Uint8Array): string => {
  assert(random.length === KEY_RANDOM_BYTES, 'a key has all of its chance')
  let chance = 0n
  for (const byte of random) chance = chance * 256n + BigInt(byte)
  const text = `${PREFIXES[kind]}_${mode}_${toBase62(BigInt(tenant))}${toBase62(chance, RANDOM_DIGITS)}`
  return text + checksumOf(text)
}

export const readKeyText = (text: string): KeyReading => {
  const parts = SHAPE.exec(text)
  const kind = KINDS.get(parts?.[1] ?? '')
  if (parts === null || kind === undefined) return { kind: 'shapeless' }
  const body = parts[3] ?? ''
  const tenant = fromBase62(body.slice(0, -(RANDOM_DIGITS + CHECKSUM_DIGITS)))
  const isSound = checksumOf(text.slice(0, -CHECKSUM_DIGITS)) === text.slice(-CHECKSUM_DIGITS)
  if (!isSound || tenant === null || tenant < 1n || tenant > TENANT_MOST) return { kind: 'mistyped' }
  return {
    kind: 'key',
    key: { kind, mode: parts[2] === 'live' ? 'live' : 'test', tenant: Number(tenant) as TenantId },
  }
}

/** What is kept and shown of a key, so that people find the one they mean. */
export const lastOf = (text: string): string => text.slice(-LAST_DIGITS)

/** sk_test_…Xy9z */
export const showKey = (kind: KeyKind, mode: Mode, last4: string): string =>
  `${PREFIXES[kind]}_${mode}_…${last4}`
