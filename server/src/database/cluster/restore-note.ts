import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Json, SetupProblem } from '../../kit/index.ts'

/**
 * Stands in the cluster's folder from the first byte of a restore until whoever opens the restored database first has
 * written down that it was restored.
 *
 *   copying    the data are not there yet; a start that finds this does not make an empty database in their place
 *   restored   they are there, whole, and `told` is what the audit log is to be told
 */
export type RestoreNote =
  | { readonly state: 'copying'; readonly since: string }
  | { readonly state: 'restored'; readonly told: Json }

export const restoreNoteFile = (folder: string): string => join(folder, 'restore.json')

/** Null where nothing is being restored, or nothing is left to tell. */
export const readRestoreNote = (folder: string): RestoreNote | null => {
  const file = restoreNoteFile(folder)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    const found = JSON.parse(text) as RestoreNote | null
    if (found?.state === 'copying' || found?.state === 'restored') return found
  } catch {
    // Refused below, as what is no note of ours.
  }
  throw new SetupProblem(
    `The file ${file} is not what a restore writes there`,
    'Remove what was restored and the file, and restore again.',
  )
}

export const writeRestoreNote = (folder: string, note: RestoreNote): void => {
  const file = restoreNoteFile(folder)
  writeFileSync(`${file}.new`, `${JSON.stringify(note)}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

export const removeRestoreNote = (folder: string): void => rmSync(restoreNoteFile(folder), { force: true })

/** Where a restore was begun that has made no data yet, nothing may be made in their place. */
export const refuseUnfinishedRestore = (folder: string): void => {
  if (readRestoreNote(folder) === null) return
  throw new SetupProblem(
    `A restore into ${folder} was begun and not finished`,
    `Run the same restore again. To begin with an empty platform instead, remove ${restoreNoteFile(folder)}.`,
  )
}
