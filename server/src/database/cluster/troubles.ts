import { closeSync, existsSync, fstatSync, openSync, readSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { SetupProblem } from '../../kit/index.ts'
import { LOG_TAIL_BYTES, SPACE_LEAST_BYTES } from './limits.ts'

type Trouble = {
  readonly sign: RegExp
  readonly message: (folder: string) => string
  readonly fix: (folder: string) => string
}

const MOVE = 'or set DATA_DIR to another folder.'

const FULL: Trouble = {
  sign: /ENOSPC|No space left on device|EDQUOT|quota exceeded|EFBIG|File too large/i,
  message: (folder) => `The disk of the database folder ${folder} is full`,
  fix: () => `Free some space there, ${MOVE}`,
}

/** What systems and PostgreSQL say when they cannot go on, and what a person can do about it. */
const TROUBLES: readonly Trouble[] = [
  FULL,
  {
    sign: /EROFS|Read-only file system/i,
    message: (folder) => `The database folder ${folder} is on a read-only file system`,
    fix: () => `Mount it writable, ${MOVE}`,
  },
  {
    sign: /EACCES|EPERM|Permission denied|Operation not permitted|has wrong ownership/i,
    message: (folder) => `No permission for the database folder ${folder}`,
    fix: (folder) => `Start as the user who owns it (see: ls -ld ${folder}), change its owner, ${MOVE}`,
  },
  {
    sign: /could not map anonymous shared memory|Cannot allocate memory/i,
    message: () => 'The system does not give PostgreSQL the memory it was to have',
    fix: () => 'Free some memory, or set DATABASE_URL to a PostgreSQL of your own.',
  },
  {
    sign: /database files are incompatible with server/i,
    message: (folder) => `The database folder ${folder} was made by another version of PostgreSQL`,
    fix: () => `Start the release of Evenkeel that made it, ${MOVE}`,
  },
]

/** The one trouble that passes by itself, when somebody frees space: whoever can wait does. */
export class FullDisk extends SetupProblem {}

/** PostgreSQL's own log lies on the same disk, so its last words may be missing just when it is full. */
const isOutOfSpace = (folder: string): boolean => {
  const data = join(folder, 'data')
  try {
    const { bavail, bsize } = statfsSync(existsSync(data) ? data : folder)
    return bavail * bsize < SPACE_LEAST_BYTES
  } catch {
    return false
  }
}

/** A known trouble as a problem with its fix, else the fallback with the last words of whoever failed. */
export const explain = (text: string, folder: string, fallback: string, cause?: unknown): SetupProblem => {
  const known = TROUBLES.find(({ sign }) => sign.test(text))
  const trouble = known ?? (isOutOfSpace(folder) ? FULL : undefined)
  if (trouble !== undefined) {
    const Problem = trouble === FULL ? FullDisk : SetupProblem
    return new Problem(trouble.message(folder), trouble.fix(folder), { cause })
  }
  const words = text.trim().split('\n').slice(-3).join(' · ')
  return new SetupProblem(`${fallback}: ${words}`, `Look into ${folder} and its postgres.log.`, { cause })
}

/** Runs what touches the file system, and turns its errors into problems with a fix. */
export const explained = async <Value>(
  folder: string,
  work: () => Value | Promise<Value>,
): Promise<Value> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'syscall' in error)
      throw explain(
        `${String(error.code)} ${error.message}`,
        folder,
        'The database folder cannot be used',
        error,
      )
    throw error
  }
}

/** The end of a log, from a position on. */
export const readTail = (file: string, from: number): string => {
  const handle = openSync(file, 'r')
  try {
    const { size } = fstatSync(handle)
    const start = Math.max(from, size - LOG_TAIL_BYTES)
    const buffer = Buffer.alloc(Math.max(0, size - start))
    readSync(handle, buffer, 0, buffer.length, start)
    return buffer.toString('utf8')
  } finally {
    closeSync(handle)
  }
}
