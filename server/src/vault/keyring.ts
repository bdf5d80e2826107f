import { timingSafeEqual } from 'node:crypto'
import { statSync } from 'node:fs'
import { keysFromText, type MasterKeySource, obtainKeys, readKeysFile } from './key-sources.ts'
import { fingerprintOf, type MasterKey } from './master-key.ts'

/**
 * The master keys that this process knows: one, or two while one takes the place of the other. Which of them the database
 * is with says the fingerprint in the database, and nothing else.
 */
export type Keyring = {
  /** As they are written, the newest first. */
  readonly written: () => readonly MasterKey[]
  /** The one that the database was with when it was last looked, then the others. Notices when the file has changed. */
  readonly candidates: () => readonly [MasterKey, ...MasterKey[]]
  /** Looks at the file again, whether or not it seems to have changed. */
  readonly reload: () => void
  /** Takes the key with this fingerprint for the present one, and returns it; null when it is not known here. */
  readonly settle: (fingerprint: Buffer) => MasterKey | null
  readonly place: KeyPlace
}

/** Where the keys are written. */
export type KeyPlace =
  | { readonly kind: 'environment' }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'memory' }

type Source = {
  readonly place: KeyPlace
  /** Null when nothing has changed since it was asked last. */
  readonly readAgain: (() => readonly MasterKey[] | null) | null
}

const isOf = (key: MasterKey, fingerprint: Buffer): boolean =>
  fingerprint.length === fingerprintOf(key).length && timingSafeEqual(fingerprintOf(key), fingerprint)

const create = (first: readonly MasterKey[], { place, readAgain }: Source): Keyring => {
  let keys = first
  let present: MasterKey | null = null
  const look = (): void => {
    // A file that is being replaced, or that somebody has broken: what is known goes on to serve.
    const found = readAgain?.() ?? null
    if (found !== null && found.length > 0) keys = found
  }
  const candidates = (): readonly [MasterKey, ...MasterKey[]] => {
    look()
    const best = present ?? keys[0]
    if (best === undefined) throw new Error('a keyring holds a key')
    // The present key serves as long as the database is with it, even after it has left the file.
    return [best, ...keys.filter((key) => !key.equals(best))]
  }
  return {
    place,
    written: () => {
      look()
      return keys
    },
    candidates,
    reload: look,
    settle: (fingerprint) => {
      present = candidates().find((key) => isOf(key, fingerprint)) ?? present
      return present !== null && isOf(present, fingerprint) ? present : null
    },
  }
}

/** Of one key that never changes, for tests and tools. */
export const keyringOf = (...keys: readonly MasterKey[]): Keyring =>
  create(keys, { place: { kind: 'memory' }, readAgain: null })

/** Which file it is and when it was written: a rename gives it another number, an edit another time. */
const markOf = (file: string): string => {
  const found = statSync(file, { throwIfNoEntry: false, bigint: true })
  return found === undefined ? '' : `${found.ino} ${found.mtimeNs} ${found.size}`
}

const rereading = (file: string): (() => readonly MasterKey[] | null) => {
  let mark = markOf(file)
  return () => {
    try {
      const now = markOf(file)
      if (now === mark) return null
      const keys = readKeysFile(file)
      mark = now
      return keys
    } catch {
      return null
    }
  }
}

/** The keys that there are, or a new one for a new installation. Never a new one for an old database. */
export const obtainKeyring = async (source: MasterKeySource): Promise<Keyring> => {
  if (source.text !== undefined)
    return create(keysFromText(source.text), { place: { kind: 'environment' }, readAgain: null })
  const keys = await obtainKeys(source)
  const { file } = source
  return create(keys, { place: { kind: 'file', file }, readAgain: rereading(file) })
}
