import { randomBytes } from 'node:crypto'
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SetupProblem } from '../kit/index.ts'

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

export const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error))

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const CLOSED = new Set(['EACCES', 'EPERM', 'EROFS'])
const AWAY = new Set([
  'EIO',
  'ENOENT',
  'ENOTDIR',
  'ESTALE',
  'ENODEV',
  'ENXIO',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'ENOTCONN',
])

/** What the folder of backups cannot do, with what a person can do about it. Null when it is not the folder's fault. */
export const troubleOf = (error: unknown, folder: string): SetupProblem | null => {
  if (error instanceof SetupProblem) return error
  const code = codeOf(error)
  const cause = { cause: error }
  if (FULL.has(code))
    return new SetupProblem(
      `The disk of the folder of backups ${folder} is full (${code})`,
      'Free some space there, let old backups go with --keep, or give another folder.',
      cause,
    )
  if (CLOSED.has(code))
    return new SetupProblem(
      `The folder of backups ${folder} cannot be written to (${code})`,
      'Make it writable for the user who runs Evenkeel, or give another folder.',
      cause,
    )
  if (AWAY.has(code))
    return new SetupProblem(
      `The folder of backups ${folder} is out of reach (${code})`,
      'See that its disk is there and mounted.',
      cause,
    )
  return null
}

/** So that the name is there after a power cut. Some file systems and systems cannot, and then it is theirs to see to. */
export const syncFolder = async (folder: string): Promise<void> => {
  let handle: FileHandle | null = null
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'EACCES', 'ENOTSUP', 'EBADF'].includes(codeOf(error))) throw error
  } finally {
    await handle?.close()
  }
}

/** How what is not whole yet is called. */
export const UNFINISHED = '.unfinished'

/** Under another name until it is whole and on disk: what stands under the name is never half a file. */
export const writeWhole = async (file: string, content: Uint8Array | string): Promise<void> => {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}${UNFINISHED}`
  try {
    const handle = await open(unfinished, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, file)
    await syncFolder(dirname(file))
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw error
  }
}

/** Null when there is no such file. */
export const readIfThere = async (file: string): Promise<Buffer | null> => {
  try {
    return await readFile(file)
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}
