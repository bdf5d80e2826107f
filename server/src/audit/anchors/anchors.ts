import { SetupProblem, type TenantId, type WallClock } from '../../kit/index.ts'
import { type Anchor, isKeyLine, type KeyLine, keyIdOf, signedText, type Unsigned } from '../core/anchor.ts'
import type { ChainHead } from '../core/entry.ts'
import { anchorFileOf, appendLine, readLines } from './file.ts'
import { type AnchorKey, makeAnchorKey, readAnchorKey, replaceAnchorKey } from './key.ts'

export type AnchorPlace = {
  /** The folder of the anchor file. */
  readonly folder: string
  /** The file of the key that signs. */
  readonly keyFile: string
}

/** Writes heads of the log outside the database. */
export type Anchors = { readonly write: (tenant: TenantId, head: ChainHead) => void }

const nowOf = (clock: WallClock): number => Math.floor(clock.now() / 1_000)

type Before = { readonly publicKey: string | null; readonly key: AnchorKey | null }

const announce = (place: AnchorPlace, key: AnchorKey, before: Before, clock: WallClock): void => {
  const line: Unsigned<KeyLine> = {
    public_key: key.publicKey,
    previous: before.publicKey,
    time: nowOf(clock),
    key: key.id,
  }
  const text = signedText(line)
  appendLine(place.folder, {
    ...line,
    previous_signature: before.key?.sign(text) ?? null,
    signature: key.sign(text),
  })
}

/** The public key that the file announces last; null where it announces none. */
const lastAnnounced = (folder: string): string | null =>
  readLines(folder)?.lines.findLast(isKeyLine)?.public_key ?? null

const lost = ({ folder, keyFile }: AnchorPlace, announced: string, found: AnchorKey | null): SetupProblem =>
  new SetupProblem(
    `The key that signs the audit log's anchors is lost: ${anchorFileOf(folder)} names ${keyIdOf(announced)}, and ${keyFile} ${found === null ? 'is not there' : `holds ${found.id}`}`,
    'Put that file back from your copy. Where the key is lost for good, make a new one, which is recorded: evenkeel audit rotate-key',
  )

/**
 * Opens the place for writing, as a server does when it starts: makes the key where there was never one, and refuses to
 * go on where the anchor file names another key than is there.
 */
export const openAnchors = (place: AnchorPlace, clock: WallClock): Anchors => {
  const announced = lastAnnounced(place.folder)
  const found = readAnchorKey(place.keyFile)
  if (announced !== null && found?.publicKey !== announced) throw lost(place, announced, found)
  if (announced === null) {
    announce(place, found ?? makeAnchorKey(place.keyFile), { publicKey: null, key: null }, clock)
  }
  return {
    write: (tenant, { position, hash }) => {
      // Read each time, so that a key that was replaced meanwhile signs no more.
      const key = readAnchorKey(place.keyFile)
      if (key === null) throw lost(place, announced ?? '', null)
      const anchor: Unsigned<Anchor> = { tenant, position, hash, time: nowOf(clock), key: key.id }
      appendLine(place.folder, { ...anchor, signature: key.sign(signedText(anchor)) })
    },
  }
}

/** By the ids of keys. */
export type KeyRotated = { readonly before: string | null; readonly after: string }

/** What is no key any more cannot sign, and does not stand in the way of a new one. */
const standingKey = (file: string): AnchorKey | null => {
  try {
    return readAnchorKey(file)
  } catch (error) {
    if (error instanceof SetupProblem) return null
    throw error
  }
}

/** A new key in the place of one that was lost or may be known to others. Where the old one is still there it signs too. */
export const rotateAnchorKey = (place: AnchorPlace, clock: WallClock): KeyRotated => {
  const publicKey = lastAnnounced(place.folder)
  const standing = standingKey(place.keyFile)
  const key = standing?.publicKey === publicKey ? standing : null
  const made = replaceAnchorKey(place.keyFile)
  announce(place, made, { publicKey, key }, clock)
  return { before: publicKey === null ? null : keyIdOf(publicKey), after: made.id }
}
