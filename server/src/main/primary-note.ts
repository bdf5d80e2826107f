import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { primaryOf } from '../database/index.ts'
import type { Configuration } from './configuration.ts'

/** Which life of the database this server has last worked with, and at which machines. */
type Note = { readonly machines: string; readonly system: string; readonly timeline: number }

const FILE = 'database-primary.json'

/** A note that cannot be read is no note: it says nothing that a session does not say as well. */
const readNote = (file: string): Note | null => {
  try {
    const note = JSON.parse(readFileSync(file, 'utf8')) as Partial<Note>
    const { machines, system, timeline } = note
    const isWhole = typeof machines === 'string' && typeof system === 'string' && Number.isInteger(timeline)
    return isWhole ? { machines, system, timeline: timeline ?? 0 } : null
  } catch {
    return null
  }
}

const writeNote = (file: string, note: Note): void => {
  writeFileSync(`${file}.unfinished`, `${JSON.stringify(note)}\n`)
  renameSync(`${file}.unfinished`, file)
}

/**
 * Follows the primary of a database of the operator's own: what changes is logged, and noted in the data folder, so that
 * a server which starts while only a replaced primary is up does not work with that one.
 */
export const followPrimary = ({ databaseUrl, dataDir }: Configuration, log: Logger): void => {
  if (databaseUrl === undefined) return
  const file = join(dataDir, FILE)
  const primary = primaryOf(databaseUrl)
  const note = readNote(file)
  if (note !== null && note.machines === primary.machines)
    primary.expect({ system: note.system, timeline: note.timeline }, file)
  primary.moves.add(({ to, life, isFirst }) => {
    if (!isFirst)
      log.warn({ primary: to, timeline: life.timeline }, 'the primary of the database has changed')
    try {
      writeNote(file, { machines: primary.machines, ...life })
    } catch (error) {
      log.warn({ error: String(error) }, `which primary was seen last cannot be noted in ${file}`)
    }
  })
}
