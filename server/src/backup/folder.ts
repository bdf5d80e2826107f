import { mkdir, readdir, realpath, statfs } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { SetupProblem } from '../kit/index.ts'
import type { FolderMark } from './core/model.ts'
import { isAbsent, readIfThere, troubleOf, writeWhole } from './disk.ts'
import { FOLDER_SPARE_BYTES } from './limits.ts'

export const MARK_FILE = 'evenkeel-backups.json'
export const baseFolder = (folder: string): string => join(folder, 'base')
export const logFolder = (folder: string): string => join(folder, 'wal')

const NOTHING = new Set(['lost+found', '.DS_Store'])

const FOLDER_MODE = 0o700

const stranger = (folder: string): SetupProblem =>
  new SetupProblem(
    `${folder} is not a folder of Evenkeel's backups: it holds other things`,
    'Give a folder that is new or empty, or one that a backup was written to before.',
  )

/** Whose backups lie there; null when the folder is not marked. */
export const readMark = async (folder: string): Promise<FolderMark | null> => {
  const text = await readIfThere(join(folder, MARK_FILE))
  if (text === null) return null
  const problem = new SetupProblem(
    `The file ${join(folder, MARK_FILE)} is not what Evenkeel writes there`,
    'It is of a newer release, or damaged. Give another folder, or the release that wrote it.',
  )
  try {
    const found = JSON.parse(text.toString('utf8')) as Partial<FolderMark> | null
    if (found?.object !== 'evenkeel_backups' || found.format !== 1) throw problem
    const { systemIdentifier } = found
    if (typeof systemIdentifier !== 'string') throw problem
    return { object: found.object, format: found.format, systemIdentifier }
  } catch (error) {
    throw error === problem ? error : Object.assign(problem, { cause: error })
  }
}

/** Of a folder that somebody names, for reading. */
export const requireMark = async (folder: string): Promise<FolderMark> => {
  const mark = await readMark(folder)
  if (mark !== null) return mark
  throw new SetupProblem(
    `There are no backups of Evenkeel in ${folder}`,
    `Give the folder that the backups were written to: the one with the file ${MARK_FILE}.`,
  )
}

const otherCluster = (folder: string): SetupProblem =>
  new SetupProblem(
    `${folder} holds the backups of another database`,
    'Give each database a folder of its own.',
  )

/** The path as the system knows it, of a folder that need not be there yet. */
const realPath = async (path: string): Promise<string> => {
  try {
    return await realpath(path)
  } catch (error) {
    if (!isAbsent(error) || dirname(path) === path) throw error
    return join(await realPath(dirname(path)), basename(path))
  }
}

/** What the database's disk loses must not take its backups along. */
const refuseInside = async (folder: string, dataDir: string): Promise<void> => {
  const home = await realpath(dataDir)
  const lies = await realPath(folder)
  const inside = (path: string, other: string): boolean => path === other || path.startsWith(`${other}${sep}`)
  if (inside(lies, home) || inside(home, lies))
    throw new SetupProblem(
      `The folder of backups ${lies} and the data folder ${home} lie within each other`,
      'Give a folder outside the data folder, best on another disk or machine.',
    )
}

/** Makes and marks a new folder, or finds that it is ours. Its path as the system knows it. */
export const prepareFolder = async (
  given: string,
  { systemIdentifier, dataDir }: { readonly systemIdentifier: string; readonly dataDir: string },
): Promise<string> => {
  const wanted = resolve(given)
  try {
    await refuseInside(wanted, dataDir)
    await mkdir(wanted, { recursive: true, mode: FOLDER_MODE })
    const folder = await realpath(wanted)
    const mark = await readMark(folder)
    if (mark === null) {
      const others = (await readdir(folder)).filter((name) => !NOTHING.has(name))
      if (others.some((name) => !name.startsWith(MARK_FILE))) throw stranger(folder)
      const made: FolderMark = { object: 'evenkeel_backups', format: 1, systemIdentifier }
      await writeWhole(join(folder, MARK_FILE), `${JSON.stringify(made, null, 2)}\n`)
    } else if (mark.systemIdentifier !== systemIdentifier) throw otherCluster(folder)
    await mkdir(baseFolder(folder), { recursive: true, mode: FOLDER_MODE })
    await mkdir(logFolder(folder), { recursive: true, mode: FOLDER_MODE })
    return folder
  } catch (error) {
    if (['EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw new SetupProblem(`${wanted} is or lies below a file`, 'Give a folder.', { cause: error })
    throw troubleOf(error, wanted) ?? error
  }
}

/** Before each writing: where a disk is not mounted there is still an empty folder, which must not be filled. */
export const checkFolder = async (folder: string, systemIdentifier: string): Promise<void> => {
  const mark = await readMark(folder)
  if (mark === null)
    throw new SetupProblem(
      `The folder of backups ${folder} is out of reach: its file ${MARK_FILE} is not there`,
      'See that its disk is there and mounted, or begin anew with: npx evenkeel backup FOLDER',
    )
  if (mark.systemIdentifier !== systemIdentifier) throw otherCluster(folder)
}

/** A copy that cannot fit is not begun. */
export const refuseTooSmall = async (folder: string, bytes: number): Promise<void> => {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= bytes + FOLDER_SPARE_BYTES) return
  const shown = (size: number): string => `${Math.ceil(size / 1_048_576)} MB`
  throw new SetupProblem(
    `The disk of the folder of backups ${folder} has ${shown(free)} free, and the copy takes ${shown(bytes)}`,
    'Free some space there, let old backups go with --keep, or give another folder.',
  )
}

/** Names in a folder; none when there is no such folder. */
export const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}
