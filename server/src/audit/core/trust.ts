import { type Anchor, type AnchorLine, isKeyLine, type KeyLine, keyIdOf, signedText } from './anchor.ts'

/** Whether the owner of a public key has signed a text: handed in, as it is no pure computation over our own values. */
export type IsSignedBy = (publicKey: string, text: string, signature: string) => boolean

export type TrustedAnchors = {
  readonly anchors: readonly Anchor[]
  /** What in the file cannot be believed. */
  readonly wrong: readonly string[]
  /** The keys that were believed, by their ids. */
  readonly keys: readonly string[]
}

const isSound = (line: KeyLine, isSignedBy: IsSignedBy): boolean =>
  line.key === keyIdOf(line.public_key) && isSignedBy(line.public_key, signedText(line), line.signature)

/**
 * From keys that are believed to all that they vouch for: a new key names the one before it, and the one before has signed
 * the new one where it could.
 */
const spread = (
  first: readonly string[],
  lines: readonly KeyLine[],
  isSignedBy: IsSignedBy,
): ReadonlySet<string> => {
  const believed = new Set(first)
  const links = lines.filter((line) => isSound(line, isSignedBy))
  for (const _round of links) {
    for (const line of links) {
      const { public_key, previous, previous_signature: signature } = line
      if (previous === null) continue
      if (believed.has(public_key)) believed.add(previous)
      const vouched = signature !== null && isSignedBy(previous, signedText(line), signature)
      if (believed.has(previous) && vouched) believed.add(public_key)
    }
  }
  return believed
}

/**
 * Which lines of an anchor file are to be believed. `known` are the public keys that whoever looks knows from elsewhere;
 * without any, the first key of the file is taken at its word.
 */
export const trustedAnchors = (
  lines: readonly AnchorLine[],
  known: readonly string[],
  isSignedBy: IsSignedBy,
): TrustedAnchors => {
  const keyLines = lines.filter(isKeyLine)
  const first = known.length > 0 ? known : keyLines.slice(0, 1).map((line) => line.public_key)
  const believed = new Map(
    [...spread(first, keyLines, isSignedBy)].map((publicKey) => [keyIdOf(publicKey), publicKey]),
  )
  const anchors: Anchor[] = []
  const wrong: string[] = []
  for (const line of lines) {
    if (isKeyLine(line)) continue
    const publicKey = believed.get(line.key)
    const which = `the head of tenant ${line.tenant} at position ${line.position}`
    if (publicKey === undefined)
      wrong.push(`${which} is signed by ${line.key}, a key that nobody vouches for`)
    else if (isSignedBy(publicKey, signedText(line), line.signature)) anchors.push(line)
    else wrong.push(`${which} has a signature that is not its own`)
  }
  return { anchors, wrong, keys: [...believed.keys()] }
}
