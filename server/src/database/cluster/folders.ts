import { chmodSync, lchownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupProblem } from '../../kit/index.ts'

/**
 * PostgreSQL refuses to run as root, so root's cluster runs as another user of the system. Everything here asks
 * what that user may do, going by owner, group and mode as the kernel does (access lists are not looked at).
 */
export type Account = { readonly name: string; readonly uid: number; readonly gid: number }

const PREFERRED = ['postgres', '_postgres', 'nobody'] as const

const readAccounts = (): readonly Account[] => {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    return name === undefined || uid === undefined || gid === undefined
      ? []
      : [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }]
  })
}

/** The user who owns the path; null when there is no such path. */
export const ownerOf = (path: string): Account | null => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? null : { name: `user ${found.uid}`, uid: found.uid, gid: found.gid }
}

/**
 * Null when this process runs as an ordinary user, who then runs PostgreSQL as well. For root it is the owner of
 * the data when there are some, so that a cluster keeps its user, and else `postgres` or `nobody`.
 */
export const chooseAccount = (dataFolder: string): Account | null => {
  if (process.getuid?.() !== 0) return null
  const owner = ownerOf(dataFolder)
  if (owner !== null && owner.uid !== 0) return owner
  const accounts = readAccounts()
  for (const name of PREFERRED) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.uid !== 0)
    if (account !== undefined) return account
  }
  throw new SetupProblem(
    'PostgreSQL does not run as root, and this system has neither a user postgres nor a user nobody',
    'Start Evenkeel as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

const mayDo = (path: string, account: Account, bits: number): boolean => {
  const { mode, uid, gid } = statSync(path)
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0
  return ((mode >> shift) & bits) === bits
}

/** Whether the account may pass through the folder and each of its parents. */
export const canEnter = (folder: string, account: Account): boolean => {
  for (let path = folder; ; path = dirname(path)) {
    if (!mayDo(path, account, 0o1)) return false
    if (path === dirname(path)) return true
  }
}

/** Whether the account can run the program. */
export const canRun = (file: string, account: Account): boolean =>
  canEnter(dirname(file), account) && mayDo(file, account, 0o5)

/** On a read-only file system the recursive form reports a missing file; the plain one tells the truth. */
const makeAll = (folder: string, mode: number): string | undefined => {
  try {
    return mkdirSync(folder, { recursive: true, mode })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') mkdirSync(folder, { mode })
    throw error
  }
}

/** Makes a folder with its parents. The mode holds for each one that is new, whatever the umask says. */
export const makeFolder = (folder: string, mode: number): void => {
  const first = makeAll(folder, mode)
  if (first === undefined) return
  for (let path = folder; path.startsWith(first); path = dirname(path)) chmodSync(path, mode)
}

export const giveTo = (path: string, account: Account | null): void => {
  if (account !== null) lchownSync(path, account.uid, account.gid)
}

export const giveTreeTo = (folder: string, account: Account | null): void => {
  if (account === null) return
  giveTo(folder, account)
  for (const entry of readdirSync(folder, { recursive: true })) giveTo(join(folder, String(entry)), account)
}
