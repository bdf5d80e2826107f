import { randomUUID } from 'node:crypto'
import type { ClientBase } from 'pg'
import {
  type Access,
  type Finding,
  migrate,
  type RolePasswords,
  readApplied,
  showUrl,
  withClient,
  withOwner,
} from '../database/index.ts'
import { SetupProblem, type WallClock } from '../kit/index.ts'
import { type Catalogue, readCatalogue } from './catalogue.ts'
import { type Copied, copyChunk } from './copy.ts'
import { bytesOf, type Chunk, chunksOf } from './core/chunks.ts'
import { compareHoldings, type Difference, type Holding } from './core/compare.ts'
import type { Marker } from './core/marker.ts'
import { nextStep, type TargetStand } from './core/stand.ts'
import { freeze, refuseOthers, thaw } from './freeze.ts'
import { PLAIN_TEXT, readHolding } from './holdings.ts'
import { CHUNK_PAGES, DIFFERENCES_SHOWN, MOVE_LOCK, OTHERS_END_WITHIN_MS } from './limits.ts'
import { readMarker, removeMarker, writeMarker } from './marker.ts'
import { beginNotes, dropNotes, lookAtTarget, readDone, readNotes } from './notes.ts'
import { refusalOf } from './refusals.ts'
import { placeOf, prepareRoles, prepareTables, refuseEncoding, settle } from './target.ts'

export type MoveProgress = {
  readonly phase: 'copying' | 'settling' | 'comparing' | 'proving'
  readonly table: string
  /** Of the work of this phase. */
  readonly done: number
  readonly total: number
  /** Copied so far, those of earlier runs included. */
  readonly rows: number
}

export type MoveWanted = {
  /** The embedded database, run by this process alone. */
  readonly source: { readonly clusterFolder: string; readonly adminUrl: string }
  readonly target: { readonly admin: string; readonly app?: string; readonly reader?: string }
  readonly passwords: RolePasswords
  readonly release: string
  readonly clock: WallClock
  readonly allowUnsafe: boolean
  readonly despiteDangers: boolean
  /** Proves the books of the target in full; throws when they are not proven. */
  readonly prove: (access: Access) => Promise<void>
  readonly onProgress?: (progress: MoveProgress) => void
  /** Asked between two steps, none of which takes long; true ends the move, which can be resumed. */
  readonly isStopped?: () => boolean
  readonly chunkPages?: number
  readonly othersEndWithinMs?: number
}

export type Moved = {
  /** False: it had been moved before, and nothing was left to do. */
  readonly isNew: boolean
  readonly to: string
  readonly rows: number
  readonly holdings: readonly Holding[]
  /** What doctor would advise for the new database. */
  readonly advice: readonly Finding[]
}

/** The state of one run. */
type Run = {
  readonly wanted: MoveWanted
  readonly to: string
  readonly catalogue: Catalogue
  readonly marker: Marker
  readonly access: Access
}

const STOPPED = 'The move was stopped; what is copied stays copied'

const stopIfAsked = ({ isStopped }: MoveWanted): void => {
  if (isStopped?.() === true)
    throw new SetupProblem(STOPPED, 'Run the same command again: it goes on from here.')
}

const copyParts = async (
  { wanted, catalogue }: Run,
  owner: ClientBase,
  chunkPages: number,
): Promise<number> => {
  const done = new Map((await readDone(owner)).map(({ part, from, rows }) => [`${part} ${from}`, rows]))
  const total = catalogue.parts.reduce((sum, { bytes }) => sum + bytes, 0)
  let [far, rows] = [0, 0]
  const copyPart = async (source: ClientBase, part: Catalogue['parts'][number], chunk: Chunk) => {
    const before = done.get(`${part.name} ${chunk.from}`)
    const copied: Pick<Copied, 'rows'> =
      before === undefined ? await copyChunk(source, owner, { part, chunk }) : { rows: before }
    rows += copied.rows
    far += bytesOf(chunk, part)
    wanted.onProgress?.({ phase: 'copying', table: part.name, done: far, total, rows })
  }
  await withClient(wanted.source.adminUrl, async (source) => {
    await source.query(PLAIN_TEXT)
    for (const part of catalogue.parts) {
      for (const chunk of chunksOf(part.pages, chunkPages)) {
        stopIfAsked(wanted)
        await copyPart(source, part, chunk)
      }
    }
  })
  return rows
}

const unequal = (differences: readonly Difference[]): SetupProblem => {
  const shown = differences.slice(0, DIFFERENCES_SHOWN).map(({ table, what }) => `${table} ${what}`)
  const hidden = differences.length - shown.length
  return new SetupProblem(
    `The new database does not hold what the old one holds:\n${shown.join('\n')}${hidden > 0 ? `\nand ${hidden} more` : ''}`,
    'Nothing counts as moved. Give the move up with evenkeel move --give-up, drop the new database, make it anew, and move again.',
  )
}

const compare = async (run: Run, rows: number): Promise<readonly Holding[]> => {
  const { wanted, catalogue, access } = run
  const holdings: { source: Holding[]; target: Holding[] } = { source: [], target: [] }
  await withClient(wanted.source.adminUrl, (source) =>
    withClient(access.readerUrl, async (target) => {
      await Promise.all([source.query(PLAIN_TEXT), target.query(PLAIN_TEXT)])
      for (const [index, table] of catalogue.tables.entries()) {
        stopIfAsked(wanted)
        const total = catalogue.tables.length
        wanted.onProgress?.({ phase: 'comparing', table: table.name, done: index, total, rows })
        const [here, there] = await Promise.all([readHolding(source, table), readHolding(target, table)])
        holdings.source.push(here)
        holdings.target.push(there)
      }
    }),
  )
  const differences = compareHoldings(holdings.source, holdings.target)
  if (differences.length > 0) throw unequal(differences)
  return holdings.target
}

const refuseOtherSchema = async ({ wanted, access }: Run): Promise<void> => {
  const [source, target] = await Promise.all([
    withClient(wanted.source.adminUrl, readApplied),
    withClient(access.readerUrl, readApplied),
  ])
  if (source.join() !== target.join())
    throw new SetupProblem(
      'The move was begun by another release of Evenkeel, whose tables are not the same',
      'Finish it with that release; or give it up with evenkeel move --give-up, and move into a new database.',
    )
}

/** One move at a time fills a target; the lock goes with the connection, however the process ends. */
const takeTarget = async (owner: ClientBase): Promise<void> => {
  const { rows } = await owner.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
    MOVE_LOCK,
  ])
  if (rows[0]?.taken !== true)
    throw new SetupProblem(
      'Another move into this database is at work',
      'Wait for it. If its process was killed a moment ago, PostgreSQL notices that soon: try again.',
    )
}

const fill = async (run: Run, owner: ClientBase): Promise<Moved> => {
  const { wanted, catalogue, marker, to } = run
  if ((await lookAgain(run)).kind === 'empty')
    await beginNotes(owner, { id: marker.id, chunkPages: wanted.chunkPages ?? CHUNK_PAGES })
  stopIfAsked(wanted)
  await migrate({ adminUrl: wanted.target.admin, release: wanted.release })
  await refuseOtherSchema(run)
  const noted = await readNotes(owner)
  if (noted?.isPrepared !== true) await prepareTables(owner, catalogue)
  const rows = await copyParts(run, owner, noted?.chunkPages ?? CHUNK_PAGES)
  const total = catalogue.tables.length
  await settle(owner, catalogue, (table, done) => {
    stopIfAsked(wanted)
    wanted.onProgress?.({ phase: 'settling', table, done, total, rows })
  })
  const holdings = await compare(run, rows)
  stopIfAsked(wanted)
  wanted.onProgress?.({ phase: 'proving', table: '', done: 0, total: 1, rows })
  await wanted.prove(run.access)
  const movedAt = new Date(wanted.clock.now()).toISOString()
  writeMarker(wanted.source.clusterFolder, { ...marker, to, state: 'moved', movedAt })
  await dropNotes(owner)
  return { isNew: true, to, rows, holdings, advice: [] }
}

const lookAgain = (run: Pick<Run, 'wanted' | 'catalogue'>): Promise<TargetStand> => {
  const { admin } = run.wanted.target
  return withClient(admin, (client) =>
    lookAtTarget(client, run.catalogue.schemas, (work) => withOwner(admin, work)),
  )
}

/**
 * From here on nobody writes in the source. That is said in the file first, which the next server reads, and then in the
 * database, so that a kill between the two leaves a move that has begun.
 */
const begin = async (wanted: MoveWanted, to: string): Promise<Marker> => {
  const { clusterFolder, adminUrl } = wanted.source
  const withinMs = wanted.othersEndWithinMs ?? OTHERS_END_WITHIN_MS
  const found = readMarker(clusterFolder)
  const begunAt = new Date(wanted.clock.now()).toISOString()
  const marker = found ?? { state: 'moving', id: randomUUID(), to, begunAt, movedAt: null }
  await withClient(adminUrl, async (admin) => {
    if (found === null) await refuseOthers(admin, withinMs)
    if (found === null) writeMarker(clusterFolder, marker)
    await freeze(admin)
    try {
      await refuseOthers(admin, withinMs)
    } catch (error) {
      if (found === null) {
        await thaw(admin)
        removeMarker(clusterFolder)
      }
      throw error
    }
  })
  return marker
}

/**
 * Carries everything from the embedded database into one of the user’s own, proves it there, and leaves the old one
 * read-only. Killed at any moment, the same call goes on where it was.
 */
export const move = async (wanted: MoveWanted): Promise<Moved> => {
  const { source, target } = wanted
  const to = placeOf(showUrl(target.admin))
  const read = (): Promise<Catalogue> => withClient(source.adminUrl, readCatalogue)
  const { access, findings } = await prepareRoles({ ...wanted, urls: target })
  await withClient(target.admin, refuseEncoding)
  const stand = await lookAgain({ wanted, catalogue: await read() })
  const step = nextStep(readMarker(source.clusterFolder), stand, to)
  if (step.kind === 'refuse')
    throw refusalOf(step.why, { stand, to, marker: readMarker(source.clusterFolder) })
  const nothing = { isNew: false, to, rows: 0, holdings: [], advice: findings }
  if (step.kind === 'done') return nothing
  return withOwner(target.admin, async (owner) => {
    await owner.query(PLAIN_TEXT)
    await takeTarget(owner)
    if (step.kind === 'tidy') {
      await dropNotes(owner)
      return nothing
    }
    const marker = await begin(wanted, to)
    const moved = await fill({ wanted, to, catalogue: await read(), marker, access }, owner)
    return { ...moved, advice: findings }
  })
}
