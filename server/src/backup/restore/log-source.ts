import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SetupProblem } from '../../kit/index.ts'
import { isSegmentName, packedName, unpackedName } from '../core/log-names.ts'
import { FIRST_HEADER, headFault, segmentFault } from '../core/log-segment.ts'
import { troubleOf } from '../disk.ts'
import { logFolder, namesIn } from '../folder.ts'
import { SEGMENT_BYTES } from '../limits.ts'
import { unpack } from '../ship.ts'

/** The log that there is, wherever it lies. */
export type LogSource = {
  /** Of the segments, in no order. */
  readonly names: readonly string[]
  /** A segment, whole and of this cluster, or a problem that names it. */
  readonly read: (name: string) => Promise<Buffer>
}

/** Where the log of a data folder lies that died before all of it was shipped. */
const DEAD = ['.', 'pg_wal', 'data/pg_wal', 'outbox', 'postgres/data/pg_wal', 'postgres/outbox'] as const

/** Its beginning says what it is: PostgreSQL makes new segments from old ones by giving them another name. */
const isReally = async (file: string, name: string, systemIdentifier: string): Promise<boolean> => {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    if (size !== SEGMENT_BYTES) return false
    const head = Buffer.alloc(FIRST_HEADER)
    await handle.read(head, 0, FIRST_HEADER, 0)
    return headFault(head, name, systemIdentifier) === null
  } finally {
    await handle.close()
  }
}

/** Segments of a dead data folder, by name. */
const findUnshipped = async (
  folder: string,
  systemIdentifier: string,
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>()
  await readdir(folder).catch((error: unknown) => {
    throw new SetupProblem(
      `The folder ${folder} of --wal cannot be read: ${String(error)}`,
      'Give the data folder that the log is to be taken from, or its pg_wal.',
      { cause: error },
    )
  })
  for (const place of DEAD) {
    for (const name of (await namesIn(join(folder, place))).filter(isSegmentName)) {
      const file = join(folder, place, name)
      if (!found.has(name) && (await isReally(file, name, systemIdentifier))) found.set(name, file)
    }
  }
  if (found.size > 0) return found
  throw new SetupProblem(
    `There is no log of this database in ${folder}`,
    'Give --wal the data folder (DATA_DIR) of the database that these backups are of, or its pg_wal; or leave it out.',
  )
}

const damaged = (name: string, folder: string, why: string, cause?: unknown): SetupProblem =>
  new SetupProblem(
    `The segment ${name} of the log in ${folder} is damaged: ${why}`,
    'Put it back from another copy of the folder, or restore to a moment before it: --to TIME. Nothing was restored.',
    { cause },
  )

const readPacked = async (folder: string, name: string): Promise<Buffer> => {
  const packed = await readFile(join(folder, packedName(name))).catch((error: unknown) => {
    throw troubleOf(error, folder) ?? error
  })
  try {
    // Its checksum was written with it, and is compared here.
    return await unpack(packed)
  } catch (error) {
    throw damaged(name, folder, 'its content does not agree with its checksum', error)
  }
}

/** The log of a folder of backups and, where it is given, of a data folder that died. */
export const openLog = async (
  folder: string,
  { dead, systemIdentifier }: { readonly dead: string | null; readonly systemIdentifier: string },
): Promise<LogSource> => {
  const archive = logFolder(folder)
  const archived = new Set(
    (await namesIn(archive)).flatMap((packed) => {
      const name = unpackedName(packed)
      return name !== null && isSegmentName(name) ? [name] : []
    }),
  )
  const unshipped = dead === null ? new Map<string, string>() : await findUnshipped(dead, systemIdentifier)
  return {
    names: [...new Set([...archived, ...unshipped.keys()])],
    read: async (name) => {
      const file = archived.has(name) ? undefined : unshipped.get(name)
      const bytes = file === undefined ? await readPacked(archive, name) : await readFile(file)
      const fault = segmentFault(bytes, name, systemIdentifier)
      if (fault !== null) throw damaged(name, file === undefined ? archive : file, fault)
      return bytes
    },
  }
}
