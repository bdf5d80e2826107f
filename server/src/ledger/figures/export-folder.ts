import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { SetupProblem } from '../../kit/index.ts'
import { ENTRIES_FILE, TRIAL_FILE } from './digest.ts'
import { ACCOUNTS_FILE, BALANCES_FILE, MANIFEST_FILE } from './manifest.ts'

const OURS: ReadonlySet<string> = new Set([
  ENTRIES_FILE,
  TRIAL_FILE,
  ACCOUNTS_FILE,
  BALANCES_FILE,
  MANIFEST_FILE,
])

/** Where an export is written until it is whole: nobody takes what stands there for an export. */
export type ExportPlace = { readonly folder: string; readonly unfinished: string }

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error)

const refuseFolder = (folder: string): void => {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isDirectory())
    throw new SetupProblem(`${folder} is a file`, 'Give the path of a folder that is not there yet.')
  if (readdirSync(folder).length > 0)
    throw new SetupProblem(
      `${folder} is not empty, and an export is never written over anything`,
      'Give the path of a folder that is not there yet.',
    )
}

/** What an export that was killed has left: its own files and nothing else. */
const clear = (unfinished: string): void => {
  if (!existsSync(unfinished)) return
  const strange = readdirSync(unfinished).find((name) => !OURS.has(name))
  if (strange !== undefined)
    throw new SetupProblem(
      `${unfinished} holds ${strange}, which no export has left there`,
      'Move it away, or give another folder.',
    )
  rmSync(unfinished, { recursive: true })
}

/** Refuses a place that cannot be written to before any work is done. */
export const preparePlace = (wanted: string): ExportPlace => {
  const folder = resolve(wanted)
  const parent = dirname(folder)
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new SetupProblem(`There is no folder ${parent}`, 'Make it first, or give another path.')
  const unfinished = `${folder}.unfinished`
  try {
    refuseFolder(folder)
    clear(unfinished)
    mkdirSync(unfinished)
  } catch (error) {
    if (error instanceof SetupProblem) throw error
    throw new SetupProblem(
      `${folder} cannot be written: ${codeOf(error)}`,
      'Give a folder that you may write to.',
    )
  }
  return { folder, unfinished }
}

const sync = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** From here on it is an export: all of it is on disk, and it gets its name in one step. */
export const finishPlace = async ({ folder, unfinished }: ExportPlace): Promise<void> => {
  await sync(unfinished)
  if (existsSync(folder)) rmdirSync(folder)
  renameSync(unfinished, folder)
  await sync(join(folder, '..'))
}

export const abandonPlace = ({ unfinished }: ExportPlace): void =>
  rmSync(unfinished, { recursive: true, force: true })

/** What of the operating system's errors somebody can do something about. */
export const placeProblem = (error: unknown, { folder }: ExportPlace): unknown => {
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new SetupProblem(
      `There is no space left for ${folder}`,
      'Make room, or give a folder on another disk.',
    )
  return error
}
