import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { SetupProblem } from '../kit/index.ts'
import { KEY_BYTES, KEYS_MOST } from './limits.ts'
import { fingerprintText, type MasterKey, newMasterKey, parseMasterKey, textOf } from './master-key.ts'

const putBack =
  'Put the right one back from your copy. Only for a new installation make one with: ' +
  `node -p "crypto.randomBytes(${KEY_BYTES}).toString('base64')".`

const wrongText = (where: string): SetupProblem =>
  new SetupProblem(`${where} is not a key of ${KEY_BYTES} bytes in base64 or hexadecimal`, putBack)

const parseAll = (text: string, where: string): readonly [MasterKey, ...MasterKey[]] => {
  const [first, ...others] = text.trim().split(/\s+/)
  const keys = [first ?? '', ...others].map((word) => {
    const key = parseMasterKey(word)
    if (key === null) throw wrongText(where)
    return key
  })
  const [newest, ...older] = keys.filter((key, at) => keys.findIndex((other) => other.equals(key)) === at)
  if (newest === undefined) throw wrongText(where)
  if (keys.length > KEYS_MOST)
    throw new SetupProblem(
      `${where} holds ${keys.length} keys`,
      'It holds one, and two while the first takes the place of the second. Take out what is too much.',
    )
  return [newest, ...older]
}

/** The keys that MASTER_KEY holds: one, or "new old" while a new one takes the place of the old one. */
export const keysFromText = (text: string): readonly [MasterKey, ...MasterKey[]] =>
  parseAll(text, 'MASTER_KEY')

/** The one key that a text holds. */
export const masterKeyFromText = (text: string): MasterKey => {
  const key = parseMasterKey(text)
  if (key === null) throw wrongText('MASTER_KEY')
  return key
}

const OTHERS = 0o077

const unreadable = (file: string, error: unknown): SetupProblem =>
  new SetupProblem(
    `The master key file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    'Make it a file that the user who runs Evenkeel can read, and nobody else.',
    { cause: error },
  )

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** The keys of the file; none when there is no file. A file that others can read is no secret, and is refused. */
export const readKeysFile = (file: string): readonly MasterKey[] => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) return []
  if (process.platform !== 'win32' && found.isFile() && (found.mode & OTHERS) !== 0)
    throw new SetupProblem(
      `The master key file ${file} can be read by others (mode ${(found.mode & 0o777).toString(8)})`,
      `Run: chmod 600 ${file}. If somebody may have read it, replace it then with: evenkeel master-key rotate`,
    )
  return parseAll(readText(file), `The master key file ${file}`)
}

const writeUnfinished = (file: string, text: string): string => {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(unfinished, text, { mode: 0o600, flag: 'wx', flush: true })
  return unfinished
}

/** Names in a folder are on disk only once the folder is. Some systems cannot do that, and need not. */
const syncFolder = (folder: string): void => {
  try {
    const handle = openSync(folder, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {
    // Windows opens no folders.
  }
}

const linesOf = (keys: readonly MasterKey[]): string => keys.map((key) => `${textOf(key)}\n`).join('')

/** Puts these keys in the place of what the file holds, whole or not at all. */
export const replaceKeysFile = (file: string, keys: readonly MasterKey[]): void => {
  const unfinished = writeUnfinished(file, linesOf(keys))
  try {
    renameSync(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
  syncFolder(dirname(file))
}

/** Where a key stands that another has taken the place of: what was encrypted before, such as backups, opens only with it. */
export const setAsideFile = (file: string, key: MasterKey): string =>
  `${file}.replaced-${fingerprintText(key).slice(0, 8)}`

/** Writes a replaced key to a file of its own; its name. */
export const setAside = (file: string, key: MasterKey): string => {
  const aside = setAsideFile(file, key)
  replaceKeysFile(aside, [key])
  return aside
}

const UNFINISHED = /^\.[0-9a-f]{12}$/

/** Removes what a process that was killed while it wrote a key has left beside the file. */
export const removeUnfinished = (file: string): void => {
  const name = basename(file)
  for (const other of readdirSync(dirname(file)))
    if (other.startsWith(name) && UNFINISHED.test(other.slice(name.length)))
      rmSync(join(dirname(file), other), { force: true })
}

/** Writes a new key, whole or not at all; of two processes at once the first one's key counts for both. */
export const createMasterKeyFile = (file: string): readonly MasterKey[] => {
  const unfinished = writeUnfinished(file, linesOf([newMasterKey()]))
  try {
    linkSync(unfinished, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(unfinished, { force: true })
  }
  syncFolder(dirname(file))
  const keys = readKeysFile(file)
  if (keys.length === 0) throw new SetupProblem(`The master key file ${file} vanished`, 'Start again.')
  return keys
}

export type MasterKeySource = {
  /** What MASTER_KEY says, where it is set. */
  readonly text?: string
  /** Outside the database's folder, so that a copy of the database is not a copy of its key. */
  readonly file: string
  /** Whether a database exists that was made with some key. Asked only when there is no key. */
  readonly hasDatabase: () => boolean | Promise<boolean>
}

/** The keys that there are, or a new one for a new installation. Never a new one for an old database. */
export const obtainKeys = async ({
  text,
  file,
  hasDatabase,
}: MasterKeySource): Promise<readonly MasterKey[]> => {
  if (text !== undefined) return keysFromText(text)
  const keys = readKeysFile(file)
  if (keys.length > 0) return keys
  if (await hasDatabase())
    throw new SetupProblem(
      `The master key is gone: neither MASTER_KEY is set nor is there a file ${file}, but the database was made with one`,
      `Restore ${file}, or set MASTER_KEY. Without it, what the database holds encrypted cannot be read.`,
    )
  return createMasterKeyFile(file)
}
