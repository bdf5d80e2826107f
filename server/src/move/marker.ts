import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupProblem } from '../kit/index.ts'
import { type Marker, parseMarker } from './core/marker.ts'

/** In the cluster’s folder and not among PostgreSQL’s files, so a backup of the data does not carry it. */
const fileIn = (clusterFolder: string): string => join(clusterFolder, 'moved.json')

/** What the embedded database in this folder says of its move; null: it was never moved. */
export const readMarker = (clusterFolder: string): Marker | null => {
  const file = fileIn(clusterFolder)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new SetupProblem(`The file ${file} cannot be read: ${String(error)}`, 'Make it readable.', {
      cause: error,
    })
  }
  const marker = parseMarker(text)
  if (marker === null)
    throw new SetupProblem(
      `The file ${file}, which says where this database was moved to, is damaged`,
      'Find out where the books are now before anything starts here. If they were never moved, remove the file.',
    )
  return marker
}

const flush = (path: string): void => {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Whole or not at all, and on disk when it returns: no server may start on books that live elsewhere. */
export const writeMarker = (clusterFolder: string, marker: Marker): void => {
  const file = fileIn(clusterFolder)
  const unfinished = `${file}.new`
  writeFileSync(unfinished, `${JSON.stringify(marker, null, 2)}\n`, { flush: true })
  renameSync(unfinished, file)
  flush(dirname(file))
}

export const removeMarker = (clusterFolder: string): void => {
  const file = fileIn(clusterFolder)
  rmSync(file, { force: true })
  flush(dirname(file))
}
