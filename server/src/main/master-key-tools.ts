import type { Finding } from '../database/index.ts'
import { SetupProblem } from '../kit/index.ts'
import {
  announce,
  examineKeys,
  type Keys,
  type KeysExamined,
  type MasterKey,
  newMasterKey,
  type Rewrapped,
  readMark,
  removeUnfinished,
  replaceKeysFile,
  setAside,
  withdraw,
} from '../vault/index.ts'
import {
  exchange,
  refuseOlderReleases,
  refuseSharedPasswords,
  shortOf,
  waitUntilKnown,
} from './master-key-steps.ts'
import type { Platform } from './platform.ts'

/**
 * What a rotation has done last, in this order. Whatever it was killed after, run again it goes on from there:
 *   written     the new key stands in the file before the old one (with MASTER_KEY: in everybody's environment)
 *   announced   the database names the key to come
 *   known       everybody who works on the database knows it
 *   exchanged   everything is wrapped by it, the roles have its passwords, the fingerprint is its own: one transaction
 *   finished    the old key stands in a file of its own
 */
export type RotationStep = 'written' | 'announced' | 'known' | 'exchanged' | 'finished'

export type Rotated = {
  readonly before: string | null
  readonly after: string
  /** Null where an earlier run had done it, and this one has only finished. */
  readonly rewrapped: Rewrapped | null
  /** Where the old key is kept; null with MASTER_KEY. */
  readonly aside: string | null
}

/** How the master key stands. */
export type MasterKeyStatus = {
  readonly place: 'MASTER_KEY' | 'file'
  readonly file: string | null
  readonly fingerprint: string
  readonly sinceMs: number
  /** Another one that is written beside it. */
  readonly other: string | null
  /** steady: one key. prepared: the other one is to come. unfinished: the other one is the old one. */
  readonly state: 'steady' | 'prepared' | 'unfinished'
} & KeysExamined

export type MasterKeyTools = {
  readonly rotate: (options?: { readonly onStep?: (step: RotationStep) => void }) => Promise<Rotated>
  readonly status: () => Promise<MasterKeyStatus>
}

type Standing = {
  readonly present: MasterKey
  readonly other: MasterKey | null
  readonly isNewest: boolean
  readonly sinceMs: number
}

/** Which key the database is with, and which other one is written here. */
const standingOf = async ({ pools, keyring }: Platform): Promise<Standing> => {
  keyring.reload()
  const mark = await readMark(pools.plain)
  const present = mark === null ? null : keyring.settle(mark.fingerprint)
  if (mark === null || present === null)
    throw new SetupProblem(
      'The database is with a master key that is not known here',
      'Give MASTER_KEY, or the file master.key, as the servers of this database have it.',
    )
  const written = keyring.written()
  const other = written.find((key) => !key.equals(present)) ?? null
  return { present, other, isNewest: written[0]?.equals(present) === true, sinceMs: mark.sinceMs }
}

const needsTwo = (): SetupProblem =>
  new SetupProblem(
    'MASTER_KEY is set and holds one key; a rotation needs the new one beside it',
    [
      `Make one with: node -p "crypto.randomBytes(32).toString('base64')"`,
      'Set MASTER_KEY="NEW OLD", both in one text, for every server and for this command, restart the servers one after the other, and run this again.',
    ].join('\n'),
  )

/** The keys of this rotation: the one that an earlier run has begun, or a new one. */
const prepare = ({ keyring }: Platform, { present, other }: Standing): Keys => {
  if (other !== null) return { from: present, to: other }
  const { place } = keyring
  if (place.kind !== 'file') throw needsTwo()
  removeUnfinished(place.file)
  const to = newMasterKey()
  replaceKeysFile(place.file, [to, present])
  keyring.reload()
  return { from: present, to }
}

/** The old key leaves the file for one of its own: what was backed up until now opens only with it. */
const finish = ({ keyring: { place } }: Platform, present: MasterKey, old: MasterKey): string | null => {
  if (place.kind !== 'file') return null
  const aside = setAside(place.file, old)
  replaceKeysFile(place.file, [present])
  removeUnfinished(place.file)
  return aside
}

const announced = async (
  platform: Platform,
  keys: Keys,
  onStep: (step: RotationStep) => void,
): Promise<void> => {
  await platform.asOwner((owner) => announce(owner, keys))
  onStep('announced')
  try {
    await waitUntilKnown(platform, keys.to)
  } catch (error) {
    await platform.asOwner(withdraw)
    throw error
  }
  onStep('known')
}

const rotate = async (platform: Platform, onStep: (step: RotationStep) => void): Promise<Rotated> => {
  const standing = await standingOf(platform)
  const { present, other, isNewest } = standing
  if (isNewest && other !== null) {
    const aside = finish(platform, present, other)
    onStep('finished')
    return { before: shortOf(other), after: shortOf(present), rewrapped: null, aside }
  }
  await refuseOlderReleases(platform)
  await refuseSharedPasswords(platform)
  const keys = prepare(platform, standing)
  onStep('written')
  await announced(platform, keys, onStep)
  const rewrapped = await exchange(platform, keys)
  onStep('exchanged')
  const aside = finish(platform, keys.to, keys.from)
  onStep('finished')
  return { before: shortOf(keys.from), after: shortOf(keys.to), rewrapped, aside }
}

const status = async (platform: Platform): Promise<MasterKeyStatus> => {
  const { present, other, isNewest, sinceMs } = await standingOf(platform)
  const { place } = platform.keyring
  const examined = await examineKeys(platform.pools.reader, platform.keyring)
  return {
    place: place.kind === 'file' ? 'file' : 'MASTER_KEY',
    file: place.kind === 'file' ? place.file : null,
    fingerprint: shortOf(present),
    sinceMs,
    other: other === null ? null : shortOf(other),
    state: other === null ? 'steady' : isNewest ? 'unfinished' : 'prepared',
    ...examined,
  }
}

const FOUND = {
  steady: 'one key, and everything that it protects opens',
  prepared: 'two keys: the newer one is to take the place of the older one',
  unfinished: 'two keys: the newer one has taken the place of the older one',
} as const

/** For doctor: what does not open is found here, and not by whoever needs it. */
export const examineMasterKey = async (platform: Platform): Promise<Finding> => {
  const { state, unreadable } = await status(platform)
  const isWhole = unreadable.length === 0
  return {
    name: 'master key',
    found: isWhole ? FOUND[state] : `does not open ${unreadable.join(', ')}`,
    wanted: isWhole ? 'one key: run evenkeel master-key rotate' : 'restored from a backup',
    why: isWhole
      ? 'a rotation that was begun should come to its end'
      : 'what is encrypted with it cannot be read any more',
    severity: !isWhole ? 'danger' : state === 'steady' ? 'fine' : 'advice',
  }
}

export const masterKeyToolsOf = (platform: Platform): MasterKeyTools => ({
  rotate: ({ onStep } = {}) => rotate(platform, onStep ?? (() => undefined)),
  status: () => status(platform),
})
